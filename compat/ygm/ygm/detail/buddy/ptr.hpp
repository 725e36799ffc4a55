// ygm::ygm_ptr: YGM's where YGM is installed, else our own, and how it travels.
// Read by <ygm/comm.hpp> after ygm::comm is complete.
#pragma once

#include <buddy/comm.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if __has_include(<ygm/detail/collective.hpp>)
#include <ygm/detail/collective.hpp>  // YGM 0.8 and later, where ygm_ptr needs it
#endif
#if __has_include(<ygm/detail/ygm_ptr.hpp>)
#include <ygm/detail/ygm_ptr.hpp>
#else

#include <stdexcept>
#include <string>
#include <vector>

namespace ygm {

/// Names "the same object on every rank": all ranks make the pointers of one type in the same
/// order, and the receiving rank's own object is meant. Valid as long as that object.
/// Threads: one.
template <class T>
class ygm_ptr {
 public:
  ygm_ptr() = default;
  ygm_ptr(T* object)  // NOLINT(google-explicit-constructor)
      : index_(static_cast<std::uint32_t>(objects().size())) {
    objects().push_back(object);
  }

  T* operator->() const { return objects()[index_]; }
  T& operator*() const { return *objects()[index_]; }
  T* get_raw_pointer() const { return objects()[index_]; }
  std::uint32_t index() const { return index_; }

  /// Collective. Throws std::runtime_error if ranks have made different numbers of pointers.
  template <class Comm>
  void check(Comm& comm) const {
    if (index_ == comm.all_reduce_min(index_) && index_ == comm.all_reduce_max(index_)) return;
    throw std::runtime_error(
        "ygm_ptr number " + std::to_string(index_) +
        " differs between ranks (they made different numbers of them) make them on all ranks");
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(index_);
  }

 private:
  static std::vector<T*>& objects() {
    static std::vector<T*> all;
    return all;
  }
  std::uint32_t index_ = 0;
};

}  // namespace ygm
#endif

namespace ygm::detail {

/// Gives a value to what a serialize() member asks for: sets ygm_ptr's index from outside.
struct index_source {
  std::uint32_t index;
  void operator()(std::uint32_t& wanted) const { wanted = index; }
};

}  // namespace ygm::detail

namespace buddy::detail {

/// YGM's pointer has a copy constructor of its own and would be serialised; its index is enough.
template <class T>
struct Flat<ygm::ygm_ptr<T>> {
  static constexpr bool value = true;
  static constexpr std::size_t bytes = sizeof(std::uint32_t);

  static void pack(std::byte*& at, const ygm::ygm_ptr<T>& from) noexcept {
    const std::uint32_t index = from.index();
    std::memcpy(at, &index, bytes);
    at += bytes;
  }
  static ygm::ygm_ptr<T> unpack(const std::byte*& at) noexcept {
    ygm::detail::index_source source{};
    std::memcpy(&source.index, at, bytes);
    at += bytes;
    ygm::ygm_ptr<T> pointer;
    pointer.serialize(source);
    return pointer;
  }
};

}  // namespace buddy::detail
