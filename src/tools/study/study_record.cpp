#include "tools/study/study_record.hpp"

#include <fmt/core.h>

#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/machine.hpp"
#include "tools/study/build_id.hpp"

namespace buddy::tools {
namespace {

/// What figures depend on. Memory is left out: the kernel keeps a little more or less of it for
/// itself each time it starts.
constexpr const char* identifying[] = {"host_name",    "cpu_model", "topology", "cores",
                                       "allowed_cpus", "kernel",    "compiler", "mpi"};

Json value_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? Json(nullptr) : *found;
}

std::string text_of(const Json& object, const char* key) {
  const Json value = value_of(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<double> number_of(const Json& object, const char* key) {
  const Json value = value_of(object, key);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

Status other_study(const std::string& folder, const std::string& what, const std::string& why,
                   const std::string& advice) {
  return {ErrorCode::invalid_argument,
          fmt::format("{} holds a study {} ({}) {}", folder, what, why, advice)};
}

}  // namespace

Json StepRun::to_json() const {
  return {{"started", started},
          {"ended", ended},
          {"seconds", seconds},
          {"exit_code", exit_code},
          {"load_before", or_null(load_before)},
          {"load_after", or_null(load_after)}};
}

StepRun StepRun::from_json(const Json& json) {
  return {.started = text_of(json, "started"),
          .ended = text_of(json, "ended"),
          .seconds = number_of(json, "seconds").value_or(0),
          .exit_code = static_cast<int>(number_of(json, "exit_code").value_or(0)),
          .load_before = number_of(json, "load_before"),
          .load_after = number_of(json, "load_after")};
}

std::string StudyRecord::version() const { return text_of(*machine, "buddy_version"); }

StudyRecord new_record(const std::vector<std::string>& command, const StudySetup& setup,
                       const std::string& folder) {
  return {.command = command,
          .build = build_id(folder),
          .machine = describe_machine().to_json(),
          .setup = setup,
          .runs = {}};
}

std::string machine_difference(const Json& there, const Json& here) {
  for (const char* key : identifying) {
    const Json one = value_of(there, key);
    const Json other = value_of(here, key);
    if (one == other) continue;
    return fmt::format("'{}' is {} there, not {}", key, one.dump(), other.dump());
  }
  return {};
}

Status check_same_study(const std::string& folder, const StudyRecord& record,
                        const StudyRecord& now) {
  const std::string elsewhere = "take another folder after --out, or go on ";
  if (record.version() != now.version()) {
    return other_study(
        folder, "of Buddy " + record.version(),
        fmt::format("this is {}, and figures of both do not belong together", now.version()),
        elsewhere + "with that version");
  }
  if (!record.build.empty() && !now.build.empty() && record.build != now.build) {
    return other_study(
        folder, "of another build of Buddy " + record.version(),
        fmt::format("the build id of its programs is {}, of those here {}, and figures "
                    "of both do not belong together",
                    record.build.substr(0, 12), now.build.substr(0, 12)),
        elsewhere + "with that build");
  }
  const std::string machine = machine_difference(*record.machine, *now.machine);
  if (!machine.empty()) {
    return other_study(folder, "of another machine", machine, elsewhere + "on that one");
  }
  const std::string setup = now.setup.difference_to(record.setup);
  if (setup.empty()) return {};
  return other_study(folder, "with other options", setup,
                     "give the same ones, or take another folder after --out");
}

}  // namespace buddy::tools
