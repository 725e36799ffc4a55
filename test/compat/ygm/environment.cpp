// The YGM_* variables: what they do, what is said about those that do nothing, what is refused.
// ranks: 1 2
// variants: host engine shared dpu
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "compat/ygm/ygm_check.hpp"

namespace {

using buddy::test::expect;
using buddy::test::expect_equal;

/// A variable with a value while this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

/// Messages per block that a communicator made now publishes.
double messages_per_block() {
  constexpr int count = 20'000;
  ygm::comm comm(MPI_COMM_WORLD);
  for (int i = 0; i < count; ++i)
    comm.async(
        0, [](std::uint64_t) {}, std::uint64_t{1});
  comm.barrier();
  return static_cast<double>(count) / static_cast<double>(comm.stats().get_isend_count());
}

/// Blocks hold 32 KiB; an idle engine may take smaller ones, never larger ones.
void buffer_size(ygm::comm& world) {
  const bool host = world.buddy_comm().placement() == buddy::Placement::host;
  const double by_default = messages_per_block();
  expect(!host || by_default > 150,
         "blocks by default hold " + std::to_string(by_default) + " messages");
  for (const char* name : {"YGM_COMM_BUFFER_SIZE_KB", "YGM_COM_BUFFER_SIZE_KB"}) {
    const Variable set(name, "1");
    const double small = messages_per_block();
    expect(small < 100, std::string(name) + "=1: blocks hold " + std::to_string(small));
    expect(!host || small > 20, std::string(name) + "=1: blocks hold " + std::to_string(small));
  }
  const Variable typo("YGM_COM_BUFFER_SIZE_KB", "1");
  const Variable right("YGM_COMM_BUFFER_SIZE_KB", "100000");
  const double both = messages_per_block();
  expect(!host || both > 150, "the spelling with COMM counts: blocks hold " + std::to_string(both));
}

/// Large messages are larger than the buffer.
void large_messages_in_a_small_buffer(ygm::comm&) {
  const Variable set("YGM_COMM_BUFFER_SIZE_KB", "0");
  static std::size_t got = 0;
  static int small = 0;
  got = 0;
  small = 0;
  ygm::comm comm(MPI_COMM_WORLD);
  comm.cf_barrier();
  for (const std::size_t size : {1u, 100u, 8'000u, 100'000u}) {
    comm.async_bcast([](const std::string& text) { got += text.size(); }, std::string(size, 'x'));
    comm.async_bcast([](int by) { small += by; }, 1);
  }
  comm.barrier();
  expect_equal(got, std::size_t{108'101} * static_cast<std::size_t>(comm.size()), "bytes");
  expect_equal(small, 4 * comm.size(), "small messages");
}

void routing(ygm::comm&) {
  for (const char* scheme : {"NONE", "NR", "NLNR"}) {
    const Variable set("YGM_COMM_ROUTING", scheme);
    ygm::comm comm(MPI_COMM_WORLD);
    expect_equal(comm.router().next_hop(comm.rank()), comm.rank(), "next hop to oneself");
  }
}

void log_level(ygm::comm&) {
  const Variable level("YGM_DEFAULT_LOG_LEVEL", "critical");
  const Variable path("YGM_DEFAULT_LOG_PATH", "nowhere/in/particular");
  ygm::comm comm(MPI_COMM_WORLD);
  expect(comm.get_log_level() == ygm::log_level::critical, "level by variable");
}

/// With a layout as in YGM 0.8 and later, or without.
void of_a_layout(ygm::comm& world) {
  const Variable size("YGM_COMM_BUFFER_SIZE_KB", "7");
  const Variable scheme("YGM_COMM_ROUTING", "NLNR");
  const Variable path("YGM_DEFAULT_LOG_PATH", "here/and/there");
  const ygm::detail::comm_environment with(world.layout());
  expect(with.buffer_size_kb && *with.buffer_size_kb == 7, "buffer size");
  expect(with.routing == ygm::detail::routing_type::NLNR, "routing");
  expect_equal(with.default_log_path, std::string("here/and/there"), "log path");
  std::ostringstream text;
  std::ostringstream without;
  with.print(text);
  ygm::detail::comm_environment().print(without);
  expect_equal(text.str(), without.str(), "what it prints");
  expect(text.str().find("YGM_COMM_BUFFER_SIZE_KB = 7\n") != std::string::npos, text.str());
}

void nonsense(ygm::comm&) {
  struct Wrong {
    const char* name;
    const char* value;
  };
  for (const Wrong wrong :
       {Wrong{"YGM_COMM_BUFFER_SIZE_KB", "many"}, Wrong{"YGM_COM_BUFFER_SIZE_KB", "-1"},
        Wrong{"YGM_COMM_BUFFER_SIZE_KB", "99999999999999999999"},
        Wrong{"YGM_COMM_BUFFER_SIZE_KB", ""}, Wrong{"YGM_COMM_WELCOME", "perhaps"},
        Wrong{"YGM_COMM_ROUTING", "scenic"}, Wrong{"YGM_DEFAULT_LOG_LEVEL", "loud"}}) {
    const Variable set(wrong.name, wrong.value);
    std::string what;
    try {
      const ygm::comm comm(MPI_COMM_WORLD);
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
    expect(what.find(std::string(wrong.name) + "=" + wrong.value) != std::string::npos,
           "refused by name: " + what);
  }
}

/// Once per process, by the first rank, whatever the number of communicators.
void said_once(ygm::comm& world) {
  const Variable first("YGM_COMM_NUM_IRECVS", "4");
  const Variable second("YGM_COMM_IRECV_SIZE_KB", "1024");
  std::ostringstream said;
  std::streambuf* before = std::cerr.rdbuf(said.rdbuf());
  {
    const ygm::comm comm(MPI_COMM_WORLD);
    const ygm::comm again(MPI_COMM_WORLD);
  }
  std::cerr.rdbuf(before);
  const std::string text = said.str();
  expect_equal(std::count(text.begin(), text.end(), '\n'), world.rank0() ? 1 : 0, "lines: " + text);
  if (!world.rank0()) return;
  for (const char* name : {"YGM_COMM_NUM_IRECVS", "YGM_COMM_IRECV_SIZE_KB"}) {
    expect(text.find(name) != std::string::npos, std::string(name) + " is named in " + text);
  }
}

void welcome(ygm::comm& world) {
  const Variable set("YGM_COMM_WELCOME", "1");
  std::ostringstream said;
  std::streambuf* before = std::cout.rdbuf(said.rdbuf());
  { const ygm::comm comm(MPI_COMM_WORLD); }
  std::cout.rdbuf(before);
  expect_equal(said.str().find("COMM_SIZE") != std::string::npos, world.rank0(), "a welcome");
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_ygm_cases(
      argc, argv,
      {{"buffer size", buffer_size},
       {"large messages in a small buffer", large_messages_in_a_small_buffer},
       {"routing", routing},
       {"log level", log_level},
       {"of a layout", of_a_layout},
       {"nonsense", nonsense},
       {"said once", said_once},
       {"welcome", welcome}});
}
