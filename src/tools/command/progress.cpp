#include "tools/command/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace buddy::tools {
namespace {

constexpr int bar_width = 24;
constexpr double patience_s = 3;

}  // namespace

std::string format_progress(int done, int total, const std::string& what, double elapsed_s) {
  const int filled = bar_width * done / std::max(1, total);
  std::string text = fmt::format("[{:#>{}}{:->{}}] {}/{}  {}  {:.0f} s", "", filled, "",
                                 bar_width - filled, done, total, what, elapsed_s);
  if (done > 0) text += fmt::format(", about {:.0f} s left", elapsed_s / done * (total - done));
  return text;
}

Progress::Progress(int total) : total_(total), wanted_(isatty(STDERR_FILENO) == 1) {}

void Progress::start_step(std::string what) {
  what_ = std::move(what);
  tick();
}

void Progress::tick() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  if (!wanted_ || elapsed.count() < patience_s) return;
  fmt::print(stderr, "\r\x1b[K{}", format_progress(done_, total_, what_, elapsed.count()));
  std::fflush(stderr);
  visible_ = true;
}

void Progress::hide() {
  if (visible_) fmt::print(stderr, "\r\x1b[K");
  visible_ = false;
}

}  // namespace buddy::tools
