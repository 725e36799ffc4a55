// A rank as an engine process sees it, without MPI.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/peer_timeout.hpp"
#include "transport/control/control_socket.hpp"
#include "transport/control/greeting.hpp"
#include "transport/link.hpp"
#include "wire/control.hpp"

namespace buddy::engine {

/// Speaks the handshake step by step; tests leave out or garble what they like.
class FakeRank {
 public:
  static constexpr int patience_ms = 20'000;

  FakeRank(const std::string& socket_path, std::uint32_t rank,
           transport::LinkKind kind = transport::LinkKind::rings, const JobKey& key = {})
      : FakeRank(connected(transport::ControlAddress::unix_socket(socket_path)), rank, kind, key) {}
  FakeRank(const transport::ControlAddress& address, std::uint32_t rank)
      : FakeRank(connected(address), rank) {}
  /// On a connection that is there, greeted or not.
  FakeRank(transport::ControlSocket socket, std::uint32_t rank,
           transport::LinkKind kind = transport::LinkKind::rings, const JobKey& key = {})
      : rank_(rank), kind_(kind), key_(key), socket_(std::move(socket)) {
    make_link({});
  }

  transport::ControlSocket& socket() { return socket_; }
  void hang_up() { socket_ = transport::ControlSocket(); }

  /// \return the answer, or what receive() said
  Result<transport::Message> ask(const transport::Message& question) {
    if (Status status = socket_.send(question); !status.ok()) return status;
    return socket_.receive(patience_ms);
  }
  /// True if the answer is a T.
  template <class T>
  bool gets(const transport::Message& question) {
    const auto answer = ask(question);
    return answer.ok() && std::holds_alternative<T>(answer.value());
  }
  /// The connection was closed without an answer.
  bool is_cut_off(const transport::Message& question) {
    return ask(question).status().code() == ErrorCode::peer_died;
  }

  /// Greets. \return what the engine says of itself, or why it does not
  Result<transport::Welcome> greet(const JobKey& key, const JobId& job = {}) {
    return transport::greet(socket_, {{}, key, job, 0});
  }
  bool hello(const JobKey& key) { return greet(key).ok(); }
  transport::Join join_message(std::uint64_t session, const wire::JobMap& map) const {
    const std::uint32_t agent = rank_ < map.ranks() ? map.agent_of_rank[rank_] : 0;
    return {session, rank_, agent, map, link_->address(), false};
  }
  /// Of a rank that does not speak for its agent: another one has brought the map.
  transport::Join later_join_message(std::uint64_t session, AgentId agent) const {
    return {session, rank_, agent.value, std::nullopt, link_->address(), false};
  }
  bool join(std::uint64_t session, const wire::JobMap& map) {
    if (kind_ == transport::LinkKind::network) make_link(map.agent_of({rank_}));
    return join(join_message(session, map));
  }
  /// With a message of join_message() that a test has changed. \pre a link is made
  bool join(const transport::Join& join) {
    const auto answer = ask(join);
    if (!answer.ok() || !std::holds_alternative<transport::Joined>(answer.value())) return false;
    joined_ = std::get<transport::Joined>(answer.value());
    const Status connected = link_->connect(joined_.link, joined_.agent.host);
    EXPECT_TRUE(connected.ok()) << connected.message();
    return connected.ok();
  }
  const transport::Joined& joined() const { return joined_; }
  /// How other agents reach the one that serves this rank.
  const transport::AgentAddress& agent() const { return joined_.agent; }
  transport::RankLink& link() { return *link_; }

  bool push(wire::FrameKind kind, std::span<const std::byte> body) {
    const std::uint64_t deadline = monotonic_ns() + std::uint64_t{patience_ms} * 1'000'000;
    while (link_->channel().try_push(kind, 1, body) != wire::Push::ok) {
      link_->channel().flush_wakeups();
      link_->progress();
      if (monotonic_ns() > deadline) return false;
    }
    link_->channel().flush_wakeups();
    return true;
  }
  /// Waits for the next frame. \return its kind and body, or padding if none came
  std::pair<wire::FrameKind, std::vector<std::byte>> pull() {
    const std::uint64_t deadline = monotonic_ns() + std::uint64_t{patience_ms} * 1'000'000;
    wire::Frame frame;
    while (link_->channel().peek(frame) != wire::Peek::ready) {
      if (monotonic_ns() > deadline) return {wire::FrameKind::padding, {}};
      link_->progress();
      ::sched_yield();
    }
    std::pair<wire::FrameKind, std::vector<std::byte>> taken{
        frame.header.kind, {frame.body.begin(), frame.body.end()}};
    link_->channel().release();
    return taken;
  }
  /// Reports "idle in barrier \p epoch, nothing ever sent" and waits for the release.
  bool passes_barrier(std::uint64_t epoch) {
    if (!push(wire::FrameKind::report, wire::bytes_of(wire::BarrierReport{epoch, 0, 0, 0}))) {
      return false;
    }
    const auto [kind, body] = pull();
    const auto release = wire::read_control<wire::BarrierRelease>(body);
    return kind == wire::FrameKind::release && release && release->epoch == epoch;
  }

 private:
  static transport::ControlSocket connected(const transport::ControlAddress& address) {
    auto socket = transport::ControlSocket::connect(address, default_peer_timeout_s);
    EXPECT_TRUE(socket.ok()) << socket.status().message();
    return socket.ok() ? std::move(socket.value()) : transport::ControlSocket();
  }
  void make_link(AgentId agent) {
    transport::RankLinkOptions options;
    options.rank = {rank_};
    options.agent = agent;
    options.key = key_;
    options.sizes = arena::sizes_for(1);
    auto made = transport::make_rank_link(kind_, options);
    EXPECT_TRUE(made.ok()) << made.status().message();
    if (made.ok()) link_ = std::move(made.value());
  }

  std::uint32_t rank_;
  transport::LinkKind kind_;
  JobKey key_;
  transport::ControlSocket socket_;
  transport::Joined joined_;
  std::unique_ptr<transport::RankLink> link_;
};

}  // namespace buddy::engine
