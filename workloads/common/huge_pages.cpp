#include "common/huge_pages.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <vector>

namespace workloads {
namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

/// Mappings given back, for the rest of the process.
std::vector<std::span<std::byte>>& spare_mappings() {
  static auto* const spares = new std::vector<std::span<std::byte>>();  // outlives all arrays
  return *spares;
}

/// The smallest spare that is not much larger than needed, or none.
std::span<std::byte> take_spare(std::size_t length) {
  auto& spares = spare_mappings();
  auto best = spares.end();
  for (auto each = spares.begin(); each != spares.end(); ++each) {
    if (each->size() < length || each->size() > 2 * length) continue;
    if (best == spares.end() || each->size() < best->size()) best = each;
  }
  if (best == spares.end()) return {};
  const std::span<std::byte> found = *best;
  *best = spares.back();
  spares.pop_back();
  return found;
}

std::span<std::byte> map(std::size_t length) {
  void* const address =
      ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) throw std::bad_alloc();
  return {static_cast<std::byte*>(address), length};
}

}  // namespace

HugePages::HugePages(std::size_t bytes) {
  if (bytes == 0) return;
  // A mapping starts anywhere, a huge page only at its own multiples.
  const bool huge = bytes >= huge_page_bytes;
  const std::size_t length = huge ? round_up(bytes, huge_page_bytes) + huge_page_bytes : bytes;
  mapping_ = take_spare(length);
  const bool fresh = mapping_.empty();
  if (fresh) mapping_ = map(length);
  std::size_t skipped = 0;
  if (huge) {
    const auto start = reinterpret_cast<std::uintptr_t>(mapping_.data());
    skipped = round_up(start, huge_page_bytes) - start;
    // A system without huge pages refuses; then it is ordinary memory.
    if (fresh) (void)::madvise(mapping_.data() + skipped, length - huge_page_bytes, MADV_HUGEPAGE);
  }
  bytes_ = mapping_.subspan(skipped, bytes);
}

HugePages::~HugePages() {
  if (!mapping_.empty()) spare_mappings().push_back(mapping_);
}

}  // namespace workloads
