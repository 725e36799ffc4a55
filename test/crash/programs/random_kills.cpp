// Kills parts of jobs at random moments and checks that each job ends soon, says why, fails, and
// leaves nothing behind.
// usage: random_kills VARIANT TARGET SIGNAL TIMES [RANKS]
//   VARIANT   placement[:nodes[:fabric]], or "plain" for the MPI launcher without `buddy run`
//   TARGET    rank, engine, launcher or command
//   SIGNAL    KILL, INT or TERM
// Finds the programs under $BUDDY_BIN_DIR and the launcher as $BUDDY_MPIEXEC; TEST_SEED repeats.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <random>
#include <sstream>

#include "crash/marked_job.hpp"

namespace {

using buddy::test::Clock;
using buddy::test::MarkedJob;
using buddy::test::OutputFile;
using buddy::test::Process;
using buddy::test::seconds_since;

/// More than a job takes to end, also on a busy machine; what is usual is printed.
constexpr double end_limit_s = 30;
constexpr double clean_limit_s = 15;
/// Kills fall between the start and this long after: start-up, traffic.
constexpr double longest_delay_s = 1.5;

struct Plan {
  std::string variant;
  std::string target;
  int signal = SIGKILL;
  int times = 1;
  int ranks = 2;
  std::string bin = std::getenv("BUDDY_BIN_DIR");
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::vector<std::string> command_of(const Plan& plan) {
  const std::string ranks = std::to_string(plan.ranks);
  const std::string victim = plan.bin + "/test/victim";
  if (plan.variant == "plain") {
    std::vector<std::string> command = split(std::getenv("BUDDY_MPIEXEC"), ' ');
    const char* flags = std::getenv("BUDDY_MPIEXEC_FLAGS");
    for (const std::string& flag : split(flags == nullptr ? "" : flags, ' ')) {
      command.push_back(flag);
    }
    command.insert(command.end(), {"-n", ranks, victim});
    return command;
  }
  const std::vector<std::string> parts = split(plan.variant, ':');
  std::vector<std::string> command = {plan.bin + "/buddy", "run",   "-n", ranks,
                                      "--placement",       parts[0]};
  if (parts.size() > 1) command.insert(command.end(), {"--nodes", parts[1]});
  if (parts.size() > 2) command.insert(command.end(), {"--fabric", parts[2]});
  command.insert(command.end(), {"--", victim});
  return command;
}

bool is_target(const Plan& plan, const MarkedJob& job, const Process& process) {
  const bool shim = process.has(" exec-rank ");
  if (plan.target == "command") return process.pid == job.pid();
  if (plan.target == "engine") return process.has(" engine --listen ");
  // The launcher's command line names everything that it starts.
  const std::string path = process.command_line.substr(0, process.command_line.find(' '));
  const std::string program = path.substr(path.rfind('/') + 1);
  if (plan.target == "launcher") return program.starts_with("mpi") && process.has(" -n ");
  return program == "victim" && !shim;
}

/// Waits for a process of the wanted kind. \return 0 if the job ends without one
pid_t choose(const Plan& plan, MarkedJob& job, std::mt19937_64& random) {
  const auto start = Clock::now();
  while (!job.ended() && seconds_since(start) < end_limit_s) {
    std::vector<pid_t> candidates;
    for (const Process& process : job.look()) {
      if (is_target(plan, job, process)) candidates.push_back(process.pid);
    }
    if (!candidates.empty()) return candidates[random() % candidates.size()];
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return 0;
}

void wait_for_work(MarkedJob& job) {
  const auto start = Clock::now();
  while (seconds_since(start) < end_limit_s && !job.ended() &&
         job.output().find("all ranks are busy") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// \return what is wrong with how the job ended, or nothing
std::string judge(const Plan& plan, MarkedJob& job, bool in_time) {
  if (!in_time) return "the job still runs\n" + job.leftovers(0);
  std::string faults;
  if (const std::string left = job.leftovers(clean_limit_s); !left.empty()) {
    faults += "left behind:\n" + left;
  }
  const int code = job.exit_code();
  const bool self = plan.target == "command";
  const int wanted = self ? 128 + plan.signal : 0;
  if (self ? code != wanted : code == 0) faults += "exit code " + std::to_string(code) + "\n";
  // A signal may come before the command has got round to waiting for one.
  const bool silent = self && (plan.signal == SIGKILL || job.died_young());
  if (!silent && plan.variant != "plain" && job.output().find("buddy run: ") == std::string::npos) {
    faults += "no message of buddy run\n";
  }
  return faults;
}

/// One job. \return whether it ended as it should
bool kill_once(const Plan& plan, std::uint64_t seed, double& longest) {
  std::mt19937_64 random(seed);
  const double delay = std::uniform_real_distribution<double>(0, longest_delay_s)(random);
  const OutputFile file;
  MarkedJob job(command_of(plan), file.path());
  // Without `buddy run` names in /dev/shm are gone only after start-up.
  if (plan.variant == "plain") wait_for_work(job);
  std::this_thread::sleep_for(std::chrono::duration<double>(delay));
  const pid_t victim = choose(plan, job, random);
  if (victim != 0) ::kill(victim, plan.signal);
  const auto killed = Clock::now();
  const bool in_time = job.wait(end_limit_s);
  std::string faults = judge(plan, job, in_time);
  if (victim == 0) faults += "there was no " + plan.target + " to kill\n";
  longest = std::max(longest, seconds_since(killed));
  if (!faults.empty()) {
    std::cout << "seed " << seed << ", after " << delay << " s, process " << victim << ":\n"
              << faults << "output:\n"
              << job.output() << std::endl;
  }
  return faults.empty();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5 || std::getenv("BUDDY_BIN_DIR") == nullptr) return 2;
  Plan plan{.variant = argv[1], .target = argv[2]};
  plan.signal = std::string(argv[3]) == "INT"    ? SIGINT
                : std::string(argv[3]) == "TERM" ? SIGTERM
                                                 : SIGKILL;
  plan.times = std::atoi(argv[4]);
  if (argc > 5) plan.ranks = std::atoi(argv[5]);
  const char* wanted = std::getenv("TEST_SEED");
  const std::uint64_t seed =
      wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device()();
  double longest = 0;
  int bad = 0;
  for (int i = 0; i < plan.times; ++i) {
    if (!kill_once(plan, seed + static_cast<std::uint64_t>(i), longest)) ++bad;
  }
  std::cout << plan.variant << ", " << argv[3] << " to a " << plan.target << ", " << plan.ranks
            << " ranks: " << plan.times - bad << " of " << plan.times << " as expected, seed "
            << seed << ", all gone after at most " << longest << " s" << std::endl;
  return bad == 0 ? 0 : 1;
}
