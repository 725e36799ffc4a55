// A program for others to kill: endless traffic, or an end of its own.
// usage: victim [traffic | segfault | exit3 | exit0 | throw]
#include <unistd.h>

#include <buddy/buddy.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

std::uint64_t received = 0;

/// Messages of every size, chains, collectives and waits, so that any of them may be hit.
void traffic(buddy::Comm& comm, int round) {
  const int size = comm.size();
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    comm.async(
        static_cast<int>(i) % size, [](std::uint64_t value) { received += value; }, i);
  }
  comm.async((comm.rank() + 1) % size,
             [](const std::vector<char>& bytes) { received += bytes.size(); },
             std::vector<char>(100'000));
  comm.async((comm.rank() + round) % size, [](buddy::Comm& c) {
    for (int dest = 0; dest < c.size(); ++dest) c.async(dest, [] { ++received; });
  });
  if (round % 4 == 0) comm.all_reduce_sum(received);
  if (round % 4 == 1) comm.control_barrier();
  if (round % 4 == 2) comm.broadcast(received, round % size);
  if (round % 8 == 5) comm.phase_barrier();
  if (round % 8 == 7) {
    for (int i = 0; i < 1000; ++i) comm.poll();
  }
  if (round % 8 == 3) std::this_thread::sleep_for(std::chrono::milliseconds(2 * comm.rank()));
  comm.barrier();
}

void end_badly(const std::string& how) {
  if (how == "segfault") std::raise(SIGSEGV);
  if (how == "exit3") std::exit(3);
  if (how == "exit0") std::_Exit(0);  // neither MPI nor Buddy hear of it
  if (how == "throw") throw std::runtime_error("thrown by the victim");
}

[[noreturn]] void work(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "traffic";
  buddy::Comm comm(&argc, &argv);
  for (int round = 0;; ++round) {
    traffic(comm, round);
    if (round == 0 && comm.rank() == 0) {
      std::printf("all ranks are busy\n");
      std::fflush(stdout);
    }
    if (round == 10 && comm.rank() == comm.size() / 2) end_badly(how);
  }
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(120);
  try {
    work(argc, argv);
  } catch (const buddy::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    // As if there was something to clean up; whoever began this is known by then.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return 1;
  }
}
