// Frames over the UCX fabric on the loopback interface: what the network costs an engine.
// The counter bytes_per_second counts bodies once, although both ends' work is in the time when
// they share a core. plain_tcp is what the kernel alone allows on the same core.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace {

using buddy::AgentId;
using buddy::transport::Channel;
using buddy::transport::EndId;
using buddy::transport::UcxOptions;
using buddy::transport::UcxTransport;
using buddy::wire::Frame;
using buddy::wire::FrameKind;
using buddy::wire::Peek;
using buddy::wire::Push;

constexpr buddy::JobKey bench_key{{1, 2}};
constexpr std::size_t block_bytes = std::size_t{32} << 10;  // what engines send

void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  sched_setaffinity(0, sizeof set, &set);
}

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

std::unique_ptr<UcxTransport> make_fabric(std::size_t frame_bytes) {
  UcxOptions options;
  options.max_frame_bytes = std::max(frame_bytes, block_bytes);
  auto fabric = UcxTransport::create(options);
  if (!fabric.ok()) die(fabric.status().message());
  return std::move(fabric.value());
}

void connect(UcxTransport& fabric, AgentId self, AgentId peer, const std::string& address) {
  if (const buddy::Status status =
          fabric.connect(EndId::of(self), bench_key, {{EndId::of(peer), address}});
      !status.ok()) {
    die(status.message());
  }
}

/// Consumes what is there, reading every cache line as a router would. \return frames
int consume(Channel& channel, bool& goodbye) {
  int frames = 0;
  for (Frame frame; channel.peek(frame) == Peek::ready; ++frames) {
    std::uint64_t sum = 0;
    for (std::size_t at = 0; at < frame.body.size(); at += 64) {
      sum += std::to_integer<std::uint64_t>(frame.body[at]);
    }
    benchmark::DoNotOptimize(sum);
    goodbye = frame.header.kind == FrameKind::goodbye;
    channel.release();
  }
  return frames;
}

/// Waits as engines do that share a core: look, yield, sleep.
class Waiter {
 public:
  Waiter(UcxTransport& fabric, bool shared_core) : fabric_(fabric), shared_core_(shared_core) {}

  void busy() { fruitless_ = 0; }
  void rest() {
    ++fruitless_;
    if (!shared_core_ || fruitless_ < 4) return;
    if (fruitless_ < 8) {
      sched_yield();
    } else if (fabric_.arm()) {
      pollfd ready{fabric_.event_fd(), POLLIN, 0};
      poll(&ready, 1, 100);
      fruitless_ = 0;
    }
  }

 private:
  UcxTransport& fabric_;
  bool shared_core_;
  int fruitless_ = 0;
};

// ---- the other process ----------------------------------------------------------------------

void send_address(int socket, const std::string& address) {
  const auto bytes = static_cast<std::uint32_t>(address.size());
  if (write(socket, &bytes, sizeof bytes) != sizeof bytes) die("lost the other process");
  if (write(socket, address.data(), bytes) != static_cast<ssize_t>(bytes)) die("lost it");
}

std::string receive_address(int socket) {
  std::uint32_t bytes = 0;
  if (read(socket, &bytes, sizeof bytes) != sizeof bytes) die("the other process did not start");
  std::string address(bytes, '\0');
  if (read(socket, address.data(), bytes) != static_cast<ssize_t>(bytes)) die("it went away");
  return address;
}

/// Child: consumes until goodbye; answers every frame when asked to.
int run_peer(const char* const* argument) {
  const int socket = std::atoi(argument[0]);
  const auto frame_bytes = static_cast<std::size_t>(std::atol(argument[1]));
  pin(std::atoi(argument[2]));
  const bool shared_core = std::atoi(argument[3]) != 0;
  const bool answers = std::atoi(argument[4]) != 0;
  auto fabric = make_fabric(frame_bytes);
  send_address(socket, fabric->address());
  connect(*fabric, {1}, {0}, receive_address(socket));
  Channel& channel = *fabric->channel({0});
  Waiter waiter(*fabric, shared_core);
  const std::vector<std::byte> answer(frame_bytes);
  for (bool goodbye = false; !goodbye && channel.status().ok();) {
    fabric->progress();
    const int frames = consume(channel, goodbye);
    if (answers && frames != 0 && !goodbye) {
      while (channel.try_push(FrameKind::routed, 0, answer) == Push::full) fabric->progress();
    }
    frames != 0 ? waiter.busy() : waiter.rest();
  }
  while (channel.try_push(FrameKind::goodbye, 0, {}) == Push::full) fabric->progress();
  return 0;
}

/// This process and another one, connected.
class Pair {
 public:
  Pair(std::size_t frame_bytes, bool shared_core, bool answers) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) die("socketpair failed");
    socket_ = buddy::UniqueFd(ends[0]);
    const buddy::UniqueFd child_end(ends[1]);
    std::array<std::string, 7> words{"bench-ucx-fabric",      "--peer",
                                     std::to_string(ends[1]), std::to_string(frame_bytes),
                                     shared_core ? "1" : "0", shared_core ? "1" : "0",
                                     answers ? "1" : "0"};
    std::array<char*, 8> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    if (posix_spawn(&child_, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ) != 0) {
      die("cannot start the other process");
    }
    pin(1);
    fabric_ = make_fabric(frame_bytes);
    send_address(socket_.get(), fabric_->address());
    connect(*fabric_, {0}, {1}, receive_address(socket_.get()));
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    while (channel().try_push(FrameKind::goodbye, 0, {}) == Push::full) fabric_->progress();
    fabric_.reset();
    waitpid(child_, nullptr, 0);
  }

  UcxTransport& fabric() { return *fabric_; }
  Channel& channel() { return *fabric_->channel({1}); }

 private:
  buddy::UniqueFd socket_;
  pid_t child_ = 0;
  std::unique_ptr<UcxTransport> fabric_;
};

void report(benchmark::State& state, std::size_t frame_bytes) {
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frame_bytes));
}

// ---- benchmarks -----------------------------------------------------------------------------

// Both ends stepped by one thread: the network's CPU time per frame, without any waiting.
// Arguments: body bytes, frames pushed per round.
void stepped(benchmark::State& state) {
  const auto frame_bytes = static_cast<std::size_t>(state.range(0));
  pin(1);
  auto from = make_fabric(frame_bytes);
  auto to = make_fabric(frame_bytes);
  connect(*from, {0}, {1}, to->address());
  connect(*to, {1}, {0}, from->address());
  const std::vector<std::byte> body(frame_bytes);
  bool goodbye = false;
  std::int64_t in_round = 0;
  const auto step = [&] {
    from->progress();
    to->progress();
    consume(*to->channel({0}), goodbye);
    in_round = 0;
  };
  for ([[maybe_unused]] auto _ : state) {
    while (from->channel({1})->try_push(FrameKind::routed, 0, body) == Push::full) step();
    if (++in_round == state.range(1)) step();
  }
  while (!from->channel({1})->drained()) step();
  report(state, frame_bytes);
}
BENCHMARK(stepped)->ArgsProduct({{8, 1024, 32 << 10, 64 << 10, 256 << 10, 1 << 20}, {1, 8}});

// Two processes, one sends. Arguments: body bytes, 1 if both run on core 1.
void one_way(benchmark::State& state) {
  const auto frame_bytes = static_cast<std::size_t>(state.range(0));
  const bool shared_core = state.range(1) != 0;
  Pair pair(frame_bytes, shared_core, false);
  Waiter waiter(pair.fabric(), shared_core);
  const std::vector<std::byte> body(frame_bytes);
  int in_round = 0;
  for ([[maybe_unused]] auto _ : state) {
    while (pair.channel().try_push(FrameKind::routed, 0, body) == Push::full) {
      pair.fabric().progress() != 0 ? waiter.busy() : waiter.rest();
    }
    if (++in_round % 8 == 0) pair.fabric().progress();
  }
  while (!pair.channel().drained()) {
    if (pair.fabric().progress() == 0) waiter.rest();
  }
  report(state, frame_bytes);
}
BENCHMARK(one_way)
    ->ArgsProduct({{8, 1024, 32 << 10, 64 << 10, 256 << 10, 1 << 20}, {0, 1}})
    ->UseRealTime();

// A frame to the other process and its answer. Arguments: body bytes, 1 if both run on core 1.
void round_trip(benchmark::State& state) {
  const auto frame_bytes = static_cast<std::size_t>(state.range(0));
  const bool shared_core = state.range(1) != 0;
  Pair pair(frame_bytes, shared_core, true);
  Waiter waiter(pair.fabric(), shared_core);
  const std::vector<std::byte> body(frame_bytes);
  bool goodbye = false;
  for ([[maybe_unused]] auto _ : state) {
    while (pair.channel().try_push(FrameKind::routed, 0, body) == Push::full) {
      pair.fabric().progress();
    }
    while (consume(pair.channel(), goodbye) == 0) {
      pair.fabric().progress() != 0 ? waiter.busy() : waiter.rest();
    }
    waiter.busy();
  }
}
BENCHMARK(round_trip)->ArgsProduct({{8, 32 << 10}, {0, 1}})->UseRealTime();

// Two sockets in one thread, bytes as fast as they go: the kernel's part. Argument: bytes per call.
void plain_tcp(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0));
  pin(1);
  const buddy::UniqueFd listener(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof where;
  auto* name = reinterpret_cast<sockaddr*>(&where);
  if (bind(listener.get(), name, length) != 0 || listen(listener.get(), 1) != 0 ||
      getsockname(listener.get(), name, &length) != 0) {
    die("no loopback interface");
  }
  const buddy::UniqueFd from(socket(AF_INET, SOCK_STREAM, 0));
  if (connect(from.get(), name, length) != 0) die("cannot connect on the loopback interface");
  const buddy::UniqueFd to(accept(listener.get(), nullptr, nullptr));
  const std::vector<char> source(bytes);
  std::vector<char> sink(bytes);
  for ([[maybe_unused]] auto _ : state) {
    for (std::size_t sent = 0, got = 0; got < bytes;) {
      const ssize_t out = send(from.get(), source.data(), bytes - sent, MSG_DONTWAIT);
      if (out > 0) sent += static_cast<std::size_t>(out);
      const ssize_t in = recv(to.get(), sink.data(), bytes - got, MSG_DONTWAIT);
      if (in > 0) got += static_cast<std::size_t>(in);
    }
  }
  report(state, bytes);
}
BENCHMARK(plain_tcp)->Arg(8)->Arg(1024)->Arg(32 << 10)->Arg(128 << 10);

}  // namespace

int main(int argc, char** argv) {
  setenv("UCX_NET_DEVICES", "lo", 0);
  if (argc == 7 && std::strcmp(argv[1], "--peer") == 0) return run_peer(argv + 2);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
