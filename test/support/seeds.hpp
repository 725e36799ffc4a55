// Random tests: which seeds to run, how to name the one that failed, and how to try it again.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace buddy::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// Instrumented code is about this many times slower.
inline constexpr std::uint64_t sanitizer_factor = 15;

/// How many seeds a test tries when nothing else is asked for.
constexpr std::uint64_t scaled_runs(std::uint64_t runs) {
  return sanitized ? (runs + sanitizer_factor - 1) / sanitizer_factor : runs;
}

inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

/// Calls \p test(seed) for seeds in a row, until the first failure, whose seed it prints.
/// BUDDY_SIM_SEED sets the first seed, and alone means this one only; BUDDY_SIM_RUNS sets how many.
template <class Test>
void for_each_seed(std::uint64_t runs, Test test) {
  const bool chosen = std::getenv("BUDDY_SIM_SEED") != nullptr;
  const std::uint64_t first = number_from_environment("BUDDY_SIM_SEED", 1);
  const std::uint64_t count =
      number_from_environment("BUDDY_SIM_RUNS", chosen ? 1 : scaled_runs(runs));
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test(seed);
    if (testing::Test::HasFailure()) {
      std::cout << "to see this failure alone: BUDDY_SIM_SEED=" << seed << std::endl;
      return;
    }
  }
  std::cout << "seeds " << first << " to " << first + count - 1 << std::endl;
}

/// Random choices of a test.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /// 0 .. bound-1
  std::uint32_t below(std::uint64_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  /// low .. high
  std::uint32_t between(std::uint32_t low, std::uint32_t high) {
    return low + below(std::uint64_t{high} - low + 1);
  }
  bool one_in(std::uint64_t many) { return engine_() % many == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace buddy::test
