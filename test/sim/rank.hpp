// One rank of a simulated job: a real endpoint on a stack of its own.
#pragma once

#include <atomic>
#include <buddy/detail/outbox.hpp>
#include <buddy/error.hpp>
#include <cstdint>
#include <functional>
#include <optional>

#include "arena/sizes.hpp"
#include "comm/endpoint/endpoint.hpp"
#include "comm/endpoint/engine_channel.hpp"
#include "engine/embedded_link.hpp"
#include "engine/engine.hpp"
#include "sim/actor.hpp"
#include "support/fiber.hpp"
#include "support/seeds.hpp"

namespace buddy::sim {

/// Runs a program that may block: wherever the real rank would spin or sleep, and at random in
/// between, others get their turn.
class Rank final : public Actor {
 public:
  struct Options {
    std::uint32_t number = 0;
    WakingChannel* link = nullptr;
    engine::Engine* embedded = nullptr;                ///< host placement
    bool in_place = false;                             ///< its engine spares copies
    const std::atomic<std::uint32_t>* idle = nullptr;  ///< of the engine
    arena::Sizes sizes{};
    test::Random* random = nullptr;
  };
  Rank(const Options& options, comm::Receiver& receiver, std::function<void(Rank&)> program);
  /// Ends the program if it has not ended: its next wait fails.
  ~Rank() override;

  std::uint32_t number() const noexcept { return options_.number; }
  comm::Endpoint& endpoint() noexcept { return endpoint_; }
  detail::Outbox& outbox() noexcept { return outbox_; }
  WakingChannel& link() noexcept { return *options_.link; }
  engine::Engine* embedded() noexcept { return options_.embedded; }

  void step() override { fiber_.resume(); }
  bool done() const override { return fiber_.finished(); }
  /// What ended the program early.
  const std::optional<Error>& error() const noexcept { return error_; }

  /// For the program: throws when it has to end.
  void check() { throw_if_error(health_); }
  /// For the program: lets others run, sometimes or always.
  void maybe_yield();
  void yield();
  /// For the program: nothing to do until a neighbour moves.
  void sleep();

  /// The engine's process has ended.
  void lose_engine(Status reason) {
    health_ = std::move(reason);
    wake();
  }

 private:
  class Way final : public comm::EngineChannel {
   public:
    explicit Way(Rank& rank) : rank_(rank) {
      if (rank_.options_.in_place)
        in_place_.emplace(*rank_.options_.embedded, *rank_.options_.link);
    }
    transport::Channel& channel() noexcept override {
      if (in_place_) return *in_place_;
      return *rank_.options_.link;
    }
    std::uint32_t step() noexcept override;
    std::uint32_t step_while_sending() noexcept override;
    void flush_wakeups() noexcept override;
    void rest() noexcept override { rank_.sleep(); }
    bool needs_no_progress() noexcept override { return true; }
    void busy() noexcept override { rank_.wake(); }
    Status health() override;

   private:
    Rank& rank_;
    std::optional<engine::EmbeddedLink> in_place_;
  };
  void run(const std::function<void(Rank&)>& program);

  Options options_;
  detail::Outbox outbox_;
  Way way_{*this};
  comm::Endpoint endpoint_;
  Status health_;
  bool ending_ = false;  ///< no more turns for others: the simulation is over
  std::optional<Error> error_;
  test::Fiber fiber_;
};

}  // namespace buddy::sim
