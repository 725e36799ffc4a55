// Streams, welcome, statistics, logs.
// ranks: 1 2 4
// variants: host engine:2:shm
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

/// What is written to a stream while this lives.
class Capture {
 public:
  explicit Capture(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { stream_.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostream& stream_;
  std::ostringstream text_;
  std::streambuf* before_;
};

template <class Write>
std::string written(std::ostream& stream, Write write) {
  const Capture capture(stream);
  write();
  return capture.text();
}

void streams(ygm::comm& world) {
  const std::string rank = std::to_string(world.rank());
  const bool zero = world.rank0();
  expect_equal(written(std::cout, [&] { world.cout() << "a" << 1; }), rank + ": a1", "cout()");
  expect_equal(written(std::cerr, [&] { world.cerr() << "a" << 1; }), rank + ": a1", "cerr()");
  expect_equal(written(std::cout, [&] { world.cout("b", 2, 'c'); }), rank + ": b2c\n", "cout(...)");
  expect_equal(written(std::cerr, [&] { world.cerr("b", 2); }), rank + ": b2\n", "cerr(...)");
  expect_equal(written(std::cout, [&] { world.cout0() << "d" << std::endl; }), zero ? "d\n" : "",
               "cout0()");
  expect_equal(written(std::cerr, [&] { world.cerr0() << "d"; }), zero ? "d" : "", "cerr0()");
  expect_equal(written(std::cout, [&] { world.cout0("e", 3); }), zero ? "e3\n" : "", "cout0(...)");
  expect_equal(written(std::cerr, [&] { world.cerr0("e", 3); }), zero ? "e3\n" : "", "cerr0(...)");
}

std::string value_of(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(name + " ", 0) == 0) return line.substr(line.find('=') + 2);
  }
  return "no such line";
}

void welcome(ygm::comm& world) {
  std::ostringstream text;
  world.welcome(text);
  if (world.rank0()) {
    expect_equal(value_of(text.str(), "COMM_SIZE"), std::to_string(world.size()), "size");
    expect_equal(value_of(text.str(), "NUM_NODES"), std::to_string(world.buddy_comm().nodes()),
                 "nodes");
    const bool host = world.buddy_comm().placement() == buddy::Placement::host;
    expect_equal(value_of(text.str(), "PLACEMENT"), host ? "host" : "engine", "placement");
  } else {
    expect_equal(text.str(), std::string(), "text of other ranks");
  }
  std::ostringstream again;
  world.welcome(again);
  expect_equal(again.str(), std::string(), "text of the second time");
}

void statistics(ygm::comm& world) {
  const int next = (world.rank() + 1) % world.size();
  world.barrier();
  world.stats_reset();
  world.cf_barrier();
  constexpr std::size_t count = 1'000;
  for (std::size_t i = 0; i < count; ++i)
    world.async(
        next, [](std::uint64_t) {}, std::uint64_t{1});
  world.async_mcast({0, 0}, [] {});
  world.async_bcast([] {});
  world.barrier();
  const auto& stats = world.stats();
  expect_equal(stats.get_async_count(), count + 2, "calls of async()");
  const auto ranks = static_cast<std::size_t>(world.size());
  expect_equal(stats.get_rpc_count(), count + ranks + (world.rank0() ? 2 * ranks : 0), "handlers");
  expect_equal(stats.get_isend_bytes(), 8 * count, "bytes");
  expect(stats.get_isend_count() > 0, "blocks");
  expect(stats.get_elapsed_time() > 0, "time");
  std::ostringstream text;
  world.stats_print("a name", text);
  if (world.rank0()) {
    expect_equal(value_of(text.str(), "NAME"), "a name", "name");
    expect_equal(value_of(text.str(), "GLOBAL_ASYNC_COUNT"), std::to_string((count + 2) * ranks),
                 "calls on all ranks");
    expect_equal(value_of(text.str(), "GLOBAL_ISEND_BYTES"), std::to_string(8 * count * ranks),
                 "bytes on all ranks");
  } else {
    expect_equal(text.str(), std::string(), "text of other ranks");
  }
  world.stats_reset();
  expect_equal(world.stats().get_async_count(), std::size_t{0}, "calls after the reset");
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void logs(ygm::comm& world) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("buddy-ygm-logs-" + std::to_string(world.mpi_bcast(static_cast<int>(::getpid()), 0)));
  world.set_log_location(folder);
  const std::filesystem::path mine = folder / ("ygm_logs" + std::to_string(world.rank()));
  expect(world.get_log_level() == ygm::log_level::off, "nothing is logged by default");
  world.log(ygm::log_level::critical, "left out");
  expect(!std::filesystem::exists(mine), "no file for lines that are left out");
  world.set_log_level(ygm::log_level::warn);
  world.log(ygm::log_level::warn, "{} of {}", 1, "two");
  world.log(ygm::log_level::info, "left out");
  world.log(ygm::log_level::error, "my number: ", world.rank());
  const std::string text = content(mine);
  expect(text.find("1 of two\n") != std::string::npos, "placeholders in " + text);
  expect(text.find("my number: " + std::to_string(world.rank())) != std::string::npos, "appended");
  expect(text.find("left out") == std::string::npos, "more verbose lines in " + text);
  expect(text.find("[Rank " + std::to_string(world.rank()) + "] [error]") != std::string::npos,
         "rank and level in " + text);
  world.set_logger_target(ygm::logger_target::stdout);
  expect(world.get_logger_target() == ygm::logger_target::stdout, "target");
  const std::string shown = written(std::cout, [&] {
    world.log(ygm::log_level::warn, "to the terminal");
    world.log({ygm::logger_target::stderr}, ygm::log_level::debug, "left out");
  });
  expect(shown.find("to the terminal\n") != std::string::npos, "on stdout: " + shown);
  world.set_log_level(ygm::log_level::debug);
  world.set_logger_target(ygm::logger_target::file);
  world.barrier();
  expect(content(mine).find("Entering YGM barrier") != std::string::npos, "barriers are logged");
  world.set_log_level(ygm::log_level::off);
  world.cf_barrier();
  if (world.rank0()) std::filesystem::remove_all(folder);
}

void tracing(ygm::comm& world) {
  const std::string said = written(std::cerr, [&] {
    world.enable_ygm_tracing();
    world.enable_mpi_tracing();
  });
  const std::size_t lines = static_cast<std::size_t>(std::count(said.begin(), said.end(), '\n'));
  expect_equal(lines, std::size_t{world.rank0() ? 1u : 0u}, "lines about tracing");
  expect(!world.is_ygm_tracing_enabled() && !world.is_mpi_tracing_enabled(), "no tracing");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(argc, argv,
                                    {{"streams", streams},
                                     {"welcome", welcome},
                                     {"statistics", statistics},
                                     {"logs", logs},
                                     {"tracing", tracing}});
}
