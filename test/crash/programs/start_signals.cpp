// Signals to `buddy run` at random moments of its start: whenever one comes, the job ends soon, the
// exit code tells of the signal, and nothing is left behind.
// usage: start_signals TIMES
// Finds the programs under $BUDDY_BIN_DIR; TEST_SEED repeats.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <map>
#include <random>

#include "crash/marked_job.hpp"

namespace {

using buddy::test::Clock;
using buddy::test::MarkedJob;
using buddy::test::OutputFile;
using buddy::test::seconds_since;

/// A job that does not end by itself for longer than this has not heard of the signal.
constexpr double end_limit_s = 30;
constexpr double clean_limit_s = 15;

constexpr std::array<std::pair<int, const char*>, 4> signals = {
    {{SIGHUP, "HUP"}, {SIGINT, "INT"}, {SIGTERM, "TERM"}, {SIGQUIT, "QUIT"}}};

/// What is started, and how long its start takes at most on a quiet machine.
struct Variant {
  std::vector<std::string> options;
  std::string program;
  double start_s;
};

std::vector<Variant> variants(const std::string& bin) {
  return {
      // The loader and the libraries alone take a fortieth of a second.
      {{"--placement", "host"}, "/bin/sleep", 0.04},
      {{"--placement", "host"}, "/bin/sleep", 0.3},
      {{"--placement", "engine"}, "/bin/sleep", 0.4},
      {{"--placement", "engine", "--nodes", "2"}, "/bin/sleep", 0.4},
      {{"--placement", "engine", "--nodes", "2"}, bin + "/test/victim", 0.8},
  };
}

struct Tally {
  std::map<std::string, int> sent;
  int silent = 0;  ///< ended the command before it waited for signals
  int bad = 0;
  double longest_s = 0;
};

/// \return what is wrong with how the job ended, or nothing
std::string judge(MarkedJob& job, int number, bool in_time) {
  if (!in_time) return "the job still runs\n" + job.leftovers(0);
  std::string faults;
  if (const std::string left = job.leftovers(clean_limit_s); !left.empty()) {
    faults += "left behind:\n" + left;
  }
  if (job.exit_code() != 128 + number) {
    faults += "exit code " + std::to_string(job.exit_code()) + "\n";
  }
  return faults;
}

void signal_once(const std::string& bin, std::uint64_t seed, Tally& tally) {
  std::mt19937_64 random(seed);
  const std::vector<Variant> all = variants(bin);
  const Variant& variant = all[random() % all.size()];
  const auto [number, name] = signals[random() % signals.size()];
  const double delay = std::uniform_real_distribution<double>(0, variant.start_s)(random);
  std::vector<std::string> command = {bin + "/buddy", "run", "-n", "2"};
  command.insert(command.end(), variant.options.begin(), variant.options.end());
  command.insert(command.end(), {"--", variant.program});
  if (variant.program == "/bin/sleep") command.emplace_back("60");

  const OutputFile file;
  MarkedJob job(command, file.path());
  std::this_thread::sleep_for(std::chrono::duration<double>(delay));
  ::kill(job.pid(), number);
  const auto sent = Clock::now();
  const bool in_time = job.wait(end_limit_s);
  tally.longest_s = std::max(tally.longest_s, seconds_since(sent));
  ++tally.sent[name];
  const std::string faults = judge(job, number, in_time);
  const std::string output = job.output();
  if (output.find("buddy run: stopped by signal") == std::string::npos) ++tally.silent;
  if (!faults.empty()) {
    ++tally.bad;
    std::cout << "seed " << seed << ", " << variant.program << " " << variant.options[1] << ", "
              << name << " after " << delay << " s:\n"
              << faults << "output:\n"
              << output << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const char* bin = std::getenv("BUDDY_BIN_DIR");
  if (argc != 2 || bin == nullptr) return 2;
  const rlimit no_core{0, 0};  // SIGQUIT writes one
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Whoever started this test may have them ignored: nohup, or a shell that runs it in background.
  for (const auto& [number, name] : signals) ::signal(number, SIG_DFL);
  const int times = std::atoi(argv[1]);
  const char* wanted = std::getenv("TEST_SEED");
  const std::uint64_t seed =
      wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device()();
  Tally tally;
  for (int i = 0; i < times; ++i) signal_once(bin, seed + static_cast<std::uint64_t>(i), tally);
  std::cout << times << " signals (";
  for (const auto& [name, count] : tally.sent) std::cout << " " << name << " " << count;
  std::cout << " ) within the start: " << times - tally.bad << " as expected, " << tally.silent
            << " of them before the command waited for signals; seed " << seed
            << ", ended after at most " << tally.longest_s << " s" << std::endl;
  return tally.bad == 0 && times > 0 ? 0 : 1;
}
