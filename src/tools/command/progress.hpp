// A progress bar for people who wait.
#pragma once

#include <chrono>
#include <string>

namespace buddy::tools {

/// Text of the bar: "[######------] 6/12  transpose engine  41 s, about 40 s left".
std::string format_progress(int done, int total, const std::string& what, double elapsed_s);

/// Draws on stderr, if that is a terminal, once the work has taken a few seconds.
class Progress {
 public:
  explicit Progress(int total);
  ~Progress() { hide(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Says which step runs now.
  void start_step(std::string what);
  void finish_step() { ++done_; }
  /// There are more steps than it was made for.
  void expect(int more) { total_ += more; }
  /// Draws anew; call it every now and then.
  void tick();
  /// Takes the bar away, before something else is printed.
  void hide();

 private:
  int total_;
  int done_ = 0;
  std::string what_;
  bool wanted_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace buddy::tools
