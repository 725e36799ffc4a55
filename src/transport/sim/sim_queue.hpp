// A queue that costs little while it is empty: a network of a thousand agents has a million.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace buddy::transport {

/// First in, first out. An empty one that was never used takes no memory beside itself.
template <class T>
class SimQueue {
 public:
  bool empty() const noexcept { return first_ == items_.size(); }
  std::size_t size() const noexcept { return items_.size() - first_; }
  T& operator[](std::size_t i) noexcept { return items_[first_ + i]; }
  const T& operator[](std::size_t i) const noexcept { return items_[first_ + i]; }
  const T& back() const noexcept { return items_.back(); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  void pop_front() {
    items_[first_++] = T();
    if (empty()) {
      clear();
    } else if (first_ >= least_gap && first_ > size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
  }
  /// Keeps the first \p count items. \pre count <= size()
  void keep(std::size_t count) { items_.resize(first_ + count); }
  void clear() noexcept {
    items_.clear();
    first_ = 0;
  }

 private:
  static constexpr std::size_t least_gap = 16;
  std::vector<T> items_;
  std::size_t first_ = 0;  ///< of the items that are left
};

}  // namespace buddy::transport
