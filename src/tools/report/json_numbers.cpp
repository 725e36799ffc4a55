#include "tools/report/json_numbers.hpp"

#include <fmt/core.h>

#include <cmath>

#include "tools/report/json.hpp"
#include "tools/report/json_file.hpp"

namespace buddy::tools {
namespace {

/// Amounts that are measured are whole, and means of few thousand: what is smaller is none.
constexpr double negligible = 1e-12;

const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);  // end() if it is no object
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

bool Range::has(double number) const {
  return number >= least && number <= most && (!whole || number == std::floor(number));
}

double NumberReader::required(const Json& object, const char* key, const Range& range) {
  const Json* found = find(object, key);
  if (found != nullptr) return read(*found, key, range);
  complain(fmt::format("'{}' is missing", key));
  return range.least;
}

std::optional<double> NumberReader::optional(const Json& object, const char* key,
                                             const Range& range) {
  const Json* found = find(object, key);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return read(*found, key, range);
}

double NumberReader::read(const Json& value, const char* key, const Range& range) {
  const bool is_number = value.is_number();
  const double number = is_number ? value.get<double>() : range.least;
  if (is_number && range.has(number)) return number < negligible ? 0.0 : number;
  complain(fmt::format("'{}' is {}, not {}{:g} to {:g}", key, shown(value),
                       range.whole ? "a whole number from " : "a number from ", range.least,
                       range.most));
  return range.least;
}

void NumberReader::complain(const std::string& problem) {
  if (problem_.empty()) problem_ = problem;
}

}  // namespace buddy::tools
