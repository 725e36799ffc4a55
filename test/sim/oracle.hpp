// What a simulated job has to do, and whether it did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace buddy::sim {

/// Knows every message of a job: who sent it, what is in it, whether it has run.
/// Messages of at least 4 bytes begin with their number and go on with bytes that follow from it;
/// smaller ones are only counted.
/// Order: a message may overtake another of its pair only if it was sent by a handler that ran
/// while the other was still being sent.
class Oracle {
 public:
  static constexpr std::uint32_t least_named_bytes = sizeof(std::uint32_t);

  explicit Oracle(std::uint32_t ranks) : ranks_(ranks), pairs_(std::size_t{ranks} * ranks) {}

  struct Message {
    std::uint32_t source;
    std::uint32_t dest;
    std::uint32_t handler;
    std::uint32_t bytes;
    std::uint32_t depth;                        ///< how often it may still cause others
    std::optional<std::uint32_t> may_overtake;  ///< being sent when this was sent
    bool question = false;                      ///< its handler sends an answer
    bool answer = false;
    bool optional = false;  ///< sending was interrupted: may run or not
    bool run = false;
  };

  /// A call that sends a message begins. \return its number
  std::uint32_t begin(const Message& message);
  /// The payload of a message.
  static void fill(std::uint32_t number, std::span<std::byte> payload);
  /// The call has been left by an exception: the message may have been sent or not.
  void interrupted(std::uint32_t number);

  /// A handler begins. \return the message, or nothing (and an error) if it should not run now
  std::optional<Message> started(std::uint32_t rank, std::uint32_t handler,
                                 std::span<const std::byte> payload);
  /// It has ended.
  void finished() { ++run_; }

  bool all_run() const noexcept { return run_ == sent_; }
  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t run() const noexcept { return run_; }
  /// Messages from one rank to another.
  std::uint64_t sent(std::uint32_t source, std::uint32_t dest) const;

  void fail(const std::string& what) {
    if (error_.empty()) error_ = what;
  }
  /// The first thing that went wrong, or empty.
  const std::string& error() const noexcept { return error_; }

 private:
  std::optional<Message> started_anonymous(std::uint32_t rank, std::uint32_t handler);
  std::vector<std::uint32_t>::iterator find_anonymous(std::uint32_t dest, std::uint32_t handler,
                                                      bool optional);
  std::deque<std::uint32_t>& pair(const Message& message) {
    return pairs_[std::size_t{message.source} * ranks_ + message.dest];
  }
  bool in_order(std::uint32_t number);

  std::uint32_t ranks_;
  std::vector<Message> messages_;
  std::vector<std::deque<std::uint32_t>> pairs_;  ///< not yet run, in the order of their sends
  std::vector<std::uint32_t> anonymous_;          ///< numbers of messages that cannot say theirs
  std::uint64_t sent_ = 0;
  std::uint64_t run_ = 0;
  std::string error_;
};

}  // namespace buddy::sim
