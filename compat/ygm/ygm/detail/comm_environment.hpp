// YGM's environment variables. Stands in for YGM's header of this name.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <ygm/detail/layout.hpp>
#include <ygm/detail/logger.hpp>

namespace ygm::detail {

enum class routing_type { NONE, NR, NLNR };

/// What the YGM_* variables say. A value that means nothing throws std::runtime_error.
/// Both spellings of the buffer size count; where both are set, the one with COMM does.
/// Threads: any, while nobody changes the environment.
class comm_environment {
 public:
  /// Where the ranks are is of no consequence here: YGM shares out its buffers by it.
  explicit comm_environment(const layout& /*where*/) : comm_environment() {}
  comm_environment() {
    for (const char* name : {"YGM_COM_BUFFER_SIZE_KB", "YGM_COMM_BUFFER_SIZE_KB"}) {
      if (const auto text = variable(name)) buffer_size_kb = number(name, *text);
    }
    if (const auto text = variable("YGM_COMM_WELCOME")) {
      welcome = one_of("YGM_COMM_WELCOME", *text, std::array{"0", "1", "false", "true"}) % 2 == 1;
    }
    if (const auto text = variable("YGM_COMM_ROUTING")) {
      routing = static_cast<routing_type>(
          one_of("YGM_COMM_ROUTING", *text, std::array{"NONE", "NR", "NLNR"}));
    }
    if (const auto text = variable("YGM_DEFAULT_LOG_PATH")) default_log_path = std::string(*text);
    if (const auto text = variable("YGM_DEFAULT_LOG_LEVEL")) {
      default_log_level =
          static_cast<log_level>(one_of("YGM_DEFAULT_LOG_LEVEL", *text, names_of_levels));
    }
    for (const char* name : names_without_effect) {
      if (variable(name)) without_effect.emplace_back(name);
    }
  }

  /// One line "NAME = value" each.
  void print(std::ostream& out = std::cout) const {
    constexpr std::array names_of_schemes{"NONE", "NR", "NLNR"};
    out << "YGM_COMM_BUFFER_SIZE_KB = ";
    if (buffer_size_kb) {
      out << *buffer_size_kb;
    } else {
      out << "default";
    }
    out << "\nYGM_COMM_ROUTING = " << names_of_schemes[static_cast<std::size_t>(routing)]
        << "\nYGM_DEFAULT_LOG_PATH = " << default_log_path << "\nYGM_DEFAULT_LOG_LEVEL = "
        << names_of_levels[static_cast<std::size_t>(default_log_level)] << "\n";
    for (const std::string& name : without_effect) out << name << " = without effect\n";
  }

  std::optional<std::size_t> buffer_size_kb;  ///< most a rank collects before handing it on
  routing_type routing = routing_type::NONE;  ///< of router(); engines have their own
  bool welcome = false;
  std::string default_log_path = "./log/ygm_logs_";  ///< the rank is appended
  log_level default_log_level = log_level::off;
  std::vector<std::string> without_effect;  ///< variables that are set and mean nothing here

 private:
  static constexpr std::array names_of_levels{"off", "critical", "error", "warn", "info", "debug"};
  /// About MPI requests and buffers that Buddy does not have, and about tracing.
  static constexpr std::array names_without_effect{"YGM_COMM_LOCAL_BUFFER_SIZE_KB",
                                                   "YGM_COMM_REMOTE_BUFFER_SIZE_KB",
                                                   "YGM_COMM_NUM_IRECVS",
                                                   "YGM_COMM_IRECV_SIZE_KB",
                                                   "YGM_COMM_NUM_ISENDS_WAIT",
                                                   "YGM_COMM_ISSEND_FREQ",
                                                   "YGM_COMM_SEND_BUFFER_FREE_LIST_LEN",
                                                   "YGM_COMM_TRACE",
                                                   "YGM_COMM_TRACE_PATH",
                                                   "YGM_MPI_TRACE",
                                                   "YGM_COMM_TRACE_YGM",
                                                   "YGM_COMM_TRACE_MPI"};

  static std::optional<std::string_view> variable(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? std::nullopt : std::optional<std::string_view>(text);
  }

  [[noreturn]] static void refuse(const char* name, std::string_view text,
                                  const std::string& allowed) {
    throw std::runtime_error(std::string(name) + "=" + std::string(text) + " means nothing (" +
                             allowed + ") correct the variable or leave it unset");
  }

  static std::size_t number(const char* name, std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() ||
        value > (std::size_t{1} << 40)) {
      refuse(name, text, "it is a whole number of KiB");
    }
    return value;
  }

  template <std::size_t count>
  static std::size_t one_of(const char* name, std::string_view text,
                            const std::array<const char*, count>& allowed) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
      if (text == allowed[i]) return i;
      list += (i == 0 ? "" : ", ") + std::string(allowed[i]);
    }
    refuse(name, text, "allowed are " + list);
  }
};

}  // namespace ygm::detail
