// The constructors of convey.h: what they accept, and what they say about hints.
#include <convey.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "conveyor.hpp"
#include "world.hpp"

using namespace buddy::convey;

namespace {

constexpr std::uint64_t known_options =
    convey_opt_RECKLESS | convey_opt_DYNAMIC | convey_opt_QUIET | convey_opt_SCATTER |
    convey_opt_PROGRESS | convey_opt_ALERT | convey_opt_COMPRESS |
    std::uint64_t{convey_opt_STANDARD} | convey_opt_BLOCKING;

/// The arguments of all constructors; those that one does not have are as nobody needs to hear of.
struct Arguments {
  const char* constructor;
  std::size_t capacity = SIZE_MAX;  ///< bytes; 0 is invalid
  std::size_t item_bound = 0;       ///< elastic ones
  bool elastic = false;
  int order = 1;
  std::size_t n_local = 0;
  std::size_t n_buffers = 1;
  const void* a2a = nullptr;
  const convey_alc8r_t* alloc = nullptr;
  std::uint64_t options = 0;
};

const char* problem_of(const Arguments& a) {
  if (a.capacity == 0) return "the capacity is 0";
  if (a.elastic && a.item_bound == 0) return "items may have no bytes at all";
  if (a.order < 1 || a.order > 3) return "the order is not 1, 2 or 3";
  if (!std::has_single_bit(a.n_buffers)) return "the number of buffers is no power of two";
  if (a.alloc != nullptr && (a.alloc->grab == nullptr || a.alloc->free == nullptr)) {
    return "the allocator lacks a function";
  }
  if ((a.options & ~known_options) != 0) return "an option is unknown";
  return nullptr;
}

/// Says once what has no effect.
void alert(const Arguments& a, bool is_first_pe) {
  static bool said = false;
  if ((a.options & convey_opt_ALERT) == 0 || said || !is_first_pe) return;
  std::string what;
  const auto add = [&](bool given, const char* name) {
    if (given) what += (what.empty() ? "" : ", ") + std::string(name);
  };
  add(a.capacity != SIZE_MAX, "limits on buffers");
  add(a.n_local != 0, "local groups");
  add(a.order != 1, "hops");
  add(a.n_buffers != 1, "numbers of buffers");
  add(a.a2a != nullptr, "all-to-all strategies");
  add(a.alloc != nullptr, "allocators");
  add((a.options & convey_opt_COMPRESS) != 0, "compression");
  add((a.options & convey_opt_STANDARD) != 0 || (a.options & convey_opt_BLOCKING) != 0,
      "expert options");
  add(std::getenv("CONVEY_BUFFER_SIZE") != nullptr || std::getenv("CONVEY_NLOCAL") != nullptr,
      "CONVEY_ variables");
  if (what.empty()) return;
  said = true;
  std::fprintf(stderr, "buddy: %s: without effect: %s (Buddy routes and buffers by itself)\n",
               a.constructor, what.c_str());
}

convey_t* make(const Arguments& a, std::size_t most_bytes) noexcept {
  const bool quiet = (a.options & convey_opt_QUIET) != 0;
  const auto refuse = [&](const char* why) -> convey_t* {
    if (!quiet) std::fprintf(stderr, "buddy: %s: %s\n", a.constructor, why);
    return nullptr;
  };
  if (const char* problem = problem_of(a)) return refuse(problem);
  try {
    World& world = World::join();
    if (world.failed()) return refuse(world.failure().c_str());
    alert(a, world.rank() == 0);
    return new conveyor(world, {a.options, a.elastic, std::min(most_bytes, max_item_bytes)});
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

}  // namespace

extern "C" {

const char convey_version[] = "3.0-buddy";

convey_t* convey_new(size_t max_bytes, size_t n_local, const convey_alc8r_t* alloc,
                     uint64_t options) {
  return make({.constructor = "convey_new",
               .capacity = max_bytes == 0 ? 1 : max_bytes,
               .n_local = n_local,
               .alloc = alloc,
               .options = options},
              max_item_bytes);
}

convey_t* convey_new_elastic(size_t item_bound, size_t max_bytes, size_t n_local,
                             const convey_alc8r_t* alloc, uint64_t options) {
  return make({.constructor = "convey_new_elastic",
               .capacity = max_bytes == 0 ? 1 : max_bytes,
               .item_bound = item_bound,
               .elastic = true,
               .n_local = n_local,
               .alloc = alloc,
               .options = options},
              item_bound);
}

convey_t* convey_new_simple(size_t capacity, const convey_alc8r_t* alloc,
                            const convey_mpp_a2a_t* a2a, uint64_t options) {
  return make({.constructor = "convey_new_simple",
               .capacity = capacity,
               .a2a = a2a,
               .alloc = alloc,
               .options = options},
              capacity);
}

convey_t* convey_new_twohop(size_t capacity, size_t row_procs, const convey_alc8r_t* alloc,
                            uint64_t options) {
  return make({.constructor = "convey_new_twohop",
               .capacity = capacity,
               .order = 2,
               .n_local = row_procs,
               .alloc = alloc,
               .options = options},
              capacity);
}

convey_t* convey_new_tensor(size_t capacity, int order, size_t n_local, size_t n_buffers,
                            const convey_alc8r_t* alloc, uint64_t options) {
  return make({.constructor = "convey_new_tensor",
               .capacity = capacity,
               .order = order,
               .n_local = n_local,
               .n_buffers = n_buffers,
               .alloc = alloc,
               .options = options},
              capacity);
}

convey_t* convey_new_etensor(size_t buffer_bytes, size_t monster_bytes, int order, size_t n_local,
                             size_t n_buffers, const convey_alc8r_t* alloc, uint64_t options) {
  return make({.constructor = "convey_new_etensor",
               .capacity = buffer_bytes,
               .item_bound = monster_bytes,
               .elastic = true,
               .order = order,
               .n_local = n_local,
               .n_buffers = n_buffers,
               .alloc = alloc,
               .options = options},
              monster_bytes);
}

}  // extern "C"
