// The door over TCP, with a crowd in front of it.
#include "engine/reception.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "support/bodies.hpp"
#include "transport/control/greeting.hpp"

namespace buddy::engine {
namespace {

constexpr JobKey key{{0x0123456789abcdef, 0x0fedcba987654321}};
constexpr JobKey other_key{{1, 2}};
constexpr int timeout_s = 10;

/// A thread that lets everybody in who knows the key, and keeps them.
class Door {
 public:
  explicit Door(Reception::Options options)
      : reception_(std::move(transport::ControlListener::open(
                                 transport::ControlAddress::tcp("127.0.0.1", 0), timeout_s)
                                 .value()),
                   options),
        thread_([this] { run(); }) {}
  ~Door() { stop(); }
  /// Ends the thread, so that its counts can be read.
  const RefusedCounts& stop() {
    stop_.store(true);
    if (thread_.joinable()) thread_.join();
    return reception_.refused();
  }
  const transport::ControlAddress& address() const { return reception_.address(); }
  Result<transport::Greeted> greet(const JobKey& with = key) const {
    return transport::connect_and_greet({address(), with, {}, timeout_s});
  }
  transport::ControlSocket connect() const {
    auto socket = transport::ControlSocket::connect(address(), timeout_s);
    EXPECT_TRUE(socket.ok()) << socket.status().message();
    return socket.ok() ? std::move(socket.value()) : transport::ControlSocket();
  }

 private:
  void run() {
    while (!stop_.load()) {
      std::vector<pollfd> polled;
      reception_.watch(polled);
      ::poll(polled.data(), polled.size(), 10);
      for (Admitted& admitted : reception_.take(polled)) {
        EXPECT_TRUE(admitted.socket.post(transport::Welcome{}).ok());
        inside_.push_back(std::move(admitted.socket));
      }
    }
  }

  Reception reception_;
  std::vector<transport::ControlSocket> inside_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

std::uint64_t count(const RefusedCounts& counts, transport::GreetingEnd why) {
  return counts[static_cast<std::size_t>(why)];
}

/// Descriptors for both ends of a thousand connections.
void allow_many_files() {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

void send_raw(const transport::ControlSocket& socket, const test::Bytes& bytes) {
  ::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

test::Bytes head(std::uint32_t size, std::uint32_t kind) {
  test::Bytes bytes(8);
  wire::store(bytes.data(), size);
  wire::store(bytes.data() + 4, kind);
  return bytes;
}

TEST(Reception, a_thousand_silent_connections_let_ranks_in) {
  allow_many_files();
  for (const std::size_t room : {std::size_t{1024}, std::size_t{64}}) {
    Door door({.key = key, .max_strangers = room});
    std::vector<transport::ControlSocket> crowd;
    for (int i = 0; i < 1000; ++i) crowd.push_back(door.connect());
    const std::uint64_t before = monotonic_ns();
    for (int i = 0; i < 3; ++i) {
      const auto greeted = door.greet();
      EXPECT_TRUE(greeted.ok()) << greeted.status().message();
    }
    // With room for all of them at once; else as soon as enough of them have had their time.
    EXPECT_LT(monotonic_ns() - before, room > 1000 ? 2'000'000'000u : 10'000'000'000u);
    const std::uint64_t crowded = count(door.stop(), transport::GreetingEnd::crowded);
    EXPECT_EQ(crowded > 0, room < 1000) << crowded;
  }
}

TEST(Reception, half_greetings_hold_nobody_up) {
  Door door({.key = key});
  std::vector<transport::ControlSocket> halves;
  const auto hello = transport::encode(transport::Hello{});
  for (std::size_t size = 1; size < hello.size(); size += 7) {
    halves.push_back(door.connect());
    send_raw(halves.back(),
             test::Bytes(hello.begin(), hello.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  const std::uint64_t before = monotonic_ns();
  EXPECT_TRUE(door.greet().ok());
  EXPECT_LT(monotonic_ns() - before, 2'000'000'000u);
}

TEST(Reception, slow_ones_are_dropped) {
  Door door({.key = key, .greeting_limit_ms = 100});
  transport::ControlSocket silent = door.connect();
  transport::ControlSocket half = door.connect();
  send_raw(half, head(80, 0));
  EXPECT_EQ(silent.receive(20'000).status().code(), ErrorCode::peer_died);
  EXPECT_EQ(half.receive(20'000).status().code(), ErrorCode::peer_died);
  EXPECT_EQ(count(door.stop(), transport::GreetingEnd::silent), 2u);
}

TEST(Reception, what_is_refused_is_counted) {
  Door door({.key = key});
  test::Random random(1);
  for (const test::Bytes& bytes : {test::Bytes(100, std::byte{0xff}), head(4097, 0),
                                   head(~std::uint32_t{0}, 0), head(0, 77)}) {
    transport::ControlSocket garbage = door.connect();
    send_raw(garbage, bytes);
    EXPECT_EQ(garbage.receive(20'000).status().code(), ErrorCode::peer_died);
  }
  door.connect() = transport::ControlSocket();  // says nothing and leaves
  EXPECT_EQ(door.greet(other_key).status().code(), ErrorCode::mismatch);
  transport::ControlSocket old = door.connect();
  transport::Hello hello;
  hello.version = 3;
  EXPECT_EQ(transport::ask<transport::Challenge>(old, hello, 20'000).status().code(),
            ErrorCode::mismatch);
  transport::ControlSocket strange = door.connect();
  hello = {};
  hello.machine = 0x4c450808;
  EXPECT_EQ(transport::ask<transport::Challenge>(strange, hello, 20'000).status().code(),
            ErrorCode::mismatch);
  EXPECT_TRUE(door.greet().ok()) << "the others are served all the same";
  ::usleep(100'000);
  const RefusedCounts& counts = door.stop();
  EXPECT_EQ(count(counts, transport::GreetingEnd::malformed), 4u);
  EXPECT_EQ(count(counts, transport::GreetingEnd::left), 1u);
  EXPECT_EQ(count(counts, transport::GreetingEnd::key), 1u);
  EXPECT_EQ(count(counts, transport::GreetingEnd::version), 1u);
  EXPECT_EQ(count(counts, transport::GreetingEnd::machine), 1u);
}

}  // namespace
}  // namespace buddy::engine
