#include "tools/scale/reserved_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace buddy::tools {

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

Result<ReservedMemory> ReservedMemory::create(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return Status(ErrorCode::no_memory, "cannot reserve " + std::to_string(bytes) + " bytes (" +
                                            std::strerror(errno) +
                                            ") simulate fewer agents, or raise ulimit -v");
  }
  // Or the first byte of an open block would take 2 MiB. Kernels without large pages refuse.
  [[maybe_unused]] const int kept = ::madvise(memory, bytes, MADV_NOHUGEPAGE);
  return ReservedMemory({static_cast<std::byte*>(memory), bytes});
}

ReservedMemory::ReservedMemory(ReservedMemory&& other) noexcept
    : memory_(std::exchange(other.memory_, {})) {}

ReservedMemory& ReservedMemory::operator=(ReservedMemory&& other) noexcept {
  std::swap(memory_, other.memory_);
  return *this;
}

ReservedMemory::~ReservedMemory() {
  if (!memory_.empty()) ::munmap(memory_.data(), memory_.size());
}

std::size_t ReservedMemory::resident_bytes() const {
  const std::size_t page = page_bytes();
  std::vector<unsigned char> there((memory_.size() + page - 1) / page);
  if (there.empty() || ::mincore(memory_.data(), memory_.size(), there.data()) != 0) return 0;
  const auto pages =
      std::count_if(there.begin(), there.end(), [](unsigned char one) { return (one & 1) != 0; });
  return static_cast<std::size_t>(pages) * page;
}

}  // namespace buddy::tools
