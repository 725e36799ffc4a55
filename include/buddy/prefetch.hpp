// The optional prefetch hook of a handler.
#pragma once

#include <type_traits>
#include <utility>

namespace buddy {

/// A handler together with a function that is called with the same arguments some messages ahead,
/// to say what the handler will touch:
///
///     comm.async(rank, buddy::with_prefetch([](auto& comm, std::uint64_t i) { ++table[i]; },
///                                           [](std::uint64_t i) { __builtin_prefetch(&table[i],
///                                           1); }), i);
///
/// The hook must have no effect but prefetching: it may run on messages that are handled much
/// later. Any functor type with a const member `prefetch(args...)` is the same thing by hand.
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
  void prefetch(const Args&... args) const { hook(args...); }
};

template <class H, class P>
WithPrefetch<H, P> with_prefetch(H handler, P hook) {
  return {handler, hook};
}

}  // namespace buddy
