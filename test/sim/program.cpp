#include "sim/program.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/run.hpp"

namespace buddy::sim {
namespace {

/// What a user's handler might throw.
struct HandlerError {};

/// 4 to 64 cover the loops that routers have for common sizes.
constexpr std::array<std::uint32_t, 15> fixed_sizes = {0,  1,  4,  8,   12,   16,   20,    24,
                                                       32, 40, 64, 100, 1000, 8192, 20'000};

}  // namespace

Program::Program(const Plan& plan, std::uint32_t number, Meeting& meeting, test::Random& random)
    : plan_(plan), number_(number), meeting_(meeting), random_(random) {
  for (const std::uint32_t bytes : fixed_sizes) {
    if (bytes <= plan.most_fixed_bytes) kinds_.push_back({true, bytes});
  }
  kinds_.push_back({false, plan.most_variable_bytes});
}

// ---- the program ----------------------------------------------------------------------------

/// A handler's exception leaves through the call that ran it; programs may catch it and go on.
template <class Call>
void Program::until_it_returns(Call call) {
  for (;;) {
    try {
      call();
      return;
    } catch (const HandlerError&) {
      continue;
    }
  }
}

void Program::run(Rank& rank) {
  rank_ = &rank;
  for (std::uint32_t phase = 0; phase < plan_.phases; ++phase) {
    const bool meets = phase % 3 == 2;
    const std::uint32_t actions = random_.below(plan_.actions + 1);
    for (std::uint32_t i = 0; i < actions; ++i) {
      // Whoever waits for an answer must not be waited for at a place where no handlers run.
      act(!meets);
    }
    if (meets) meet(phase);
    pass_barrier(phase);
  }
  meet(plan_.phases);
}

void Program::act(bool may_ask) {
  switch (random_.below(8)) {
    case 0: until_it_returns([&] { rank_->endpoint().poll(); }); break;
    case 1: rank_->yield(); break;
    case 2: rank_->endpoint().before_barrier([this] { send_burst(); }); break;
    case 3:
      if (may_ask && plan_.questions) ask();
      break;
    default: send_burst();
  }
}

void Program::send_burst() {
  const std::uint32_t count = 1 + random_.below(plan_.burst);
  const std::uint32_t dest = random_.below(plan_.ranks);
  const bool same = random_.one_in(3);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t to = same ? dest : random_.below(plan_.ranks);
    try {
      send_random(plan_.depth, Role::statement, to);
    } catch (const HandlerError&) {
      continue;
    }
  }
}

void Program::ask() {
  const std::uint64_t before = answers_;
  bool asked = true;
  try {
    send_random(0, Role::question, random_.below(plan_.ranks));
  } catch (const HandlerError&) {
    asked = false;
  }
  while (asked && answers_ == before) {
    until_it_returns([&] { rank_->endpoint().wait_for_progress(); });
  }
}

void Program::meet(std::uint32_t place) {
  ++meeting_.gathered[place];
  while (meeting_.gathered[place] < plan_.ranks) {
    rank_->endpoint().progress_without_handlers();
    rank_->yield();
  }
}

void Program::pass_barrier(std::uint32_t phase) {
  ++meeting_.entered[phase];
  until_it_returns([&] { rank_->endpoint().barrier(); });
  if (meeting_.left[phase]++ != 0) return;
  const std::string name =
      "barrier " + std::to_string(phase) + " was left by rank " + std::to_string(number_);
  if (meeting_.entered[phase] != plan_.ranks) {
    meeting_.oracle.fail(name + " before all ranks had entered it");
  } else if (!meeting_.oracle.all_run()) {
    meeting_.oracle.fail(name + " with " + std::to_string(meeting_.oracle.run()) + " of " +
                         std::to_string(meeting_.oracle.sent()) + " messages run");
  }
}

// ---- sending --------------------------------------------------------------------------------

void Program::send_random(std::uint32_t depth, Role role, std::uint32_t dest) {
  if (role == Role::statement) {
    if (meeting_.budget_left == 0) return;
    --meeting_.budget_left;
  }
  std::uint32_t handler = 0;
  Oracle::Message message{};
  do {
    handler = random_.below(kinds_.size());
    const Kind& kind = kinds_[handler];
    message.bytes = kind.is_fixed ? kind.bytes : random_.below(kind.bytes + 1);
    // Questions and answers must be told from others.
  } while (role != Role::statement && message.bytes < Oracle::least_named_bytes);
  message.source = number_;
  message.dest = dest;
  message.handler = handler;
  message.depth = depth;
  message.question = role == Role::question;
  message.answer = role == Role::answer;
  if (rank_->endpoint().in_handler()) message.may_overtake = being_sent_;
  send(handler, message);
}

void Program::send(std::uint32_t handler, const Oracle::Message& message) {
  const std::uint32_t number = meeting_.oracle.begin(message);
  const bool outside = !rank_->endpoint().in_handler();
  if (outside) being_sent_ = number;
  try {
    append(handler, message, number);
  } catch (...) {
    meeting_.oracle.interrupted(number);
    if (outside) being_sent_.reset();
    throw;
  }
  if (outside) being_sent_.reset();
}

/// As Comm::async() does it.
void Program::append(std::uint32_t handler, const Oracle::Message& message, std::uint32_t number) {
  const bool is_fixed = kinds_[handler].is_fixed;
  detail::Outbox& outbox = rank_->outbox();
  if (is_fixed && message.bytes <= arena::max_item_bytes && !random_.one_in(4)) {
    const std::uint64_t key = detail::Outbox::key(handler, message.bytes);
    std::byte* item = outbox.try_extend(key, message.bytes + 4);
    if (item == nullptr) item = rank_->endpoint().open_run(handler, message.bytes);
    wire::store(item, message.dest);
    Oracle::fill(number, {item + 4, message.bytes});
    if (outbox.engine_is_idle()) rank_->endpoint().publish_to_idle_engine();
  } else {
    std::vector<std::byte> payload(message.bytes);
    Oracle::fill(number, payload);
    rank_->endpoint().send(message.dest, handler, is_fixed, payload);
  }
}

// ---- handlers -------------------------------------------------------------------------------

bool Program::accepts(std::uint32_t handler, std::uint32_t item_bytes) noexcept {
  if (handler >= kinds_.size()) return false;
  const Kind& kind = kinds_[handler];
  return kind.is_fixed ? kind.bytes == item_bytes : item_bytes == wire::variable_items;
}

void Program::run_fixed(std::uint32_t handler, const std::byte* items, std::uint32_t count,
                        std::uint32_t& done) {
  const std::uint32_t bytes = kinds_[handler].bytes;
  const std::uint32_t stride = wire::item_stride(bytes, wire::Form::final);
  for (; done < count; ++done) handle(handler, {items + std::size_t{done} * stride, bytes});
}

void Program::run_variable(std::uint32_t handler, std::span<const std::byte> payload) {
  handle(handler, payload);
}

void Program::handle(std::uint32_t handler, std::span<const std::byte> payload) {
  const auto message = meeting_.oracle.started(number_, handler, payload);
  rank_->maybe_yield();
  if (message) answer(*message);
  meeting_.oracle.finished();
  if (plan_.throw_odds != 0 && random_.one_in(plan_.throw_odds)) throw HandlerError{};
}

void Program::answer(const Oracle::Message& message) {
  if (message.question) send_random(0, Role::answer, message.source);
  if (message.answer) ++answers_;
  if (message.depth == 0) return;
  for (std::uint32_t i = random_.below(plan_.fan_out + 1); i > 0; --i) {
    send_random(message.depth - 1, Role::statement, random_.below(plan_.ranks));
    if (random_.one_in(8)) rank_->endpoint().poll();
    if (random_.one_in(40)) rank_->endpoint().before_barrier([this] { send_burst(); });
  }
}

}  // namespace buddy::sim
