// Calibration: where its file is, reading what may be any file, writing.
#include <fmt/core.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "tools/calibrate/calibration.hpp"
#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"
#include "tools/report/json_numbers.hpp"
#include "tools/report/output_file.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

/// Everything but the place that is wrong is the same for all damages.
Status damaged(const std::string& path, std::string_view why) {
  return {ErrorCode::corrupt,
          fmt::format("{} is not a calibration ({}) measure again: buddy calibrate --output {}",
                      path, why, path)};
}

std::string errno_text() { return std::strerror(errno); }

Status cannot_write(const std::string& path, const std::string& why) {
  return {ErrorCode::system,
          fmt::format("cannot write {} ({}) choose another file after --output", path, why)};
}

/// \return why \p json is no figure; empty if it is one, or null
std::string read_figure(const Json& json, std::optional<measure::Spread>& figure) {
  if (json.is_null()) return {};
  if (!json.is_object()) return "neither an object nor null";
  NumberReader numbers;
  const measure::Spread spread{.median = numbers.required(json, "median", ranges::cost),
                               .min = numbers.required(json, "min", ranges::cost),
                               .max = numbers.required(json, "max", ranges::cost)};
  if (!numbers.problem().empty()) return numbers.problem();
  if (spread.min > spread.median || spread.median > spread.max) {
    return "its median is not between min and max";
  }
  figure = spread;
  return {};
}

/// \return why the costs of \p document are none, or an empty text
std::string read_costs(const Json& document, Calibration& calibration) {
  const auto all = document.find("costs");
  if (all == document.end() || !all->is_object()) return "it has no object 'costs'";
  for (const measure::Cost& cost : measure::costs) {
    const auto one = all->find(std::string(cost.key));
    if (one == all->end()) return fmt::format("it lacks {}", cost.key);
    const std::string wrong = read_figure(*one, calibration.*cost.figure);
    if (!wrong.empty()) return fmt::format("{}: {}", cost.key, wrong);
  }
  return {};
}

bool is_text(const Json& json) { return json.is_string(); }
bool is_cpu(const Json& json) {
  return json.is_number_integer() && ranges::cpu_number.has(json.get<double>());
}

/// \return whether \p document has an array of \p T at \p key
template <class T>
bool take_array(const Json& document, const char* key, bool (*is_element)(const Json&),
                std::vector<T>& values) {
  const auto found = document.find(key);
  if (found == document.end() || !found->is_array()) return false;
  for (const Json& element : *found) {
    if (!is_element(element)) return false;
    values.push_back(element.get<T>());
  }
  return true;
}

/// \return why the rest of \p document is not what it should be, or an empty text
std::string read_origin(const Json& document, Calibration& calibration) {
  const auto machine = document.find("machine");
  if (machine == document.end() || !machine->is_object()) return "it has no object 'machine'";
  calibration.machine = *machine;
  const bool has_command = take_array(document, "command", is_text, calibration.command);
  if (!has_command) return "it has no array 'command' of words";
  const bool has_cpus = take_array(document, "cpus", is_cpu, calibration.cpus);
  if (!has_cpus || calibration.cpus.empty()) return "it has no array 'cpus' of CPUs' numbers";
  return {};
}

std::string home_folder() {
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
  const passwd* user = getpwuid(getuid());
  return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

/// Makes what is missing of \p folder, for this user alone. \return false and errno if it cannot
bool make_private(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return true;
  if (!make_private(folder.parent_path())) return false;
  return mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

OutputFile calibration_file(const std::string& path) {
  return {path, "choose another file after --output"};
}

}  // namespace

Result<std::string> default_calibration_path() {
  // The specification of base directories says that others than absolute ones do not count.
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::string(cache) + "/buddy/calibration.json";
  const std::string home = home_folder();
  if (home.empty()) {
    return Status(
        ErrorCode::system,
        "there is no place for a calibration (neither XDG_CACHE_HOME nor HOME is set, and "
        "this user has no home directory) set one of them, or name a file");
  }
  return home + "/.cache/buddy/calibration.json";
}

Result<Calibration> read_calibration(const std::string& path) {
  const auto document = read_json_file(path, "name another file, or make it: buddy calibrate");
  return document.ok() ? calibration_from_json(document.value(), path) : document.status();
}

Result<Calibration> calibration_from_json(const Json& document, const std::string& path) {
  if (!document.is_object()) return damaged(path, "it holds no JSON object");
  const auto schema = document.find("schema");
  if (schema == document.end() || !schema->is_string()) return damaged(path, "it names no schema");
  if (*schema != calibration_schema) {
    return Status(ErrorCode::mismatch,
                  fmt::format("{} is of schema {} (this Buddy reads {}) measure again: buddy "
                              "calibrate",
                              path, shown(*schema), calibration_schema));
  }
  Calibration calibration;
  std::string wrong = read_origin(document, calibration);
  if (wrong.empty()) wrong = read_costs(document, calibration);
  if (!wrong.empty()) return damaged(path, wrong);
  return calibration;
}

Result<std::optional<Calibration>> find_calibration(const std::string& named) {
  const auto usual = default_calibration_path();
  std::error_code unseen;  // this user may not look there: as if there was none
  if (named.empty() && (!usual.ok() || !std::filesystem::exists(usual.value(), unseen))) {
    return std::optional<Calibration>();
  }
  auto calibration = read_calibration(named.empty() ? usual.value() : named);
  if (!calibration.ok()) return calibration.status();
  return std::optional(std::move(calibration.value()));
}

Status prepare_calibration_file(const std::string& path) {
  const auto usual = default_calibration_path();
  const bool is_usual = usual.ok() && path == usual.value();
  if (is_usual && !make_private(std::filesystem::path(path).parent_path())) {
    return cannot_write(path, errno_text());
  }
  return calibration_file(path).check();
}

Status write_calibration(const Calibration& calibration, const std::string& path) {
  return calibration_file(path).write(report_text(calibration.to_json()));
}

}  // namespace buddy::tools
