// A YGM function object as a handler of Buddy.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace ygm {
class comm;

namespace detail {

/// The ygm::comm that a communicator of Buddy belongs to; costs nothing.
ygm::comm* owner_of(buddy::Comm& comm) noexcept;

/// Calls what the program sent: fn(comm*, args...) if that compiles, else fn(args...), with
/// arguments that may be moved from. Captured state travels as bytes.
template <class Fn>
struct functor {
  static_assert(std::is_trivially_copyable_v<Fn>,
                "a function object of async() is sent as its bytes: what it captures must be "
                "trivially copyable");
  [[no_unique_address]] Fn fn;

  template <class... Args>
  void operator()(buddy::Comm& comm, Args&&... args) {
    if constexpr (std::is_invocable_v<Fn&, ygm::comm*, Args...>) {
      fn(owner_of(comm), std::forward<Args>(args)...);
    } else {
      static_assert(std::is_invocable_v<Fn&, Args...>,
                    "the function object can be called neither with (comm*, args...) nor with "
                    "(args...)");
      fn(std::forward<Args>(args)...);
    }
  }

  template <class... Args>
    requires buddy::detail::HasPrefetch<Fn, Args...>
  void prefetch(const Args&... args) const { fn.prefetch(args...); }
};

}  // namespace detail
}  // namespace ygm

namespace buddy::detail {

/// As the program's own handler: a function pointer must not travel as an address.
template <class Fn>
struct HandlerCodec<ygm::detail::functor<Fn>> {
  static constexpr std::size_t bytes = HandlerCodec<Fn>::bytes;
  static decltype(auto) encode(const ygm::detail::functor<Fn>& from, const char* call) {
    return HandlerCodec<Fn>::encode(from.fn, call);
  }
  template <class Encoded>
  static void pack(std::byte*& at, const Encoded& encoded) noexcept {
    HandlerCodec<Fn>::pack(at, encoded);
  }
  static ygm::detail::functor<Fn> unpack(const std::byte*& at) {
    return {HandlerCodec<Fn>::unpack(at)};
  }
};

}  // namespace buddy::detail
