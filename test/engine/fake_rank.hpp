// A rank as an engine process sees it, without MPI.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "arena/job_dir.hpp"
#include "base/clock.hpp"
#include "transport/control/control_socket.hpp"
#include "transport/control/greeting.hpp"
#include "transport/control/tcp_socket.hpp"
#include "transport/rings/ring_link.hpp"
#include "wire/control.hpp"

namespace buddy::engine {

/// Speaks the handshake step by step; tests leave out or garble what they like.
class FakeRank {
 public:
  static constexpr int patience_ms = 20'000;

  FakeRank(const std::string& socket_path, std::uint32_t rank)
      : FakeRank(transport::ControlAddress::unix_socket(socket_path), rank) {}
  FakeRank(const transport::ControlAddress& address, std::uint32_t rank)
      : FakeRank(connected(address), rank) {}
  /// On a connection that is there, greeted or not.
  FakeRank(transport::ControlSocket socket, std::uint32_t rank)
      : rank_(rank), socket_(std::move(socket)) {
    directory_ = std::make_unique<arena::JobDir>(std::move(arena::JobDir::create().value()));
    doorbell_ = std::make_unique<arena::Doorbell>(
        std::move(arena::Doorbell::create(doorbell_path()).value()));
  }

  transport::ControlSocket& socket() { return socket_; }
  std::string doorbell_path() const {
    return directory_->path() + "/rank-" + std::to_string(rank_) + ".doorbell";
  }
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
    return {session, rank_, map, doorbell_path(), false};
  }
  bool join(std::uint64_t session, const wire::JobMap& map) {
    const auto answer = ask(join_message(session, map));
    if (!answer.ok() || !std::holds_alternative<transport::Joined>(answer.value())) return false;
    joined_ = std::get<transport::Joined>(answer.value());
    auto opened = transport::RingLink::open(joined_.link_path, joined_.arena_path + ".doorbell",
                                            arena::sizes_for(map.agents()));
    if (!opened.ok()) return false;
    link_ = std::move(opened.value());
    return true;
  }
  const transport::Joined& joined() const { return joined_; }
  transport::RingLink& link() { return *link_; }

  bool push(wire::FrameKind kind, std::span<const std::byte> body) {
    const std::uint64_t deadline = monotonic_ns() + std::uint64_t{patience_ms} * 1'000'000;
    while (link_->channel().try_push(kind, 1, body) != wire::Push::ok) {
      link_->channel().flush_wakeups();
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
    auto socket = transport::ControlSocket::connect(address, transport::default_peer_timeout_s);
    EXPECT_TRUE(socket.ok()) << socket.status().message();
    return socket.ok() ? std::move(socket.value()) : transport::ControlSocket();
  }

  std::uint32_t rank_;
  transport::ControlSocket socket_;
  std::unique_ptr<arena::JobDir> directory_;
  std::unique_ptr<arena::Doorbell> doorbell_;
  transport::Joined joined_;
  std::unique_ptr<transport::RingLink> link_;
};

}  // namespace buddy::engine
