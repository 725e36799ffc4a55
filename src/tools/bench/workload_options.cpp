#include "tools/bench/workload_options.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "base/unique_fd.hpp"
#include "launch/process/capture.hpp"
#include "launch/process/process.hpp"
#include "tools/bench/workload_list.hpp"
#include "tools/command/command_line.hpp"
#include "tools/command/nearest.hpp"

namespace buddy::tools {
namespace {

using Words = std::vector<std::string>;

struct Answer {
  int exit_code = 0;
  std::string text;
};

/// What a workload says to \p question.
Result<Answer> ask(const std::string& program, const std::string& question,
                   const Words& arguments = {}) {
  launch::SpawnOptions spawn{.argv = {program, question}};
  spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
  const launch::Capture output;
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  spawn.stdin_fd = nothing.get();
  spawn.stdout_fd = spawn.stderr_fd = output.fd();
  const auto pid = launch::spawn(spawn);
  if (!pid.ok()) return pid.status();
  int status = 0;
  while (waitpid(pid.value(), &status, 0) < 0 && errno == EINTR) {
  }
  return Answer{launch::ExitState::from_wait(status).exit_code(), output.text()};
}

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line.substr(0, line.find(' ')));
  }
  return lines;
}

Status invalid(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

bool is_option_named(const std::string& word, std::string_view name) {
  return word == name || (word.starts_with(name) && word.substr(name.size()).starts_with('='));
}

bool has_option(const Words& arguments, std::string_view name) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const std::string& word) { return is_option_named(word, name); });
}

bool is_compared_with_mpi(const BenchCase& bench) {
  const auto& all = bench.contenders;
  return std::find(all.begin(), all.end(), Contender::alltoallv) != all.end();
}

/// Why a workload cannot run with an option that it does not have.
Status explain_unknown(const BenchCase& bench, const std::string& name, const Words& known,
                       const Asker& asker) {
  if (name == "--method") {
    return invalid(
        fmt::format("{0} cannot be compared with alltoallv (it has no such version) "
                    "leave it out, or alltoallv",
                    bench.workload));
  }
  if (name == "--input") {
    return invalid(
        fmt::format("{} reads no file (it makes its own data, see buddy-{} --help) "
                    "leave --input out",
                    bench.workload, bench.workload));
  }
  Words candidates = known;
  candidates.insert(candidates.end(), asker.options.begin(), asker.options.end());
  return invalid(fmt::format("there is no option '{}' (see buddy {} --help and buddy-{} --help) {}",
                             name, asker.command, bench.workload,
                             advice(name, candidates, "leave it out")));
}

/// Why \p bench cannot run with \p arguments, which it has refused with \p said.
Status explain(const BenchCase& bench, const Words& arguments, std::string said,
               const Asker& asker) {
  const auto listed = ask(bench.program.front(), "--list-options");
  if (!listed.ok()) return listed.status();
  const Words known = lines_of(listed.value().text);
  for (const std::string& word : arguments) {
    const std::string name = word.substr(0, word.find('='));
    if (!is_option(word) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    return explain_unknown(bench, name, known, asker);
  }
  while (said.ends_with('\n')) said.pop_back();
  return invalid(std::move(said));
}

/// Whether \p path is one of Buddy's own workloads.
bool is_own_program(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr std::string_view prefix = "buddy-";
  const std::string file = fs::path(path).filename().native();
  if (!file.starts_with(prefix) || !is_own_workload(file.substr(prefix.size()))) return false;
  std::error_code error;
  return fs::equivalent(path, fs::path(launch::self_path()).parent_path() / file, error);
}

}  // namespace

Status check_workload_options(const std::vector<BenchCase>& cases, const Asker& asker) {
  for (const BenchCase& bench : cases) {
    if (!is_own_workload(bench.workload)) continue;
    Words arguments(bench.program.begin() + 1, bench.program.end());
    if (has_option(arguments, "--method")) {
      return invalid(
          fmt::format("--method is not for buddy {} (it chooses the method of every run itself) {}",
                      asker.command,
                      asker.command == "bench" ? "take --compare, like --compare host,alltoallv"
                                               : "leave it out"));
    }
    if (is_compared_with_mpi(bench)) {
      arguments.insert(arguments.begin(), {"--method", "alltoallv"});
    }
    const auto answer = ask(bench.program.front(), "--check-options", arguments);
    if (!answer.ok()) return answer.status();
    if (answer.value().exit_code == 0) continue;
    return explain(bench, arguments, answer.value().text, asker);
  }
  return {};
}

Result<std::string> help_of_workload(const std::string& program) {
  // --help alone would start MPI.
  auto answer = ask(program, "--check-options", {"--help"});
  if (!answer.ok()) return answer.status();
  if (answer.value().exit_code == 0) return std::move(answer.value().text);
  return invalid(
      fmt::format("{} does not explain itself (it ended with exit code {}) use the "
                  "workload of this version",
                  program, answer.value().exit_code));
}

Status check_own_program(const std::vector<std::string>& program) {
  if (!is_own_program(program.front())) return {};
  const auto answer = ask(program.front(), "--check-options", {program.begin() + 1, program.end()});
  if (!answer.ok()) return answer.status();
  std::string said = answer.value().text;
  while (said.ends_with('\n')) said.pop_back();
  return answer.value().exit_code == 0 ? Status() : invalid(std::move(said));
}

}  // namespace buddy::tools
