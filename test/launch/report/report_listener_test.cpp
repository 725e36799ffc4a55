// Both sides of the report channel over loopback, and those who do not belong there.
#include "launch/report/report_listener.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "launch/report/report_caller.hpp"

namespace buddy::launch {
namespace {

const JobKey key{{1, 2}};

class Reader final : public ReportReader {
 public:
  std::optional<report::Welcome> admit(const report::Join& join) override {
    if (join.rank > 3) return std::nullopt;
    joined.push_back(join.rank);
    return report::Welcome{.host = "h" + std::to_string(join.rank)};
  }
  void heard(std::uint32_t rank, report::Message message) override {
    last_rank = rank;
    messages.push_back(std::move(message));
  }
  void lost(std::uint32_t rank, ReportStream::State how) override {
    gone.push_back(rank);
    last_state = how;
  }

  std::vector<std::uint32_t> joined;
  std::vector<report::Message> messages;
  std::vector<std::uint32_t> gone;
  std::uint32_t last_rank = 99;
  ReportStream::State last_state = ReportStream::State::open;
};

class ReportChannel : public ::testing::Test {
 protected:
  ReportChannel()
      : listener_(std::move(
            ReportListener::open({.key = key, .ranks = 4, .peer_timeout_s = 2}).value())) {}

  /// Lets the listener work until \p done, for ten seconds at most.
  template <class Done>
  bool step_until(Done done) {
    for (int turn = 0; turn < 1000; ++turn) {
      listener_.step(reader_);
      if (done()) return true;
      pollfd one{listener_.fd(), POLLIN, 0};
      poll(&one, 1, 10);
    }
    return false;
  }

  Result<ReportLine> call(const JobKey& with, std::uint32_t rank, std::string prefix = {}) {
    std::optional<Result<ReportLine>> line;
    std::atomic<bool> done{false};
    const std::string addresses = prefix + "127.0.0.1:" + std::to_string(listener_.port());
    std::thread caller([&] {
      line = call_command({.addresses = addresses, .key = with, .peer_timeout_s = 2, .rank = rank});
      done = true;
    });
    step_until([&] { return done.load(); });
    caller.join();
    return std::move(*line);
  }

  UniqueFd connect_raw() const {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return socket;
  }

  static bool is_cut_off(const UniqueFd& socket) {
    char byte = 0;
    return recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 0 ||
           (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  /// The same, after what was sent before has been read.
  static bool is_gone(const UniqueFd& socket) {
    std::array<char, 4096> bytes{};
    while (recv(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
    }
    return is_cut_off(socket);
  }

  ReportListener listener_;
  Reader reader_;
};

TEST_F(ReportChannel, carries_what_both_sides_say) {
  auto line = call(key, 2);
  ASSERT_TRUE(line.ok()) << line.status().message();
  EXPECT_EQ(line.value().welcome.host, "h2");
  line.value().stream.send(report::Started{.host_cpus = 7});
  const std::string large(3'000'000, 'x');
  line.value().stream.send(report::File{report::File::profile, "name", large});
  ASSERT_TRUE(step_until([&] {
    line.value().stream.flush();
    return reader_.messages.size() == 2;
  }));
  EXPECT_EQ(reader_.last_rank, 2u);
  EXPECT_EQ(std::get<report::Started>(reader_.messages[0]).host_cpus, 7u);
  EXPECT_EQ(std::get<report::File>(reader_.messages[1]).bytes, large);

  listener_.send(2, report::End{.signal = 15, .grace_ms = 100});
  std::optional<report::Message> order;
  while (!order) {
    line.value().stream.receive();
    order = line.value().stream.next(report_limit);
  }
  EXPECT_EQ(std::get<report::End>(*order).signal, 15u);

  line.value().stream.close();
  ASSERT_TRUE(step_until([&] { return !reader_.gone.empty(); }));
  EXPECT_EQ(reader_.last_state, ReportStream::State::closed);
}

TEST_F(ReportChannel, tries_addresses_in_turn) {
  // Nobody listens at the first, and what is at the second is none.
  auto line = call(key, 0, "127.0.0.1:1,nonsense,");
  EXPECT_TRUE(line.ok()) << line.status().message();
}

TEST_F(ReportChannel, lets_in_nobody_without_the_key_and_no_rank_that_is_none) {
  const auto other = call(JobKey{{1, 3}}, 0);
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.status().message().find("does not know this job's key"), std::string::npos);
  const auto unknown = call(key, 4);
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.status().message().find("this rank is refused"), std::string::npos);
  EXPECT_TRUE(reader_.joined.empty());
}

TEST_F(ReportChannel, cuts_off_who_sends_anything_else) {
  const std::string hello = report::encode(report::Hello{});
  const std::vector<std::string> all = {
      std::string(100, '\xff'),                     // a giant length
      std::string("GET / HTTP/1.0\r\n\r\n"),        // another protocol
      hello.substr(0, 4) + std::string(50, '\1'),   // another kind
      report::encode(report::Started{}),            // without a greeting
      report::encode(report::Join{}),               // before the challenge
      hello + hello,                                // twice
      hello + report::encode(report::Join{}),       // a proof that is none
      report::encode(report::Hello{.version = 2}),  // another version
  };
  std::vector<UniqueFd> sockets;
  for (const std::string& bytes : all) {
    sockets.push_back(connect_raw());
    ASSERT_EQ(send(sockets.back().get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              std::ssize(bytes));
  }
  EXPECT_TRUE(step_until([&] { return listener_.refused() == all.size(); })) << listener_.refused();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) EXPECT_TRUE(is_gone(sockets[i])) << i;
  EXPECT_TRUE(reader_.joined.empty());
  EXPECT_TRUE(call(key, 1).ok()) << "others are still served";
}

TEST_F(ReportChannel, serves_ranks_while_strangers_are_silent) {
  std::vector<UniqueFd> silent;
  for (int i = 0; i < 300; ++i) silent.push_back(connect_raw());
  const std::string half = report::encode(report::Hello{}).substr(0, 20);
  for (const UniqueFd& socket : silent) send(socket.get(), half.data(), half.size(), MSG_NOSIGNAL);
  const auto line = call(key, 3);
  EXPECT_TRUE(line.ok()) << line.status().message();
  // Of those, the oldest had to go.
  EXPECT_TRUE(step_until([&] { return listener_.refused() >= 196; })) << listener_.refused();
  EXPECT_TRUE(is_cut_off(silent.front()));
  EXPECT_FALSE(is_cut_off(silent.back()));
}

}  // namespace
}  // namespace buddy::launch
