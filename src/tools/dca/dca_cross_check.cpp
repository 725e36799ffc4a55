#include "tools/dca/dca_cross_check.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>
#include <sstream>

#include "base/unique_fd.hpp"
#include "base/whole_file.hpp"
#include "launch/process/process.hpp"
#include "measure/cache/core_accesses.hpp"
#include "measure/cache/trace_replay.hpp"
#include "tools/command/command.hpp"

namespace buddy::tools {
namespace {

/// Enough to fill every cache many times; some seconds under valgrind.
constexpr std::uint64_t most_lines = 8'000'000;
/// Where the memory begins does not matter then: no cache's way is larger.
constexpr std::uint64_t alignment = std::uint64_t{1} << 26;

double relative(std::uint64_t ours, std::uint64_t theirs) {
  if (theirs == 0) return ours == 0 ? 0 : 1;
  return std::abs(static_cast<double>(ours) - static_cast<double>(theirs)) /
         static_cast<double>(theirs);
}

std::string shape_option(const char* name, const measure::CacheShape& shape) {
  return fmt::format("--{}={},{},{}", name, shape.size_bytes, shape.ways,
                     measure::cache_line_bytes);
}

Status check_shapes(const measure::CacheOptions& cache) {
  for (std::size_t level = 0; level < 2; ++level) {
    const measure::CacheShape& shape = cache.levels[level];
    if (std::has_single_bit(shape.sets())) continue;
    return {ErrorCode::invalid_argument,
            fmt::format("cachegrind cannot do a cache of {} bytes in {} ways (it would have {} "
                        "sets, which is no power of two) cross-check with other sizes",
                        shape.size_bytes, shape.ways, shape.sets())};
  }
  return {};
}

/// Runs valgrind to its end. \return what cachegrind wrote
Result<std::string> run_cachegrind(const measure::CacheOptions& cache, const std::string& folder,
                                   const std::string& self, const std::stop_token& stop) {
  const auto valgrind = launch::find_program("valgrind");
  if (!valgrind.ok()) {
    return Status(ErrorCode::invalid_argument,
                  "there is no valgrind (it is what the model would be compared with) install it, "
                  "or leave out --cross-check");
  }
  const std::string out = folder + "/cachegrind.out";
  const std::string log = folder + "/valgrind.log";
  const UniqueFd log_fd(open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const auto pid = launch::spawn(
      {.argv = {valgrind.value(), "--tool=cachegrind", "--cache-sim=yes",
                shape_option("I1", cache.levels[0]), shape_option("D1", cache.levels[0]),
                shape_option("LL", cache.levels[1]), "--cachegrind-out-file=" + out, self,
                touch_command, folder + "/accesses.trace"},
       .stdout_fd = log_fd.get(),
       .stderr_fd = log_fd.get()});
  if (!pid.ok()) return pid.status();
  const std::stop_callback end_it(stop, [&pid] { kill(pid.value(), SIGTERM); });
  int status = 0;
  while (waitpid(pid.value(), &status, 0) < 0 && errno == EINTR) {
  }
  const launch::ExitState state = launch::ExitState::from_wait(status);
  if (state.ok()) return read_whole_file(out).value_or("");
  return Status(ErrorCode::system,
                fmt::format("valgrind failed (it {}) read what it wrote:\n{}", state.describe(),
                            read_whole_file(log).value_or("")));
}

CrossCheck run_model(const measure::Trace& accesses, const measure::CacheOptions& cache) {
  measure::CacheOptions two_levels;
  two_levels.levels = {cache.levels[0], cache.levels[1]};
  measure::CacheModel model(two_levels);
  for (const TraceEvent& event : accesses.events) measure::apply(event, {}, model);
  CrossCheck check;
  check.model_first_misses = model.traffic().misses[0];
  check.model_misses = model.traffic().misses[1];
  return check;
}

}  // namespace

double CrossCheck::difference() const {
  return std::max(relative(model_first_misses, cachegrind_first_misses),
                  relative(model_misses, cachegrind_misses));
}

Result<CrossCheck> read_cachegrind(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::string> events;
  std::map<std::string, std::uint64_t> sums;
  bool ours = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("events: ")) {
      std::istringstream names(line.substr(8));
      events.assign(std::istream_iterator<std::string>(names), {});
    } else if (line.starts_with("fn=")) {
      const std::string function = line.substr(3);
      ours = function == measure::load_function || function == measure::store_function;
    } else if (ours && !line.empty() && std::isdigit(static_cast<unsigned char>(line[0])) != 0) {
      std::istringstream numbers(line);
      std::uint64_t value = 0;
      numbers >> value;  // of the source line
      for (const std::string& event : events) {
        if (numbers >> value) sums[event] += value;
      }
    }
  }
  if (sums["Dr"] + sums["Dw"] == 0) {
    return Status(ErrorCode::corrupt,
                  "cachegrind says nothing about the accesses (the command may have been stripped "
                  "of its symbols) use one that was not");
  }
  CrossCheck check;
  check.accesses = sums["Dr"] + sums["Dw"];
  check.cachegrind_first_misses = sums["D1mr"] + sums["D1mw"];
  check.cachegrind_misses = sums["DLmr"] + sums["DLmw"];
  return check;
}

Result<CrossCheck> cross_check(const measure::Trace& trace, const measure::CacheOptions& cache,
                               const std::string& folder, const std::string& self,
                               const std::stop_token& stop) {
  if (Status status = check_shapes(cache); !status.ok()) return status;
  const measure::Trace accesses = measure::core_accesses(trace, most_lines);
  if (Status status = measure::write_trace(accesses, folder + "/accesses.trace"); !status.ok()) {
    return status;
  }
  const auto text = run_cachegrind(cache, folder, self, stop);
  if (!text.ok()) return text.status();
  auto check = read_cachegrind(text.value());
  if (!check.ok()) return check.status();
  const CrossCheck model = run_model(accesses, cache);
  check.value().model_first_misses = model.model_first_misses;
  check.value().model_misses = model.model_misses;
  return check;
}

int touch_trace(const std::string& path) {
  const auto accesses = measure::read_trace(path);
  if (!accesses.ok()) return complain(touch_command, accesses.status().message());
  const std::uint64_t bytes = measure::extent_of(accesses.value()) + alignment;
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return complain(touch_command, fmt::format("no memory for {} bytes ({}) use another trace",
                                               bytes, std::strerror(errno)));
  }
  auto* const start = static_cast<std::byte*>(memory);
  const std::uint64_t beyond = reinterpret_cast<std::uintptr_t>(start) % alignment;
  measure::touch(accesses.value(), start + (beyond == 0 ? 0 : alignment - beyond));
  munmap(memory, bytes);
  return 0;
}

}  // namespace buddy::tools
