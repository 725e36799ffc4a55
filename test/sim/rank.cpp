#include "sim/rank.hpp"

#include <utility>

namespace buddy::sim {
namespace {

constexpr std::uint64_t yield_odds = 6;

}  // namespace

Rank::Rank(const Options& options, comm::Receiver& receiver, std::function<void(Rank&)> program)
    : options_(options),
      endpoint_(options.number, outbox_, way_, receiver, options.sizes),
      fiber_([this, main = std::move(program)] { run(main); }) {
  outbox_.idle = options_.idle;
  if (options_.embedded != nullptr) options_.embedded->allow_hold(false);
}

Rank::~Rank() {
  ending_ = true;
  health_ = Status(ErrorCode::peer_died, "the simulation is over (it was stopped) nothing to do");
  options_.link->cut(health_);
  while (!fiber_.finished()) fiber_.resume();
}

void Rank::run(const std::function<void(Rank&)>& program) {
  try {
    program(*this);
  } catch (const Error& error) {
    error_ = error;
  }
}

void Rank::yield() {
  if (!ending_) fiber_.yield();
}

void Rank::maybe_yield() {
  if (options_.random->one_in(yield_odds)) yield();
}

void Rank::sleep() {
  Actor::rest();
  yield();
}

std::uint32_t Rank::Way::step() noexcept {
  rank_.maybe_yield();
  if (rank_.options_.embedded == nullptr || rank_.ending_) return 0;
  return rank_.options_.embedded->poll();
}

std::uint32_t Rank::Way::step_while_sending() noexcept {
  if (rank_.options_.embedded == nullptr) return step();
  rank_.options_.embedded->allow_hold(true);
  const std::uint32_t work = step();
  rank_.options_.embedded->allow_hold(false);
  return work;
}

void Rank::Way::flush_wakeups() noexcept {
  if (rank_.options_.embedded != nullptr) {
    rank_.options_.embedded->flush_wakeups();
  } else {
    rank_.options_.link->flush_wakeups();
  }
}

Status Rank::Way::health() {
  if (!rank_.health_.ok() || rank_.options_.embedded == nullptr) return rank_.health_;
  return rank_.options_.embedded->status();
}

}  // namespace buddy::sim
