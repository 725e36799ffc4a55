// Streams, welcome, statistics, logs.
// ranks: 1 2 4
// variants: host engine:2:shm shared dpu
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

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

/// What YGM counts about its MPI requests, of what does the same work here.
void statistics_of_blocks_and_waits(ygm::comm& world) {
  const auto& stats = world.stats();
  world.barrier();
  world.stats_reset();
  world.cf_barrier();
  constexpr std::size_t count = 100'000;  // more than a ring takes
  const int next = (world.rank() + 1) % world.size();
  for (std::size_t i = 0; i < count; ++i)
    world.async(
        next, [](std::uint64_t) {}, std::uint64_t{1});
  world.barrier();
  expect_equal(stats.get_barrier_count(), std::size_t{1}, "barriers");
  expect(stats.get_route_count() >= count, "messages routed by the engine");
  expect(stats.get_isend_test_count() >= stats.get_isend_count(), "blocks offered");
  expect(stats.get_irecv_count() > 0, "blocks received");
  expect(stats.get_irecv_bytes() >= 8 * count, "bytes received, at least those of the arguments");
  expect(stats.get_irecv_bytes() < 2 * 8 * count, "bytes received, little more than those");
  expect(stats.get_irecv_test_count() > 0, "looks for what has arrived");
  expect(stats.get_iallreduce_count() > 0, "rounds of the barrier");
  expect_equal(stats.get_waitsome_isend_irecv_time() > 0,
               stats.get_waitsome_isend_irecv_count() > 0, "time of waits for room");
  expect_equal(stats.get_waitsome_iallreduce_time() > 0, stats.get_waitsome_iallreduce_count() > 0,
               "time of waits in barriers");
  expect(stats.get_waitsome_isend_irecv_time() + stats.get_waitsome_iallreduce_time() <
             stats.get_elapsed_time(),
         "waits take no longer than everything");
  std::ostringstream text;
  world.stats_print("", text);
  if (world.rank0()) {
    expect(value_of(text.str(), "COUNT_IALLREDUCE") != "0", "rounds in " + text.str());
    expect(value_of(text.str(), "MAX_WAITSOME_IALLREDUCE") != "n/a", "waits in " + text.str());
  }
  world.stats_reset();
  world.cf_barrier();
  expect_equal(stats.get_barrier_count() + stats.get_irecv_count() + stats.get_irecv_bytes() +
                   stats.get_isend_count() + stats.get_waitsome_isend_irecv_count(),
               std::size_t{0}, "after the reset");
}

/// A rank waits in a barrier for one that is late.
void time_waited_in_barriers(ygm::comm& world) {
  if (world.size() == 1) return;
  world.barrier();
  world.stats_reset();
  world.cf_barrier();
  if (world.rank0()) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  world.barrier();
  if (world.rank0()) return;
  expect(world.stats().get_waitsome_iallreduce_count() > 0, "waits");
  const double seconds = world.stats().get_waitsome_iallreduce_time();
  expect(seconds > 0.15, "seconds waited for the late one: " + std::to_string(seconds));
}

void statistics_of_nothing(ygm::comm&) {
  ygm::detail::comm_stats none;
  none.reset();
  expect_equal(none.get_async_count() + none.get_rpc_count() + none.get_isend_count() +
                   none.get_irecv_count() + none.get_iallreduce_count(),
               std::size_t{0}, "counts of no communicator");
  double seconds = 1;
  { const ygm::detail::comm_stats::timer timer(seconds); }
  expect(seconds >= 1, "a timer adds");
  const double before = seconds;
  {
    const ygm::detail::comm_stats::timer timer(seconds);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  expect(seconds - before > 0.015, "20 ms by timer: " + std::to_string(seconds - before));
  expect(none.get_elapsed_time() > 0.015, "elapsed time");
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

void loggers(ygm::comm& world) {
  ygm::detail::logger log(world.rank());
  expect(log.get_path().string().rfind("./log/", 0) == 0,
         "default path: " + log.get_path().string());
  expect(log.get_log_level() == ygm::log_level::off, "default level");
  log.set_logger_target(ygm::logger_target::stdout);
  log.set_log_level(ygm::log_level::info);
  const std::string line = written(std::cout, [&] { log.log(ygm::log_level::info, "a line"); });
  expect(
      line.find("[Rank " + std::to_string(world.rank()) + "] [info] a line\n") != std::string::npos,
      "rank in " + line);
}

/// YGM's own tools read such files.
void traces(ygm::comm& world) {
  using namespace ygm::detail;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("buddy-ygm-trace-" + std::to_string(world.mpi_bcast(static_cast<int>(::getpid()), 0)));
  {
    tracer trace(world.size(), world.rank(), folder.string());
    expect(!trace.is_file_open(), "no file at first");
    expect(trace.create_directory(), "folder");
    world.cf_barrier();
    expect(trace.open_file() && trace.is_file_open() && trace.open_file(), "file");
    expect_equal(trace.get_next_message_id(), world.rank(), "first id");
    expect_equal(trace.get_next_message_id(), world.rank() + world.size(), "second id");
    trace.trace_ygm_async(1, 2, 3);
    trace.trace_mpi_send(4, 5, 6);
    trace.trace_mpi_send_complete(7, 8, 9);
    trace.trace_mpi_recv(10, 11, 12);
    trace.trace_barrier_begin(13, 14, 15, 16, 17, 18);
    trace.trace_barrier_end(19, 20, 21, 22, 23, 24);
    expect(trace.close_file() && !trace.is_file_open(), "closed");
  }
  std::ifstream file(folder / ("trace_" + std::to_string(world.rank()) + ".bin"), std::ios::binary);
  cereal::BinaryInputArchive archive(file);
  std::vector<variant_event> events(6);
  for (variant_event& event : events) archive(event);
  expect_equal(std::get<ygm_async_event>(events[0].data).message_size, 3u, "size of a message");
  expect_equal(std::get<mpi_send_event>(events[1].data).to, 5, "destination");
  expect_equal(std::get<mpi_send_complete_event>(events[2].data).start_id, std::uint64_t{8}, "id");
  expect_equal(std::get<mpi_recv_event>(events[3].data).from, 11, "source");
  expect_equal(std::get<barrier_begin_event>(events[4].data).send_remote_buffer_bytes,
               std::size_t{18}, "bytes");
  expect_equal(std::get<barrier_end_event>(events[5].data).event_id, std::uint64_t{19}, "id");
  file.peek();
  expect(file.eof(), "nothing else");
  world.cf_barrier();
  if (world.rank0()) std::filesystem::remove_all(folder);
  tracer nowhere(world.size(), world.rank(), "/proc/no such folder");
  const std::string said = written(std::cerr, [&] { expect(!nowhere.open_file(), "no file"); });
  expect(said.find("/proc/no such folder") != std::string::npos, "a complaint: " + said);
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
  return buddy::test::run_ygm_cases(
      argc, argv,
      {{"streams", streams},
       {"welcome", welcome},
       {"statistics", statistics},
       {"statistics of blocks and waits", statistics_of_blocks_and_waits},
       {"time waited in barriers", time_waited_in_barriers},
       {"statistics of nothing", statistics_of_nothing},
       {"loggers", loggers},
       {"traces", traces},
       {"logs", logs},
       {"tracing", tracing}});
}
