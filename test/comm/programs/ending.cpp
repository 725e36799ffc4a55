// Communicators that end at the wrong place, or after MPI. What is expected: end_test.sh.
// usage: ending HOW [RANK]
#include <unistd.h>

#include <buddy/buddy.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using buddy::Comm;

std::unique_ptr<Comm> global;
int culprit = 1;
long sum = 0;

/// Where compilers do not see what it does to its caller.
[[gnu::noinline]] void destroy() {
  global.reset();
  asm("" ::: "memory");
}

void report(const buddy::Error& error) {
  std::printf("code %d: %s\n", static_cast<int>(error.code()), error.what());
  std::fflush(stdout);
}

template <class Call>
void expect_error(const char* what, Call call) {
  try {
    call();
    std::printf("%s: no error\n", what);
  } catch (const buddy::Error& error) {
    std::printf("%s: ", what);
    report(error);
  }
}

/// All ranks wait in a barrier; what \p call does on one of them ends that.
template <class Call>
void in_barrier(Call call) {
  call();
  global->barrier();
  for (;;) global->barrier();
}

template <class Handler>
void in_handler(Handler) {
  in_barrier([] {
    if (global->rank() == 0) {
      for (int i = 0; i < 10; ++i) global->async(culprit, Handler());
    }
  });
}

// ---- ends inside of calls ---------------------------------------------------------------------

void exit_in_handler() {
  in_handler([] { std::exit(3); });
}
void exit_in_serialised_handler() {
  in_barrier([] {
    if (global->rank() != 0) return;
    global->async(
        culprit, [](const std::string&) { std::exit(3); }, std::string("text"));
  });
}
void exit_in_handler_of_another() {
  static auto second = std::make_unique<Comm>(MPI_COMM_WORLD);
  in_handler([] { std::exit(3); });
}
void reset_in_handler() {
  in_handler([] { destroy(); });
}
void reset_another_in_handler() {
  static std::unique_ptr<Comm> second = std::make_unique<Comm>(MPI_COMM_WORLD);
  global->barrier();
  if (global->rank() == 0) global->async(culprit, [] { second.reset(); });
  global->barrier();
  if (global->rank() == culprit) return;
  expect_error("barrier of the other one", [] { second->barrier(); });
}
void exit_in_callback() {
  in_barrier([] {
    if (global->rank() == culprit) global->before_barrier([] { std::exit(3); });
  });
}
void reset_in_callback() {
  in_barrier([] {
    if (global->rank() == culprit) global->before_barrier([] { destroy(); });
  });
}
void exit_in_condition() {
  if (global->rank() == culprit) {
    global->wait_until([]() -> bool { std::exit(3); });
  }
  global->wait_until([] { return false; });
}
void reset_in_condition() {
  if (global->rank() == culprit) {
    global->wait_until([] {
      destroy();
      return true;
    });
  }
  global->wait_until([] { return false; });
}
void exit_in_reduction() {
  global->all_reduce(std::string("x"), [](std::string a, const std::string&) {
    if (global->rank() == culprit) std::exit(3);
    return a;
  });
  for (;;) global->barrier();
}
void make_in_handler() {
  global->async(global->rank(),
                [] { expect_error("made in a handler", [] { Comm part(MPI_COMM_WORLD); }); });
  global->barrier();
  global.reset();
}

// ---- what a destructor does with exceptions ---------------------------------------------------

void exceptions_in_destructor() {
  for (int i = 0; i < 5000; ++i) {
    global->async(
        i % global->size(), [](int number) { throw std::runtime_error(std::to_string(number)); },
        i);
  }
  global.reset();
}

// ---- MPI_Finalize too early -------------------------------------------------------------------

void send_some(Comm& comm) {
  comm.async_bcast([] { ++sum; });
}

void finalize_first() {
  send_some(*global);  // no barrier: the end has one
  MPI_Finalize();
  global.reset();
  std::printf("the sum is %ld\n", sum);
}
void finalize_and_leave_it() {  // the global one ends after main()
  send_some(*global);
  MPI_Finalize();
}
void finalize_with_two() {
  Comm second(MPI_COMM_WORLD);
  send_some(*global);
  send_some(second);
  MPI_Finalize();
  std::printf("the sum is %ld\n", sum);
}
void finalize_on_one_rank_early() {
  send_some(*global);
  if (global->rank() == culprit) {
    MPI_Finalize();
    global.reset();
  } else {
    global.reset();  // calls it, too
  }
  std::printf("the sum is %ld\n", sum);
}
void finalize_in_handler() {
  in_handler([] {
    MPI_Finalize();
    std::_Exit(5);
  });
}
void use_after_finalize() {
  long object = 0;
  std::string text = "text";
  MPI_Finalize();
  expect_error("barrier", [] { global->barrier(); });
  expect_error("phase_barrier", [] { global->phase_barrier(); });
  expect_error("control_barrier", [] { global->control_barrier(); });
  expect_error("all_reduce_sum", [] { global->all_reduce_sum(1); });
  expect_error("all_reduce", [&] { global->all_reduce(text, std::plus<>()); });
  expect_error("broadcast", [&] { global->broadcast(text, 0); });
  expect_error("handle", [&] { global->handle(object); });
  expect_error("stats_total", [] { global->stats_total(); });
  expect_error("poll", [] { global->poll(); });
  expect_error("wait_until", [] { global->wait_until([] { return false; }); });
  expect_error("async", [] { global->async(0, [] {}); });
  expect_error("async of text", [&] {
    global->async(
        0, [](const std::string&) {}, text);
  });
  expect_error("async_bcast", [] { global->async_bcast([] {}); });
  expect_error("wait_for", [] {
    MPI_Request request = MPI_REQUEST_NULL;
    global->wait_for(request);
  });
  if (global->mpi_comm() == MPI_COMM_NULL && global->stats().barriers != 77) {
    std::printf("the rest works\n");
  }
}

// ---- without MPI ------------------------------------------------------------------------------

void before_init() {
  expect_error("before MPI_Init", [] { Comm comm(MPI_COMM_WORLD); });
}
void after_finalize() {
  MPI_Init(nullptr, nullptr);
  MPI_Finalize();
  expect_error("of the world", [] { Comm comm(MPI_COMM_WORLD); });
  expect_error("of main", [] { Comm comm(nullptr, nullptr); });
}
void wrong_parents() {
  MPI_Init(nullptr, nullptr);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  expect_error("null", [] { Comm comm(MPI_COMM_NULL); });
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm between = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
  MPI_Intercomm_create(half, 0, MPI_COMM_WORLD, 1 - rank % 2, 0, &between);
  expect_error("intercommunicator", [&] { Comm comm(between); });
  MPI_Comm_free(&between);
  MPI_Comm_free(&half);
  MPI_Finalize();
}
void funneled_thread() {
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  std::thread([&] {
    if (provided <= MPI_THREAD_FUNNELED) {
      expect_error("thread", [] { Comm comm(MPI_COMM_SELF); });
    } else {
      std::printf("thread: code 1: this MPI gives more\n");
    }
  }).join();
  MPI_Finalize();
}

const std::map<std::string, void (*)()> with_global = {
    {"exit_in_handler", exit_in_handler},
    {"exit_in_serialised_handler", exit_in_serialised_handler},
    {"exit_in_handler_of_another", exit_in_handler_of_another},
    {"reset_in_handler", reset_in_handler},
    {"reset_another_in_handler", reset_another_in_handler},
    {"exit_in_callback", exit_in_callback},
    {"reset_in_callback", reset_in_callback},
    {"exit_in_condition", exit_in_condition},
    {"reset_in_condition", reset_in_condition},
    {"exit_in_reduction", exit_in_reduction},
    {"make_in_handler", make_in_handler},
    {"exceptions_in_destructor", exceptions_in_destructor},
    {"finalize_first", finalize_first},
    {"finalize_and_leave_it", finalize_and_leave_it},
    {"finalize_with_two", finalize_with_two},
    {"finalize_on_one_rank_early", finalize_on_one_rank_early},
    {"finalize_in_handler", finalize_in_handler},
    {"use_after_finalize", use_after_finalize},
    {"leave_it", [] { send_some(*global); }},
};
const std::map<std::string, void (*)()> without = {{"before_init", before_init},
                                                   {"after_finalize", after_finalize},
                                                   {"wrong_parents", wrong_parents},
                                                   {"funneled_thread", funneled_thread}};

}  // namespace

int main(int argc, char** argv) {
  ::alarm(60);
  const std::string how = argc > 1 ? argv[1] : "leave_it";
  try {
    if (const auto it = without.find(how); it != without.end()) {
      it->second();
      return 0;
    }
    global = std::make_unique<Comm>(&argc, &argv);
    culprit = global->size() - 1;
    with_global.at(how)();
  } catch (const buddy::Error& error) {
    report(error);
    global.reset();
    return 7;
  }
  return 0;
}
