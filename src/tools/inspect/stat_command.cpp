// buddy stat: live counters of the engines on this machine.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "launch/process/signal_gate.hpp"
#include "tools/command/checked_streams.hpp"
#include "tools/command/command.hpp"
#include "tools/inspect/stat_view.hpp"

namespace buddy::tools {
namespace {

constexpr int interval_ms = 1000;

int watch() {
  launch::SignalGate gate;
  const bool on_terminal = isatty(STDOUT_FILENO) == 1;
  std::vector<CounterSample> before = sample_engines();
  while (!launch::asks_to_stop(gate.wait(interval_ms))) {
    std::vector<CounterSample> now = sample_engines();
    if (on_terminal) fmt::print("\x1b[H\x1b[2J");
    fmt::print("{}", format_rates(before, now));
    if (stdout_problem() != 0) return 1;  // nobody reads any more
    before = std::move(now);
  }
  return 0;
}

int run(bool watching) {
  if (watching) return watch();
  fmt::print("{}", format_totals(sample_engines()));
  return 0;
}

}  // namespace

Command add_stat_command(Parser parent) {
  auto watching = std::make_shared<bool>(false);
  Parser app = add_command(parent, {.name = "stat",
                                    .usage = "buddy stat [--watch]",
                                    .description = "live counters of the engines on this machine"});
  app.add_flag("--watch", *watching, "rates, every second, until Ctrl-C");
  app.footer(
      "Shows this user's engines: those of `buddy engine` and those embedded in ranks.\n"
      "Example: what the engines do while a program runs in another terminal\n"
      "  buddy stat --watch");
  return {app, [watching](const ExtraWords&) { return run(*watching); }};
}

}  // namespace buddy::tools
