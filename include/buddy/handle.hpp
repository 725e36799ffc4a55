// A name for "the same object on every rank".
#pragma once

#include <cstdint>

namespace buddy {

namespace detail {
/// Address registered under \p id in this process. Throws Error(invalid_argument) if there is none.
void* lookup_object(std::uint32_t id);
}  // namespace detail

/// Refers to one object per rank, made by Comm::handle(). It is 4 bytes, can be an argument of a
/// message, and means the receiving rank's own object there.
/// Valid as long as that object lives, also in messages of other communicators of the same ranks.
/// Numbers are unique in a process, whatever threads make them. Throws Error(invalid_argument)
/// where it refers to nothing. Threads: any.
template <class T>
class Handle {
 public:
  Handle() = default;
  T& operator*() const { return *static_cast<T*>(detail::lookup_object(id_)); }
  T* operator->() const { return static_cast<T*>(detail::lookup_object(id_)); }

 private:
  friend class Comm;
  explicit Handle(std::uint32_t id) : id_(id) {}
  std::uint32_t id_ = 0;
};

}  // namespace buddy
