// What YGM programs with many phases feel: communicators made and destroyed, async_barrier(), small
// containers that live for two barriers each. Checks what it did.
// Plain YGM, so that the same source built with YGM's own headers measures YGM; where its version
// has no async_barrier(), barrier() stands in.
// usage: bench-ygm-churn [communicators [barriers [containers]]]
// smoke: 50 500 50
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <ygm/comm.hpp>

namespace {

#ifdef BUDDY_YGM
constexpr const char* implementation = "Buddy";
#else
constexpr const char* implementation = "YGM";
#endif

std::uint64_t got = 0;  ///< messages of this rank

[[noreturn]] void wrong(const ygm::comm& world, const char* what) {
  world.cerr("WRONG: ", what);
  std::exit(EXIT_FAILURE);
}

/// As YGM's containers are built: keys with an owner, named on all ranks by a ygm_ptr.
class SmallMap {
 public:
  explicit SmallMap(ygm::comm& world) : world_(world), self_(world.make_ygm_ptr(*this)) {
    world_.barrier();  // all ranks have it
  }
  SmallMap(const SmallMap&) = delete;
  SmallMap& operator=(const SmallMap&) = delete;
  ~SmallMap() { world_.barrier(); }

  void async_add(const std::string& key, std::uint64_t amount) {
    const auto owner = std::hash<std::string>{}(key) % static_cast<std::size_t>(world_.size());
    world_.async(
        static_cast<int>(owner),
        [](auto self, const std::string& at, std::uint64_t by) { self->values_[at] += by; }, self_,
        key, amount);
  }
  /// Of the values on all ranks.
  std::uint64_t sum() {
    world_.barrier();
    std::uint64_t mine = 0;
    for (const auto& [key, value] : values_) mine += value;
    return world_.all_reduce_sum(mine);
  }

 private:
  ygm::comm& world_;
  ygm::ygm_ptr<SmallMap> self_;
  std::map<std::string, std::uint64_t> values_;
};

/// One message each: a communicator that nobody uses is not worth measuring.
void communicators(ygm::comm& world, std::uint64_t count) {
  got = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    ygm::comm comm(MPI_COMM_WORLD);
    comm.async((comm.rank() + 1) % comm.size(), [] { ++got; });
  }
  if (got != count) wrong(world, "messages of communicators");
}

template <class Comm>
void one_async_barrier(Comm& world) {
  if constexpr (requires { world.async_barrier(); }) {
    world.async_barrier();
  } else {
    world.barrier();
  }
}

void async_barriers(ygm::comm& world, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) one_async_barrier(world);
  world.barrier();
}

void containers(ygm::comm& world, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    SmallMap map(world);
    map.async_add("mine " + std::to_string(world.rank()), 1);
    map.async_add("everybody's", 2);
    if (map.sum() != 3 * static_cast<std::uint64_t>(world.size())) wrong(world, "sum of a map");
  }
}

template <class Work>
double us_each(ygm::comm& world, std::uint64_t count, Work work) {
  work(world, count / 10 + 1);  // caches, connections
  world.barrier();
  const double start = MPI_Wtime();
  work(world, count);
  return world.all_reduce_max(MPI_Wtime() - start) * 1e6 / static_cast<double>(count);
}

}  // namespace

int main(int argc, char** argv) {
  ygm::comm world(&argc, &argv);
  const auto argument = [&](int index, std::uint64_t otherwise) {
    return argc > index ? std::strtoull(argv[index], nullptr, 10) : otherwise;
  };
  const std::uint64_t comms = argument(1, 1'000);
  const std::uint64_t barriers = argument(2, 100'000);
  const std::uint64_t maps = argument(3, 3'000);
  if (comms == 0 || barriers == 0 || maps == 0) {
    world.cerr0("bad arguments (all counts are numbers from 1) see the source");
    return EXIT_FAILURE;
  }
  const double comm_us = us_each(world, comms, communicators);
  const double barrier_us = us_each(world, barriers, async_barriers);
  const double map_us = us_each(world, maps, containers);
  if (world.rank() == 0) {
    std::printf("%s, %d ranks: communicator %.1f us, async_barrier %.2f us, small map %.1f us\n",
                implementation, world.size(), comm_us, barrier_us, map_us);
  }
  return EXIT_SUCCESS;
}
