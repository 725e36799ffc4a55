// Two threads with a communicator each, busy at the same time: messages, handles, collectives
// and beginnings and ends do not meet. ranks: 1 2 4 variants: host host:2:ucx engine engine:2:shm:2
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::Handle;
using buddy::test::expect_equal;
using buddy::test::Where;

constexpr int threads = 2;
constexpr int rounds = 20;
constexpr int messages = 500;

/// expect() is for one thread.
std::atomic<int> failures = 0;

void expect_count(long got, long wanted, const char* what, int line = __builtin_LINE()) {
  if (got == wanted) return;
  if (failures++ < 10) {
    std::fprintf(stderr, "threads.cpp:%d: %s is %ld, expected %ld\n", line, what, got, wanted);
  }
}

struct Own {
  std::vector<long> counts = std::vector<long>(40);
  long texts = 0;
};

void work(MPI_Comm parent, int thread) {
  for (int round = 0; round < rounds; ++round) {
    Comm comm(parent);
    Own own;
    // More than one block of numbers, and not as many in both threads.
    std::vector<Handle<long>> handles;
    for (std::size_t i = 0; i < own.counts.size() / (thread == 0 ? 1 : 2); ++i) {
      handles.push_back(comm.handle(own.counts[i]));
    }
    const Handle<Own> all = comm.handle(own);
    for (int i = 0; i < messages; ++i) {
      const auto& to = handles[static_cast<std::size_t>(i) % handles.size()];
      comm.async(
          i % comm.size(), [](Handle<long> count, long by) { *count += by; }, to, 1L + thread);
      comm.async(
          i % comm.size(), [all](const std::string& text) { all->texts += long(text.size()); },
          std::string(std::size_t(1 + thread), 'x'));
    }
    comm.barrier();
    long sum = 0;
    for (const long count : own.counts) sum += count;
    const long wanted = long{messages} * (1 + thread) * comm.size();
    expect_count(comm.all_reduce_sum(sum), wanted, "sum of the counters");
    expect_count(comm.all_reduce(own.texts, std::plus<>()), wanted, "sum of the texts");
    std::vector<int> list;
    if (comm.rank() == 0) list = {thread, round};
    comm.broadcast(list, 0);
    expect_count(list.at(0) * 1000 + list.at(1), thread * 1000 + round, "broadcast list");
  }
}

/// A handle of one communicator in a message of another, on the other's thread.
void lend(Comm& first, MPI_Comm parent) {
  long count = 0;
  const Handle<long> handle = first.handle(count);
  std::thread([&] {
    Comm second(parent);
    second.async_bcast([](Handle<long> to) { ++*to; }, handle);
    second.barrier();
  }).join();
  expect_count(count, first.size(), "object of the other communicator");
}

}  // namespace

int main(int argc, char** argv) {
  buddy::test::limit_time(200);
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
  if (provided < MPI_THREAD_MULTIPLE) {
    std::printf("this MPI knows no MPI_THREAD_MULTIPLE\n");
    return 0;
  }
  std::vector<MPI_Comm> parents(threads);
  for (MPI_Comm& parent : parents) MPI_Comm_dup(MPI_COMM_WORLD, &parent);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&parents, i] {
      try {
        work(parents[static_cast<std::size_t>(i)], i);
      } catch (const std::exception& error) {
        ++failures;
        std::fprintf(stderr, "thread %d: %s\n", i, error.what());
        std::_Exit(1);  // the other thread's rounds would wait for this one's
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  {
    Comm first(parents[0]);
    lend(first, parents[1]);
  }
  for (MPI_Comm& parent : parents) MPI_Comm_free(&parent);
  MPI_Finalize();
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
