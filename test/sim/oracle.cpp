#include "sim/oracle.hpp"

#include <algorithm>
#include <cstring>
#include <random>

namespace buddy::sim {
namespace {

constexpr std::size_t pattern_bytes = 1 << 18;
constexpr std::size_t pattern_starts = 1 << 12;

/// Random bytes; a message's are those from a place that follows from its number.
const std::vector<std::byte>& pattern() {
  static const std::vector<std::byte> bytes = [] {
    std::mt19937_64 random(4711);
    std::vector<std::byte> made(pattern_bytes);
    for (std::byte& byte : made) byte = static_cast<std::byte>(random());
    return made;
  }();
  return bytes;
}

const std::byte* pattern_of(std::uint32_t number) {
  return pattern().data() + (number * 2654435761u) % pattern_starts;
}

std::string describe(const Oracle::Message& message, std::uint32_t number) {
  return "message " + std::to_string(number) + " from " + std::to_string(message.source) + " to " +
         std::to_string(message.dest) + ", " + std::to_string(message.bytes) + " bytes";
}

}  // namespace

std::uint32_t Oracle::begin(const Message& message) {
  const auto number = static_cast<std::uint32_t>(messages_.size());
  messages_.push_back(message);
  ++sent_;
  if (message.bytes < least_named_bytes) {
    anonymous_.push_back(number);
  } else {
    pair(message).push_back(number);
  }
  return number;
}

std::uint64_t Oracle::sent(std::uint32_t source, std::uint32_t dest) const {
  const auto count = std::count_if(messages_.begin(), messages_.end(), [&](const Message& each) {
    return each.source == source && each.dest == dest;
  });
  return static_cast<std::uint64_t>(count);
}

void Oracle::fill(std::uint32_t number, std::span<std::byte> payload) {
  if (payload.size() < least_named_bytes) return;
  std::memcpy(payload.data(), &number, sizeof number);
  const auto rest = payload.subspan(sizeof number);
  if (!rest.empty()) std::memcpy(rest.data(), pattern_of(number), rest.size());
}

void Oracle::interrupted(std::uint32_t number) {
  Message& message = messages_[number];
  if (message.bytes < least_named_bytes && message.run) {
    // One that looks the same may be the one that ran: surely sent ones come first.
    if (const auto twin = find_anonymous(message.dest, message.handler, false);
        twin != anonymous_.end()) {
      messages_[*twin].run = true;
      message.run = false;
      *twin = number;
    }
  }
  message.optional = true;
  --sent_;
  if (message.run) --run_;
}

std::vector<std::uint32_t>::iterator Oracle::find_anonymous(std::uint32_t dest,
                                                            std::uint32_t handler, bool optional) {
  return std::find_if(anonymous_.begin(), anonymous_.end(), [&](std::uint32_t number) {
    const Message& message = messages_[number];
    return message.dest == dest && message.handler == handler && message.optional == optional;
  });
}

std::optional<Oracle::Message> Oracle::started_anonymous(std::uint32_t rank,
                                                         std::uint32_t handler) {
  auto it = find_anonymous(rank, handler, false);
  if (it == anonymous_.end()) it = find_anonymous(rank, handler, true);
  if (it == anonymous_.end()) {
    fail("rank " + std::to_string(rank) + " runs an empty message that nobody sent");
    return std::nullopt;
  }
  Message& message = messages_[*it];
  anonymous_.erase(it);
  message.run = true;
  if (message.optional) --run_;  // finished() will count it
  return message;
}

std::optional<Oracle::Message> Oracle::started(std::uint32_t rank, std::uint32_t handler,
                                               std::span<const std::byte> payload) {
  if (payload.size() < least_named_bytes) return started_anonymous(rank, handler);
  std::uint32_t number = 0;
  std::memcpy(&number, payload.data(), sizeof number);
  if (number >= messages_.size()) {
    fail("rank " + std::to_string(rank) + " runs a message that was never sent");
    return std::nullopt;
  }
  Message& message = messages_[number];
  const auto rest = payload.subspan(sizeof number);
  if (message.dest != rank || message.handler != handler || message.bytes != payload.size()) {
    fail(describe(message, number) + " runs on rank " + std::to_string(rank) + " with handler " +
         std::to_string(handler) + " and " + std::to_string(payload.size()) + " bytes");
  } else if (message.run) {
    fail(describe(message, number) + " runs twice");
  } else if (!rest.empty() && std::memcmp(rest.data(), pattern_of(number), rest.size()) != 0) {
    fail(describe(message, number) + " has other content than was sent");
  } else if (!in_order(number)) {
    fail(describe(message, number) + " overtakes message " + std::to_string(pair(message).front()));
  } else {
    message.run = true;
    if (message.optional) --run_;  // finished() will count it
    return message;
  }
  return std::nullopt;
}

bool Oracle::in_order(std::uint32_t number) {
  const Message& message = messages_[number];
  auto& waiting = pair(message);
  const auto must_wait = [&](std::uint32_t earlier) {
    return !messages_[earlier].optional && message.may_overtake != earlier;
  };
  const auto it = std::find(waiting.begin(), waiting.end(), number);
  if (it == waiting.end() || std::any_of(waiting.begin(), it, must_wait)) return false;
  waiting.erase(it);
  return true;
}

}  // namespace buddy::sim
