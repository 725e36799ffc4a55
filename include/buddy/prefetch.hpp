// The optional prefetch hook of a handler.
#pragma once

#include <type_traits>
#include <utility>

namespace buddy {

/// A handler together with a function that is called with the same arguments some messages ahead,
/// and returns the address that the handler will touch first; Buddy fetches its cache line, to be
/// written:
///
///     comm.async(rank, buddy::with_prefetch([](std::uint64_t i) { ++table[i]; },
///                                           [](std::uint64_t i) { return &table[i]; }), i);
///
/// The hook must have no effect: it may run on messages that are handled much later, and need not
/// run at all. The address is not accessed and may be null. Any functor type with a const member
/// `prefetch(args...)` that returns a pointer is the same thing by hand.
template <class H, class P>
struct WithPrefetch {
  static_assert(std::is_trivially_copyable_v<H> && std::is_trivially_copyable_v<P>);
  [[no_unique_address]] H handler;
  [[no_unique_address]] P hook;

  template <class... Args>
    requires std::is_invocable_v<const H&, Args...>
  decltype(auto) operator()(Args&&... args) const { return handler(std::forward<Args>(args)...); }

  template <class... Args>
    requires std::is_invocable_v<const P&, const Args&...>
  auto prefetch(const Args&... args) const { return hook(args...); }
};

template <class H, class P>
WithPrefetch<H, P> with_prefetch(H handler, P hook) {
  return {handler, hook};
}

}  // namespace buddy
