#include "instrument/simulated_region.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/unique_fd.hpp"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define BUDDY_HAS_CALLGRIND 1
#else
#define BUDDY_HAS_CALLGRIND 0
#endif

namespace buddy {
namespace {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

bool is_simulated() noexcept {
#if BUDDY_HAS_CALLGRIND
  return RUNNING_ON_VALGRIND != 0;
#else
  return false;
#endif
}

/// Callgrind changes the state of the thread that asks; without valgrind this does nothing.
void toggle_counting() noexcept {
#if BUDDY_HAS_CALLGRIND
  CALLGRIND_TOGGLE_COLLECT;
#endif
}

}  // namespace

std::unique_ptr<SimulatedRegion> SimulatedRegion::create() {
  const char* folder = std::getenv("BUDDY_PROFILE_DIR");
  if (!is_simulated() || folder == nullptr || *folder == '\0') return nullptr;
  auto region = open(folder);
  return region.ok() ? std::move(region.value()) : nullptr;
}

Result<std::unique_ptr<SimulatedRegion>> SimulatedRegion::open(const std::string& folder) {
  const std::string path = folder + "/ranks-in-region";
  constexpr std::size_t bytes = sizeof(std::atomic<std::uint64_t>);
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  // Growing a file that has the size already changes nothing, so all processes may do it.
  void* word = MAP_FAILED;
  if (file && ::ftruncate(file.get(), bytes) == 0) {
    word = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  }
  if (word == MAP_FAILED) {
    return Status(ErrorCode::system, "cannot map " + path + " (" + std::strerror(errno) +
                                         ") set BUDDY_PROFILE_DIR to a directory of your own");
  }
  return std::unique_ptr<SimulatedRegion>(
      new SimulatedRegion(*static_cast<std::atomic<std::uint64_t>*>(word)));
}

SimulatedRegion::~SimulatedRegion() { ::munmap(&inside_, sizeof inside_); }

void SimulatedRegion::begin() noexcept {
  inside_.fetch_add(1, std::memory_order_relaxed);
  toggle_counting();
}

void SimulatedRegion::end() noexcept {
  toggle_counting();
  inside_.fetch_sub(1, std::memory_order_relaxed);
}

void SimulatedRegion::follow() noexcept {
  const bool wanted = inside() > 0;
  if (wanted == counting_) return;
  counting_ = wanted;
  toggle_counting();
}

}  // namespace buddy
