// Bodies of control frames. Layout in docs/formats/control.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/status.hpp"
#include "wire/run.hpp"

namespace buddy::wire {

/// Rank to engine: "I am inside barrier `epoch`, idle, and this is what I did so far".
struct BarrierReport {
  std::uint64_t epoch;            ///< 1 for the first barrier
  std::uint64_t sent;             ///< messages ever sent by this rank
  std::uint64_t handled;          ///< messages ever handled by it
  std::uint64_t consumed_frames;  ///< data frames it has taken from its inbox
};
static_assert(sizeof(BarrierReport) == 32);

/// Engine to rank: barrier `epoch` is complete.
struct BarrierRelease {
  std::uint64_t epoch;
};

/// Engine to engine: a partial sum of one wave of quiescence detection.
struct WaveMessage {
  std::uint64_t wave;
  std::uint32_t round;
  std::uint32_t reserved;
  std::uint64_t sent;
  std::uint64_t handled;
};
static_assert(sizeof(WaveMessage) == 32);

/// To anyone: the job has failed. Followed by text_bytes bytes of text.
struct FailureHeader {
  std::uint32_t code;  ///< ErrorCode
  std::uint32_t text_bytes;
};

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return std::as_bytes(std::span<const T, 1>(&value, 1));
}

/// \return nothing unless the body is exactly one T
template <class T>
std::optional<T> read_control(std::span<const std::byte> body) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (body.size() != sizeof(T)) return std::nullopt;
  return load<T>(body.data());
}

std::vector<std::byte> encode_failure(const Status& status);
/// \return nothing if the body is no failure
std::optional<Status> read_failure(std::span<const std::byte> body);
/// The same; \return corrupt if the body is no failure
Status decode_failure(std::span<const std::byte> body);

}  // namespace buddy::wire
