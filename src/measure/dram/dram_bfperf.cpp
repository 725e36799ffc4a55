#include "measure/dram/dram_bfperf.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

constexpr std::uint64_t line_bytes = 64;
constexpr std::array<std::string_view, 3> event_names = {
    "GDC_MISS_MACHINE_RD_REQ", "GDC_MISS_MACHINE_WR_REQ", "GDC_MISS_MACHINE_EVICT_REQ"};

/// Number of an event in a block's list of lines like "0x1: NAME".
std::optional<std::string> event_number(const std::string& list, std::string_view name) {
  for (const std::string_view line : split(list, '\n')) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    std::string_view listed = line.substr(colon + 2);
    listed = listed.substr(0, listed.find(' '));
    if (listed == name) return std::string(line.substr(0, colon));
  }
  return std::nullopt;
}

std::optional<std::uint32_t> counter_value(const std::string& file) {
  const auto value = parse_number(read_small_file(file).value_or(""));
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

}  // namespace

BfperfMeter::BfperfMeter(std::string hwmon) : hwmon_(std::move(hwmon)) {}

BfperfMeter::~BfperfMeter() { stop(); }

/// The device's number depends on what else there is, so it is found by its name.
std::string BfperfMeter::device() const {
  for (const std::string& name : names_in(hwmon_)) {
    if (read_small_file(hwmon_ + "/" + name + "/name") == "bfperf") return hwmon_ + "/" + name;
  }
  return {};
}

std::vector<std::string> BfperfMeter::blocks() const {
  const std::string folder = device();
  std::vector<std::string> found;
  if (folder.empty()) return found;
  for (const std::string& name : names_in(folder)) {
    if (name.starts_with("llt_miss")) found.push_back(folder + "/" + name);
  }
  return found;
}

Status BfperfMeter::available() {
  const std::string folder = device();
  if (folder.empty()) {
    return {ErrorCode::system,
            "this is no BlueField DPU (no device in " + hwmon_ +
                " is named bfperf) on one: load the driver, `modprobe mlxbf-pmc`"};
  }
  const std::vector<std::string> all = blocks();
  if (all.empty()) {
    return {ErrorCode::system, "this BlueField does not count misses of its last-level cache (" +
                                   folder +
                                   " has no llt_miss*) BlueField-3 and its kernel driver do"};
  }
  for (const std::string& block : all) {
    if (::access((block + "/enable").c_str(), W_OK) != 0) {
      return {ErrorCode::system, "cannot start the counters of " + block + " (" +
                                     std::strerror(errno) + ") run as root"};
    }
  }
  return {};
}

Status BfperfMeter::start_block(const std::string& folder) {
  const std::string list = read_small_file(folder + "/event_list").value_or("");
  for (std::size_t k = 0; k < event_names.size(); ++k) {
    const auto number = event_number(list, event_names[k]);
    if (!number) {
      return {ErrorCode::system, "cannot count memory traffic in " + folder +
                                     " (its event_list lacks " + std::string(event_names[k]) +
                                     ") choose another method"};
    }
    const Status set = write_small_file(folder + "/event" + std::to_string(k), *number);
    if (!set.ok()) return set;
  }
  Status enabled = write_small_file(folder + "/enable", "1");
  if (!enabled.ok()) return enabled;
  started_.push_back(folder);
  for (std::size_t k = 0; k < event_names.size(); ++k) {
    std::string file = folder + "/counter" + std::to_string(k);
    const auto value = counter_value(file);
    if (!value) {
      return {ErrorCode::system, "cannot read " + file +
                                     " (it holds no number) choose another "
                                     "method"};
    }
    counters_.push_back({.file = std::move(file), .last = *value});
  }
  return {};
}

Status BfperfMeter::start() {
  Status status = available();
  if (!status.ok()) return status;
  stop();
  for (const std::string& block : blocks()) {
    status = start_block(block);
    if (!status.ok()) {
      stop();
      return status;
    }
  }
  return {};
}

Result<DramReading> BfperfMeter::read() {
  std::uint64_t requests = 0;
  for (Counter& counter : counters_) {
    const auto value = counter_value(counter.file);
    if (!value) {
      return Status(ErrorCode::system,
                    "cannot read " + counter.file + " (it holds no number) choose another method");
    }
    counter.sum += static_cast<std::uint32_t>(*value - counter.last);  // modulo 2^32
    counter.last = *value;
    requests += counter.sum;
  }
  return DramReading{.total_bytes = requests * line_bytes};
}

void BfperfMeter::stop() noexcept {
  for (const std::string& block : started_) {
    [[maybe_unused]] const Status stopped = write_small_file(block + "/enable", "0");
  }
  started_.clear();
  counters_.clear();
}

}  // namespace buddy::measure
