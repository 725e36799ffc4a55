#include "tools/bench/workload_options.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

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

/// Why \p bench cannot run with \p arguments, which it has refused with \p said.
Status explain(const BenchCase& bench, const Words& arguments, std::string said, Words own) {
  const auto listed = ask(bench.program.front(), "--list-options");
  if (!listed.ok()) return listed.status();
  const Words known = lines_of(listed.value().text);
  for (const std::string& word : arguments) {
    const std::string name = word.substr(0, word.find('='));
    if (!is_option(word) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (name == "--method") {
      return invalid(
          fmt::format("{0} cannot be compared with alltoallv (it has no such version) "
                      "leave it out, or alltoallv",
                      bench.workload));
    }
    own.insert(own.begin(), known.begin(), known.end());
    return invalid(
        fmt::format("there is no option '{}' (see buddy bench --help and buddy-{} --help) {}", name,
                    bench.workload, advice(name, own, "leave it out")));
  }
  while (said.ends_with('\n')) said.pop_back();
  return invalid(std::move(said));
}

}  // namespace

Status check_workload_options(const std::vector<BenchCase>& cases, const Words& own) {
  for (const BenchCase& bench : cases) {
    if (!is_own_workload(bench.workload)) continue;
    Words arguments(bench.program.begin() + 1, bench.program.end());
    const auto& all = bench.contenders;
    if (std::find(all.begin(), all.end(), Contender::alltoallv) != all.end()) {
      arguments.insert(arguments.begin(), {"--method", "alltoallv"});
    }
    const auto answer = ask(bench.program.front(), "--check-options", arguments);
    if (!answer.ok()) return answer.status();
    if (answer.value().exit_code == 0) continue;
    return explain(bench, arguments, answer.value().text, own);
  }
  return {};
}

}  // namespace buddy::tools
