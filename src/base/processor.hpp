// All that depends on the architecture of the processor.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace buddy {

/// Tells the core that this is a spin loop.
inline void cpu_relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Whether there is a read_tick_counter().
#if defined(__x86_64__) || defined(__aarch64__)
inline constexpr bool has_tick_counter = true;
#else
inline constexpr bool has_tick_counter = false;
#endif

/// A counter of the processor that runs at a constant rate; the unit is not known. 0 without one.
inline std::uint64_t read_tick_counter() noexcept {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  std::uint64_t ticks = 0;
  asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return 0;
#endif
}

/// Bytes that stream_line() writes.
inline constexpr std::size_t stream_line_bytes = 64;

/// Stores past the caches: where they are, another core need not be asked for the line first.
#if defined(__SSE2__)
inline constexpr bool has_streaming_stores = true;

/// \pre \p to is 64-aligned
inline void stream_line(std::byte* to, const std::byte* from) noexcept {
  for (std::size_t i = 0; i < stream_line_bytes; i += sizeof(__m128i)) {
    const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), part);
  }
}

/// Streaming stores are not ordered by a release store; this orders them before it. It is an
/// instruction for these stores alone, not a fence between threads, so that ThreadSanitizer misses
/// nothing.
inline void order_streamed_lines() noexcept { _mm_sfence(); }
#else
// aarch64 has pairs of non-temporal stores (STNP); no compiler offers them as a function, and no
// figure says that they pay.
inline constexpr bool has_streaming_stores = false;
inline void stream_line(std::byte* /*to*/, const std::byte* /*from*/) noexcept {}
inline void order_streamed_lines() noexcept {}
#endif

}  // namespace buddy
