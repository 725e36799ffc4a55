// What is wrong with an input file.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace workloads {

/// Thrown on the rank that reads; what() reads "file:line: problem (why) what to do".
class InputError : public std::runtime_error {
 public:
  InputError(std::string_view path, std::string_view problem)
      : std::runtime_error(fmt::format("{}: {}", path, problem)) {}
  InputError(std::string_view path, std::uint64_t line, std::string_view problem)
      : std::runtime_error(fmt::format("{}:{}: {}", path, line, problem)) {}
};

}  // namespace workloads
