// Ranks that do not agree on what to call.
// usage: waiter HOW
#include <unistd.h>

#include <buddy/buddy.hpp>
#include <cstdio>
#include <string>
#include <thread>

namespace {

/// Rank 1 is the odd one.
void disagree(buddy::Comm& comm, const std::string& how) {
  const bool odd = comm.rank() == 1;
  comm.barrier();
  if (how == "one_barrier_more") {
    if (!odd) comm.barrier();
  } else if (how == "collective_and_barrier") {
    odd ? void(comm.all_reduce_sum(1)) : comm.barrier();
  } else if (how == "wait_until") {
    if (odd) comm.wait_until([] { return false; });
    comm.barrier();
  } else if (how == "computes") {
    if (odd) ::sleep(5);
    comm.barrier();
  } else if (how == "polls") {
    for (int i = 0; odd && i < 5000; ++i) {
      comm.poll();
      ::usleep(1000);
    }
    comm.barrier();
  } else if (how == "messages_in_the_barrier") {
    // Rank 0 has nothing to do while the others play for four seconds.
    static int turns = 0;
    struct Play {
      void operator()(buddy::Comm& c) const {
        ::usleep(20'000);
        if (++turns < 100) c.async(3 - c.rank(), Play{});
      }
    };
    if (odd) comm.async(2, Play{});
    comm.barrier();
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(60);
  try {
    buddy::Comm comm(&argc, &argv);
    disagree(comm, argc > 1 ? argv[1] : "");
  } catch (const buddy::Error& error) {
    std::fprintf(stderr, "code %d: %s\n", static_cast<int>(error.code()), error.what());
    return 3;
  }
  return 0;
}
