#include "measure/dram/dram_resctrl.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

constexpr const char* counter_name = "mbm_total_bytes";

/// Sum over the last-level caches.
Result<std::uint64_t> total_bytes(const std::string& group) {
  const std::string data = group + "/mon_data";
  std::uint64_t sum = 0;
  bool found = false;
  for (const std::string& domain : names_in(data)) {
    if (!domain.starts_with("mon_L3_")) continue;
    const std::string path = data + "/" + domain + "/" + counter_name;
    const std::string text = read_small_file(path).value_or("missing");
    const auto bytes = parse_number(text);
    if (!bytes) {
      return Status(ErrorCode::system, "cannot read " + path + " (it says '" + text +
                                           "') choose another method, or leave the processor fewer "
                                           "monitoring groups");
    }
    sum += *bytes;
    found = true;
  }
  if (found) return sum;
  return Status(ErrorCode::system,
                "there is nothing to read in " + data + " (no mon_L3_*) choose another method");
}

}  // namespace

ResctrlMeter::ResctrlMeter(std::string root) : root_(std::move(root)) {}

ResctrlMeter::~ResctrlMeter() { remove_groups(); }

void ResctrlMeter::remove_groups() noexcept {
  for (Group* group : {&host_, &engine_}) {
    // A group's files are the kernel's; removing the folder gives the number back.
    if (!group->folder.empty()) ::rmdir(group->folder.c_str());
    group->folder.clear();
  }
}

Status ResctrlMeter::available() {
  if (::access((root_ + "/mon_groups").c_str(), F_OK) != 0) {
    return {ErrorCode::system,
            "resctrl is not there (" + root_ +
                "/mon_groups does not exist) on a processor with memory bandwidth monitoring: "
                "`mount -t resctrl resctrl " +
                root_ + "`"};
  }
  const std::string features = read_small_file(root_ + "/info/L3_MON/mon_features").value_or("");
  if (features.find(counter_name) == std::string::npos) {
    return {ErrorCode::system, "resctrl does not count memory traffic here (" + root_ +
                                   "/info/L3_MON/mon_features lacks " + counter_name +
                                   ") choose another method"};
  }
  if (::access((root_ + "/mon_groups").c_str(), W_OK) != 0) {
    return {ErrorCode::system, "cannot make monitoring groups in " + root_ + "/mon_groups (" +
                                   std::strerror(errno) + ") run as root"};
  }
  return {};
}

Status ResctrlMeter::make(Group& group, const std::string& side) {
  std::string folder = root_ + "/mon_groups/buddy-" + std::to_string(::getpid()) + "-" + side;
  if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return {ErrorCode::system, "cannot make the monitoring group " + folder + " (" +
                                   std::strerror(errno) +
                                   ") remove groups that nobody uses, or choose another method"};
  }
  group.folder = std::move(folder);
  const auto bytes = total_bytes(group.folder);
  if (!bytes.ok()) return bytes.status();
  group.start_bytes = bytes.value();
  return {};
}

Status ResctrlMeter::start() {
  Status made = available();
  if (made.ok()) made = make(host_, "host");
  if (made.ok()) made = make(engine_, "engine");
  if (!made.ok()) remove_groups();
  return made;
}

Result<DramReading> ResctrlMeter::read() {
  const auto host = total_bytes(host_.folder);
  if (!host.ok()) return host.status();
  const auto engine = total_bytes(engine_.folder);
  if (!engine.ok()) return engine.status();
  const std::uint64_t host_bytes = host.value() - host_.start_bytes;
  const std::uint64_t engine_bytes = engine.value() - engine_.start_bytes;
  return DramReading{.total_bytes = host_bytes + engine_bytes,
                     .host_bytes = host_bytes,
                     .engine_bytes = engine_bytes};
}

TaskFiles ResctrlMeter::task_files() const {
  if (host_.folder.empty()) return {};
  return {.host = host_.folder + "/tasks", .engine = engine_.folder + "/tasks"};
}

}  // namespace buddy::measure
