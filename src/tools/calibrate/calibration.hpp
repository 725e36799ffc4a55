// What the pieces of the message path cost on one machine, and the file that keeps it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "measure/probes/message_costs.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

inline constexpr std::string_view calibration_schema = "buddy.calibration.v1";

/// Figures of one machine. What was not measured is empty.
/// Invariant: figures are positive, and min <= median <= max.
struct Calibration : measure::MessageCosts {
  JsonValue machine;                 ///< as in every report
  std::vector<std::string> command;  ///< that repeats it
  std::vector<int> cpus;             ///< where it was measured: one, or two

  Json to_json() const;
};

/// Where `buddy calibrate` writes and `buddy predict` reads unless told otherwise:
/// buddy/calibration.json in $XDG_CACHE_HOME, else in ~/.cache.
/// Errors: system if there is no home directory.
Result<std::string> default_calibration_path();

/// Errors: invalid_argument if the file cannot be read or is no JSON, mismatch if it is of another
/// schema, corrupt if what it holds is no calibration.
Result<Calibration> read_calibration(const std::string& path);

/// The same of a document. \param path where it is from, for messages. Errors: mismatch, corrupt.
Result<Calibration> calibration_from_json(const Json& document, const std::string& path);

/// The calibration in the file \p named; if that is empty, the one that `buddy calibrate` writes,
/// or nothing if it is not there. Errors: those of read_calibration().
Result<std::optional<Calibration>> find_calibration(const std::string& named);

/// Replaces \p path in one step; "-" is stdout. Missing directories are made, 0700.
Status write_calibration(const Calibration& calibration, const std::string& path);

/// Makes the folders of the usual place, for this user alone, if they are missing and \p path is
/// that place; no others are made. Errors: system if \p path could not be written then.
Status prepare_calibration_file(const std::string& path);

/// The figures as a table for people.
std::string format_calibration(const Calibration& calibration);

}  // namespace buddy::tools
