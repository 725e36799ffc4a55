// A YGM function object as a handler of Buddy.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace ygm {
class comm;

namespace detail {

/// The ygm::comm that a communicator of Buddy belongs to; costs nothing.
ygm::comm* owner_of(buddy::Comm& comm) noexcept;

/// Calls what the program sent: fn(comm*, args...) if that compiles, else fn(args...), with
/// arguments that may be moved from.
template <class Fn, class... Args>
void call_functor(Fn& fn, buddy::Comm& comm, Args&&... args) {
  if constexpr (std::is_invocable_v<Fn&, ygm::comm*, Args...>) {
    fn(owner_of(comm), std::forward<Args>(args)...);
  } else {
    static_assert(std::is_invocable_v<Fn&, Args...>,
                  "the function object can be called neither with (comm*, args...) nor with "
                  "(args...)");
    fn(std::forward<Args>(args)...);
  }
}

/// What the program sent, as a handler of Buddy. Captured state travels as bytes.
template <class Fn>
struct functor {
  [[no_unique_address]] Fn fn;

  template <class... Args>
  void operator()(buddy::Comm& comm, Args&&... args) {
    call_functor(fn, comm, std::forward<Args>(args)...);
  }

  template <class... Args>
    requires buddy::detail::HasPrefetch<Fn, Args...>
  void prefetch(const Args&... args) const { fn.prefetch(args...); }
};

/// The same for a function object with constructors of its own (YGM_SKIP_ASYNC_LAMBDA_COMPLIANCE):
/// as in YGM, its bytes travel, and none of its constructors or destructors is called for that.
template <class Fn>
  requires(!std::is_trivially_copyable_v<Fn>)
struct functor<Fn> {
  static_assert(!std::is_polymorphic_v<Fn>,
                "a function object of async() is sent as its bytes: it must not have virtual "
                "functions");

  explicit functor(const Fn& object) : sent(&object) {}
  /// Takes the bytes that arrived.
  explicit functor(const std::byte* from) {
    if constexpr (!std::is_empty_v<Fn>) std::memcpy(memory, from, sizeof(Fn));
  }

  template <class... Args>
  void operator()(buddy::Comm& comm, Args&&... args) {
    call_functor(*std::launder(reinterpret_cast<Fn*>(memory)), comm, std::forward<Args>(args)...);
  }

  const Fn* sent = nullptr;                    ///< on the sending rank: the program's own
  alignas(Fn) std::byte memory[sizeof(Fn)]{};  ///< on the receiving one  NOLINT(modernize-*)
};

template <class Fn>
inline constexpr bool travels_as_bytes = std::is_trivially_copyable_v<std::decay_t<Fn>>;

}  // namespace detail
}  // namespace ygm

/// In each function that sends. YGM's own macro of this kind asks for standard layout as well.
#if defined(YGM_SKIP_ASYNC_LAMBDA_COMPLIANCE) && YGM_SKIP_ASYNC_LAMBDA_COMPLIANCE
#define BUDDY_YGM_CHECK_FUNCTION_OBJECT(Fn)
#else
#define BUDDY_YGM_CHECK_FUNCTION_OBJECT(Fn)                                                    \
  static_assert(::ygm::detail::travels_as_bytes<Fn>,                                           \
                "a function object of async() is sent as its bytes: what it captures must be " \
                "trivially copyable")
#endif

namespace buddy::detail {

/// Function objects with constructors are the program's own responsibility.
template <class Fn>
inline constexpr Refusal handler_refusal<ygm::detail::functor<Fn>> =
    std::is_trivially_copyable_v<Fn> ? handler_refusal<Fn> : Refusal::none;

/// As the program's own handler: a function pointer must not travel as an address.
template <class Fn>
  requires std::is_trivially_copyable_v<Fn>
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

/// The bytes of the program's own object, which is not copied.
template <class Fn>
  requires(!std::is_trivially_copyable_v<Fn>)
struct HandlerCodec<ygm::detail::functor<Fn>> {
  static constexpr std::size_t bytes = std::is_empty_v<Fn> ? 0 : sizeof(Fn);
  static const Fn& encode(const ygm::detail::functor<Fn>& from, const char*) noexcept {
    return *from.sent;
  }
  static void pack(std::byte*& at, const Fn& encoded) noexcept {
    if constexpr (bytes != 0) std::memcpy(at, static_cast<const void*>(&encoded), bytes);
    at += bytes;
  }
  static ygm::detail::functor<Fn> unpack(const std::byte*& at) {
    const std::byte* const from = at;
    at += bytes;
    return ygm::detail::functor<Fn>(from);
  }
};

}  // namespace buddy::detail
