// Time.
#pragma once

#include <time.h>

#include <cstdint>

namespace buddy {

inline std::uint64_t read_clock_ns(clockid_t clock) noexcept {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

inline std::uint64_t monotonic_ns() noexcept { return read_clock_ns(CLOCK_MONOTONIC); }
/// The same clock, up to 10 ms behind, at a fifth of the cost.
inline std::uint64_t coarse_ns() noexcept { return read_clock_ns(CLOCK_MONOTONIC_COARSE); }
inline std::uint64_t process_cpu_ns() noexcept { return read_clock_ns(CLOCK_PROCESS_CPUTIME_ID); }
inline std::uint64_t thread_cpu_ns() noexcept { return read_clock_ns(CLOCK_THREAD_CPUTIME_ID); }

}  // namespace buddy
