// Arguments, captures and destinations are sent as they are at the call, although async() runs
// handlers that change or free what they refer to; and what is refused leaves nothing behind.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm:2 shared dpu
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::ErrorCode;
using buddy::test::expect;
using buddy::test::expect_equal;
using buddy::test::expect_error;

constexpr std::uint64_t count = 200'000;  // many times what the rings hold

struct Functor {
  std::uint64_t number = 0;
  void operator()(std::uint64_t wanted) const;
};

/// What every handler of these cases changes: all that a rank's arguments refer to.
struct State {
  std::uint64_t number = 0;
  std::unique_ptr<std::uint64_t> cell = std::make_unique<std::uint64_t>(0);
  std::vector<std::uint64_t> list = {0};
  std::vector<int> dests;
  void (*function)(std::uint64_t) = nullptr;
  Functor functor;
};
State state;
std::uint64_t arrived = 0;
std::uint64_t changed = 0;

void as_even(std::uint64_t sent) {
  ++arrived;
  changed += sent % 2 == 0 ? 0u : 1u;
}
void as_odd(std::uint64_t sent) {
  ++arrived;
  changed += sent % 2 == 1 ? 0u : 1u;
}
/// The function that fits the number.
void (*fitting(std::uint64_t number))(std::uint64_t) {
  return number % 2 == 0 ? &as_even : &as_odd;
}

/// Gives everything another value, in other memory.
void disturb() {
  const std::uint64_t next = ++state.number;
  state.cell = std::make_unique<std::uint64_t>(next);
  state.list = std::vector<std::uint64_t>(1 + next % 3, next);
  state.function = fitting(next);
  state.functor.number = next;
  for (int& dest : state.dests) dest = 0;
  state.dests = {};
}

void note(std::uint64_t got, std::uint64_t wanted) {
  ++arrived;
  changed += got == wanted ? 0u : 1u;
  disturb();
}

void Functor::operator()(std::uint64_t wanted) const { note(number, wanted); }

void reset(Comm& comm) {
  state = State();
  state.function = fitting(0);
  arrived = changed = 0;
  comm.control_barrier();
}

/// Every rank sends to the next one, both sides' handlers disturbing.
template <class Send>
void flood(Comm& comm, std::uint64_t messages, Send send) {
  reset(comm);
  const int next = (comm.rank() + 1) % comm.size();
  for (std::uint64_t i = 0; i < messages; ++i) send(next);
  comm.barrier();
  expect_equal(arrived, messages, "messages");
  expect_equal(changed, std::uint64_t{0}, "messages with another value than at the call");
  expect(comm.size() > 1 || state.number != 0, "handlers ran");
}

void fixed_arguments(Comm& comm) {
  flood(comm, count, [&](int next) {
    const std::uint64_t now = state.number;
    comm.async(next, &note, state.number, now);
  });
  const auto lambda = [](std::uint64_t got, std::uint64_t wanted) { note(got, wanted); };
  flood(comm, count, [&](int next) {
    const std::uint64_t now = state.number;
    comm.async(next, lambda, state.number, now);
  });
}

void freed_arguments(Comm& comm) {
  const auto lambda = [](std::uint64_t got, std::uint64_t wanted) { note(got, wanted); };
  flood(comm, count, [&](int next) {
    const std::uint64_t now = state.number;
    comm.async(next, lambda, *state.cell, now);
  });
}

struct Large {
  std::uint64_t values[100];  // above what is built on the stack
};
struct Huge {
  std::uint64_t values[2000];  // above a block's largest item
};

template <class T>
void struct_arguments(Comm& comm, std::uint64_t messages) {
  static std::unique_ptr<T> shared;
  shared = std::make_unique<T>();
  const auto lambda = [](const T& got, std::uint64_t wanted) {
    note(got.values[0], wanted);
    changed += got.values[0] == got.values[std::size(got.values) - 1] ? 0u : 1u;
    shared = std::make_unique<T>();
    for (std::uint64_t& value : shared->values) value = state.number;
  };
  flood(comm, messages, [&](int next) {
    const std::uint64_t now = state.number;
    comm.async(next, lambda, *shared, now);
  });
  shared.reset();
}
void large_arguments(Comm& comm) {
  struct_arguments<Large>(comm, count / 10);
  struct_arguments<Huge>(comm, count / 200);
}

void serialised_arguments(Comm& comm) {
  const auto lambda = [](const std::vector<std::uint64_t>& got, std::uint64_t wanted) {
    changed += got.size() == 1 + wanted % 3 ? 0u : 1u;
    note(got.back(), wanted);
  };
  flood(comm, count, [&](int next) {
    const std::uint64_t now = state.number;
    comm.async(next, lambda, state.list, now);
  });
}

void captures(Comm& comm) {
  flood(comm, count, [&](int next) {
    const std::uint64_t now = state.functor.number;
    comm.async(next, state.functor, now);
  });
  const auto lambda = [](std::uint64_t) {
    ++arrived;
    disturb();
  };
  // A function that handlers replace: the one at the call is meant.
  flood(comm, count, [&](int next) {
    if (arrived % 2 == 0) {
      comm.async(next, state.function, state.number);
    } else {
      comm.async(next, lambda, std::uint64_t{1});
    }
  });
}

void lists_of_destinations(Comm& comm) {
  reset(comm);
  const int next = (comm.rank() + 1) % comm.size();
  constexpr std::uint64_t lists = 200;
  const auto lambda = [](Comm& here, int meant, std::uint64_t got, std::uint64_t wanted) {
    changed += here.rank() == meant ? 0u : 1u;
    note(got, wanted);
  };
  for (std::uint64_t i = 0; i < lists; ++i) {
    state.dests.assign(count / lists, next);
    const std::uint64_t now = state.number;
    comm.async_mcast(state.dests, lambda, next, state.number, now);
  }
  comm.barrier();
  expect_equal(arrived, count / lists * lists, "messages");
  expect_equal(changed, std::uint64_t{0}, "messages that went elsewhere or changed");
}

// ---- what is refused -------------------------------------------------------------------------

std::uint64_t sum = 0;
void add(std::uint64_t n) { sum += n; }
const void* no_hint(std::uint64_t) { return nullptr; }

/// Sends what must be refused between messages of the same type: nothing of it arrives, and no old
/// message runs again.
void expect_refused(Comm& comm, void (*handler)(std::uint64_t)) {
  sum = 0;
  comm.control_barrier();
  const std::uint64_t before = comm.stats().messages_sent;
  const int next = (comm.rank() + 1) % comm.size();
  const std::vector<int> dests = {next, next};
  comm.async(next, &add, std::uint64_t{1000});
  for (int i = 0; i < 10; ++i) {
    const auto expect_named = [&](std::string_view call, auto send) {
      expect_error(ErrorCode::invalid_argument, {call, "function"}, send);
    };
    expect_named("async()", [&] { comm.async(next, handler, std::uint64_t{7}); });
    expect_named("async()", [&] {
      comm.async(next, buddy::with_prefetch(handler, &no_hint), std::uint64_t{7});
    });
    expect_named("async_bcast()", [&] { comm.async_bcast(handler, std::uint64_t{7}); });
    expect_named("async_mcast()", [&] { comm.async_mcast(dests, handler, std::uint64_t{7}); });
    comm.async(next, &add, std::uint64_t{1});
    comm.async(next, buddy::with_prefetch(&add, &no_hint), std::uint64_t{100});
  }
  expect_equal(comm.stats().messages_sent - before, std::uint64_t{21}, "messages sent");
  comm.barrier();
  expect_equal(sum, std::uint64_t{2010}, "sum");
  comm.control_barrier();
}

void null_functions(Comm& comm) { expect_refused(comm, nullptr); }

void functions_of_no_module(Comm& comm) {
  expect_refused(comm, reinterpret_cast<void (*)(std::uint64_t)>(std::uintptr_t{16}));
  // Code, but of no loaded object: another rank cannot know it.
  const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, page_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  expect(page != MAP_FAILED, "a page");
  expect_refused(comm, reinterpret_cast<void (*)(std::uint64_t)>(page));
  ::munmap(page, page_bytes);
}

/// Cannot be written while it is refusing.
struct Moody {
  bool refuses = false;
  std::string text;
  template <class Archive>
  void save(Archive& archive) const {
    archive(text);
    if (refuses) throw std::runtime_error("refused");
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(text);
  }
};

void arguments_that_throw(Comm& comm) {
  arrived = 0;
  comm.control_barrier();
  const std::uint64_t before = comm.stats().messages_sent;
  const auto lambda = [](std::uint64_t, const Moody& moody) {
    arrived += moody.text == "cheerful" ? 1u : 1000u;
  };
  const int next = (comm.rank() + 1) % comm.size();
  for (int i = 0; i < 10; ++i) {
    int thrown = 0;
    const auto catching = [&](auto send) {
      try {
        send();
      } catch (const std::runtime_error&) {
        ++thrown;
      }
    };
    const Moody bad{true, "angry"};
    catching([&] { comm.async(next, lambda, std::uint64_t{1}, bad); });
    catching([&] { comm.async_bcast(lambda, std::uint64_t{1}, bad); });
    catching([&] { comm.async_mcast(std::vector<int>{next}, lambda, std::uint64_t{1}, bad); });
    expect_equal(thrown, 3, "exceptions");
    comm.async(next, lambda, std::uint64_t{1}, Moody{false, "cheerful"});
  }
  expect_equal(comm.stats().messages_sent - before, std::uint64_t{10}, "messages sent");
  comm.barrier();
  expect_equal(arrived, std::uint64_t{10}, "messages handled");
  comm.control_barrier();
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"fixed arguments", fixed_arguments},
                                 {"freed arguments", freed_arguments},
                                 {"large arguments", large_arguments},
                                 {"serialised arguments", serialised_arguments},
                                 {"captures", captures},
                                 {"lists of destinations", lists_of_destinations},
                                 {"null functions", null_functions},
                                 {"functions of no module", functions_of_no_module},
                                 {"arguments that throw", arguments_that_throw}});
}
