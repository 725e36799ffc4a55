#include "tools/study/study_folder.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;

/// Reports of steps have up to a megabyte, and a file is replaced by a second one beside it.
constexpr std::uint64_t room_bytes = std::uint64_t{4} << 20;

Status no_study(const std::string& folder, const std::string& why) {
  return {ErrorCode::system, fmt::format("cannot keep a study in {} ({}) choose another folder "
                                         "after --out",
                                         folder, why)};
}

/// The words of a report's command line that say what was measured: not the program's own name, nor
/// where the report went.
std::vector<std::string> measured_words(const Json& command) {
  std::vector<std::string> words;
  if (!command.is_array()) return words;
  for (std::size_t i = 1; i < command.size(); ++i) {
    const std::string word = command[i].is_string() ? command[i].get<std::string>() : "";
    if (word == "--json") {
      ++i;
    } else {
      words.push_back(word);
    }
  }
  return words;
}

/// Why a report is none of this study; empty if it is one.
std::string mismatch(const Json& document, const StudyStep& step, const StudyRecord& record) {
  if (!document.is_object()) return "it is no report";
  const auto at = [&](const char* key) { return document.value(key, Json(nullptr)); };
  if (at("schema") != step.schema) return "its schema is not " + step.schema;
  const Json machine = at("machine");
  if (!machine.is_object()) return "it names no machine";
  if (machine.value("buddy_version", Json(nullptr)) != record.version()) {
    return "it is of another version of Buddy";
  }
  const std::string other = machine_difference(*record.machine, machine);
  if (!other.empty()) return "it is of another machine: " + other;
  if (measured_words(at("command")) != step.words) return "its command line is another one";
  return {};
}

}  // namespace

std::string to_string(StepState state) {
  switch (state) {
    case StepState::missing: return "missing";
    case StepState::done: return "done";
    case StepState::partial: return "partial";
    case StepState::unusable: return "unusable";
  }
  return "unknown";
}

bool StudyFolder::has_record() const {
  std::error_code error;
  return fs::exists(record_file(), error);
}

Status StudyFolder::begin(UniqueFd& lock) const {
  std::error_code error;
  fs::create_directory(path_, error);
  if (error) return no_study(path_, error.message());
  lock = UniqueFd(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) return no_study(path_, std::strerror(errno));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return {ErrorCode::system,
            fmt::format("a study runs in {} already (its files would be mixed up) wait for it, or "
                        "choose another folder after --out",
                        path_)};
  }
  if (!has_record() && !fs::is_empty(path_, error)) {
    return no_study(path_, "it has other things in it");
  }
  return {};
}

Status StudyFolder::make_steps() const {
  const std::string steps = path_ + "/steps";
  std::error_code error;
  fs::create_directory(steps, error);
  if (!error) return {};
  return {ErrorCode::system,
          fmt::format("cannot make {} ({}) make room, then type the same command again", steps,
                      error.message())};
}

Status StudyFolder::check_room() const {
  struct statvfs disk {};
  if (statvfs(path_.c_str(), &disk) != 0) return no_study(path_, std::strerror(errno));
  const std::uint64_t free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free_bytes >= room_bytes) return {};
  return {ErrorCode::system,
          fmt::format("the disk of {} is full (it has room for {} KiB, and reports need up to {} "
                      "MiB) make room, then type the same command again: what is done is kept",
                      path_, free_bytes >> 10, room_bytes >> 20)};
}

Result<StudyRecord> StudyFolder::read_record() const {
  const auto json = read_json_file(record_file(), "name the folder of a study");
  if (!json.ok()) return json.status();
  const Json& document = json.value();
  if (!document.is_object() || document.value("schema", Json(nullptr)) != study_schema ||
      !document.value("machine", Json(nullptr)).is_object() ||
      !document.value("setup", Json(nullptr)).is_object()) {
    return Status(ErrorCode::invalid_argument,
                  fmt::format("{} is no record of a study (its schema is not {}, or it is not "
                              "whole) name the folder of a study",
                              record_file(), study_schema));
  }
  StudyRecord record;
  for (const Json& word : document.value("command", Json::array())) {
    if (word.is_string()) record.command.push_back(word.get<std::string>());
  }
  const Json build = document.value("build", Json(nullptr));
  if (build.is_string()) record.build = build.get<std::string>();
  record.machine = document["machine"];
  record.setup = StudySetup::from_json(document["setup"]);
  for (const Json& step : document.value("steps", Json::array())) {
    if (!step.is_object() || !step.value("run", Json(nullptr)).is_object()) continue;
    const Json name = step.value("name", Json(nullptr));
    if (name.is_string()) record.runs[name.get<std::string>()] = StepRun::from_json(step["run"]);
  }
  return record;
}

StepReport StudyFolder::read_report(const StudyStep& step, const StudyRecord& record) const {
  const std::string file = report_file(step.name);
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  auto json = read_json_file(file, "");
  if (!json.ok()) return {.state = StepState::unusable, .why = json.status().message()};
  const std::string wrong = mismatch(json.value(), step, record);
  if (!wrong.empty()) return {.state = StepState::unusable, .why = file + ": " + wrong};
  if (json.value().value("partial", Json(false)) == true) return {.state = StepState::partial};
  const auto run = record.runs.find(step.name);
  if (run != record.runs.end() && run->second.exit_code != 0) {
    return {.state = StepState::unusable,
            .why = fmt::format("its command ended with exit code {}", run->second.exit_code)};
  }
  return {.state = StepState::done, .document = std::move(json.value())};
}

}  // namespace buddy::tools
