#include "engine/reception.hpp"

#include <utility>

#include "base/clock.hpp"

namespace buddy::engine {
namespace {

/// How long a stranger is safe from making room for another one.
constexpr std::uint64_t safe_ns = 200'000'000;
/// Connections taken between two looks at those that there are.
constexpr int accepts_at_once = 64;

}  // namespace

Reception::Reception(transport::ControlListener listener, const Options& options)
    : listener_(std::move(listener)), options_(options) {}

void Reception::watch(std::vector<pollfd>& polled) const {
  polled.push_back({full_ ? -1 : listener_.fd(), POLLIN, 0});
  for (const Stranger& stranger : strangers_) {
    const int in = stranger.ending ? 0 : POLLIN;
    const int out = stranger.socket.has_unsent() ? POLLOUT : 0;
    polled.push_back({stranger.socket.fd(), static_cast<short>(in | out), 0});
  }
}

std::vector<Admitted> Reception::take(std::span<const pollfd> ready) {
  std::vector<Admitted> admitted;
  const bool knocks = ready.front().revents != 0;
  auto stranger = strangers_.begin();
  for (const pollfd& each : ready.subspan(1)) {  // in the order of the list
    const Next next = serve(*stranger, each.revents);
    if (next == Next::comes_in) {
      admitted.push_back({std::move(stranger->socket), stranger->check.job()});
    }
    stranger = next == Next::stays ? std::next(stranger) : strangers_.erase(stranger);
  }
  drop_overdue();
  if (full_ || knocks) accept(admitted);
  return admitted;
}

Reception::Next Reception::serve(Stranger& stranger, short events) {
  if ((events & POLLOUT) != 0) {
    if (!stranger.socket.flush().ok()) return Next::goes;
    if (stranger.ending && !stranger.socket.has_unsent()) return Next::goes;
  }
  if (stranger.ending) return (events & (POLLERR | POLLHUP)) != 0 ? Next::goes : Next::stays;
  return (events & ~POLLOUT) != 0 ? read(stranger) : Next::stays;
}

Reception::Next Reception::read(Stranger& stranger) {
  auto message = stranger.socket.try_receive();
  if (!message.ok()) {
    const bool malformed = message.status().code() == ErrorCode::corrupt;
    count(malformed ? transport::GreetingEnd::malformed : transport::GreetingEnd::left);
    return Next::goes;
  }
  if (!message.value()) return Next::stays;
  const auto outcome = stranger.check.take(*message.value());
  if (std::holds_alternative<transport::GreetingCheck::Admitted>(outcome)) return Next::comes_in;
  if (const auto* refused = std::get_if<transport::GreetingCheck::Refused>(&outcome)) {
    return refuse(stranger, *refused);
  }
  const Status sent = stranger.socket.post(std::get<transport::Challenge>(outcome));
  if (sent.ok()) return Next::stays;
  count(transport::GreetingEnd::left);
  return Next::goes;
}

Reception::Next Reception::refuse(Stranger& stranger,
                                  const transport::GreetingCheck::Refused& refused) {
  count(refused.why);
  if (!refused.answer || !stranger.socket.post(*refused.answer).ok()) return Next::goes;
  stranger.ending = true;
  stranger.since_ns = monotonic_ns();
  return stranger.socket.has_unsent() ? Next::stays : Next::goes;
}

void Reception::drop_overdue() {
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t limit = static_cast<std::uint64_t>(options_.greeting_limit_ms) * 1'000'000;
  strangers_.remove_if([&](const Stranger& stranger) {
    if (now - stranger.since_ns <= limit) return false;
    if (!stranger.ending) count(transport::GreetingEnd::silent);
    return true;
  });
}

/// \return false if everybody who could go is too young
bool Reception::make_room() {
  const bool room = strangers_.size() < options_.max_strangers;
  if (room && !full_) return true;
  if (strangers_.empty() || monotonic_ns() - strangers_.front().since_ns < safe_ns) return room;
  if (!strangers_.front().ending) count(transport::GreetingEnd::crowded);
  strangers_.pop_front();
  return true;
}

void Reception::accept(std::vector<Admitted>& admitted) {
  for (int i = 0; i < accepts_at_once; ++i) {
    if (!make_room()) {
      full_ = true;
      return;
    }
    auto taken = listener_.accept();
    full_ = !taken.ok();
    if (!taken.ok() || !taken.value()) return;
    taken.value().limit_content(transport::max_greeting_bytes);
    strangers_.push_back(
        {std::move(taken.value()), transport::GreetingCheck(options_.key), monotonic_ns()});
    // Its greeting is here already, most of the time.
    const Next next = read(strangers_.back());
    if (next == Next::comes_in) {
      admitted.push_back({std::move(strangers_.back().socket), strangers_.back().check.job()});
    }
    if (next != Next::stays) strangers_.pop_back();
  }
}

}  // namespace buddy::engine
