// Definitions of ygm::comm: messages and waiting for them.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>
#include <ygm/comm.hpp>

namespace ygm {

template <typename AsyncFunction, typename... SendArgs>
void comm::async(int dest, AsyncFunction&& fn, const SendArgs&... args) const {
  BUDDY_YGM_CHECK_FUNCTION_OBJECT(AsyncFunction);
  self().buddy::Comm::async(dest, detail::functor<std::decay_t<AsyncFunction>>{fn}, args...);
}

template <typename AsyncFunction, typename... SendArgs>
void comm::async_bcast(AsyncFunction&& fn, const SendArgs&... args) const {
  BUDDY_YGM_CHECK_FUNCTION_OBJECT(AsyncFunction);
  self().buddy::Comm::async_bcast(detail::functor<std::decay_t<AsyncFunction>>{fn}, args...);
  stats_.broadcast(static_cast<std::uint64_t>(size()));
}

template <typename AsyncFunction, typename... SendArgs>
void comm::async_mcast(const std::vector<int>& dests, AsyncFunction&& fn,
                       const SendArgs&... args) const {
  BUDDY_YGM_CHECK_FUNCTION_OBJECT(AsyncFunction);
  self().buddy::Comm::async_mcast(dests, detail::functor<std::decay_t<AsyncFunction>>{fn}, args...);
}

inline bool comm::pass_barrier(bool full) const {
  self().buddy::Comm::barrier();
  // In here no handlers run, and nobody comes out before all are in: no message of the next phase
  // runs before this one has ended everywhere.
  return all_reduce_min(full ? 1 : 0) == 1;
}

inline void comm::barrier() const {
  log(log_level::debug, "Entering YGM barrier");
  stats_.barrier();
  while (!pass_barrier(true)) {
  }
  log(log_level::debug, "Exiting YGM barrier");
}

inline void comm::async_barrier() const { pass_barrier(false); }

template <typename Function>
void comm::local_wait_until(Function fn) const {
  self().wait_until([&fn] { return static_cast<bool>(fn()); });
}

template <typename T>
ygm_ptr<T> comm::make_ygm_ptr(T& object) const {
  ygm_ptr<T> pointer(&object);
  pointer.check(self());
  return pointer;
}

}  // namespace ygm
