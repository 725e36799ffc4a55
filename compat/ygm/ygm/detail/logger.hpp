// YGM's log files, without spdlog. Stands in for YGM's header of this name.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ygm {

enum class log_level { off = 0, critical = 1, error = 2, warn = 3, info = 4, debug = 5 };
enum class logger_target { file, stdout, stderr };

namespace detail {

/// Writes lines "[time] [Rank n] [level] text" to a file per rank, or to stdout or stderr. The file
/// is made by the first line that goes to it, and appended to if it is there.
/// Threads: one.
class logger {
 public:
  logger() : logger(std::filesystem::path("./log/")) {}
  explicit logger(int rank) : logger(rank, std::filesystem::path("./log/")) {}
  explicit logger(const std::filesystem::path& path) : logger(-1, path) {}
  /// \param rank named in every line; negative: not named
  logger(int rank, const std::filesystem::path& path) : rank_(rank), path_(path) {
    if (std::filesystem::is_directory(path)) path_ /= "ygm_logs";
  }

  void set_path(const std::filesystem::path& path) {
    path_ = path;
    file_.reset();
  }
  std::filesystem::path get_path() const { return path_; }
  /// More verbose lines than this are left out; off is the default.
  void set_log_level(log_level level) { level_ = level; }
  log_level get_log_level() const { return level_; }
  void set_logger_target(logger_target target) { target_ = target; }
  logger_target get_logger_target() const { return target_; }

  /// The first argument's "{}" are replaced by the others in turn; what is left over is appended.
  template <class... Args>
  void log(log_level level, const Args&... args) const {
    if (level <= level_) write(target_, level, text_of(args...));
  }
  template <class... Args>
  void log(const std::vector<logger_target>& targets, log_level level, const Args&... args) const {
    if (level > level_) return;
    for (const logger_target target : targets) write(target, level, text_of(args...));
  }
  void flush() {
    if (file_) file_->flush();
  }

 private:
  template <class T>
  static std::string shown(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
  }

  template <class First, class... Rest>
  static std::string text_of(const First& first, const Rest&... rest) {
    std::string text = shown(first);
    std::size_t from = 0;
    [[maybe_unused]] const auto place = [&](const std::string& value) {
      const std::size_t at = text.find("{}", from);
      if (at == std::string::npos) {
        text += value;
        from = text.size();
      } else {
        text.replace(at, 2, value);
        from = at + value.size();
      }
    };
    (place(shown(rest)), ...);
    return text;
  }

  std::string prefix(log_level level) const {
    constexpr std::array names{"off", "critical", "error", "warning", "info", "debug"};
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 32> when{};
    std::strftime(when.data(), when.size(), "[%Y-%m-%d %H:%M:%S] ", &parts);
    std::string text = when.data();
    if (rank_ >= 0) text += "[Rank " + std::to_string(rank_) + "] ";
    return text + "[" + names[static_cast<std::size_t>(level)] + "] ";
  }

  void write(logger_target target, log_level level, const std::string& text) const {
    const std::string line = prefix(level) + text + "\n";
    switch (target) {
      case logger_target::file: file() << line << std::flush; break;
      case logger_target::stdout: std::cout << line << std::flush; break;
      case logger_target::stderr: std::cerr << line; break;
    }
  }

  std::ofstream& file() const {
    if (!file_) {
      if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path());
      auto opened = std::make_unique<std::ofstream>(path_, std::ios::app);
      if (!*opened) {
        throw std::runtime_error("cannot write the log file " + path_.string() +
                                 " (it cannot be opened) call set_log_location() with another");
      }
      file_ = std::move(opened);
    }
    return *file_;
  }

  int rank_;
  std::filesystem::path path_;
  log_level level_ = log_level::off;
  logger_target target_ = logger_target::file;
  mutable std::unique_ptr<std::ofstream> file_;
};

}  // namespace detail
}  // namespace ygm
