// Every kind of handler, sent from every rank to every rank.
// ranks: 1 2 4
// variants: host host:2:ucx engine engine:2:shm:2 engine:2:ucx shared dpu
#include <sched.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "comm/mpi_check.hpp"

namespace {

using buddy::Comm;
using buddy::test::expect_equal;

/// What the handlers of one case have seen on this rank.
struct Seen {
  int calls = 0;
  std::int64_t sum = 0;
};
Seen seen;

void note(std::int64_t value) {
  ++seen.calls;
  seen.sum += value;
}

/// Runs \p send(dest) for every rank and checks that this rank got \p each from everybody.
template <class Send>
void expect_from_all(Comm& comm, std::int64_t each, Send send,
                     buddy::test::Where where = buddy::test::Where::here()) {
  seen = {};
  for (int dest = 0; dest < comm.size(); ++dest) send(dest);
  comm.barrier();
  expect_equal(seen.calls, comm.size(), "calls", where);
  expect_equal(seen.sum, each * comm.size(), "sum", where);
  comm.control_barrier();
}

void plain_function(int a, int b) { note(a + b); }
void function_with_comm(Comm& comm, int a) { note(a + (comm.size() > 0 ? 1 : 0)); }
void quiet_function(int a) noexcept { note(a); }
int function_with_result(int a) {
  note(a);
  return a;
}
template <class T>
void function_template(T value) {
  note(static_cast<std::int64_t>(value));
}

struct Functor {
  void operator()(int a) const { note(a); }
};
struct FunctorWithComm {
  void operator()(Comm& comm, int a) const { note(comm.rank() >= 0 ? a : 0); }
};
struct FunctorWithState {
  int factor;
  double weight;
  void operator()(int a) const { note(factor * a + static_cast<int>(weight)); }
};
struct FunctorWithBoth {
  void operator()(Comm&, int a) const { note(a); }
  void operator()(int) const { note(-1000); }
};
struct GenericFunctor {
  template <class A>
  void operator()(Comm&, const A& a) const {
    note(static_cast<std::int64_t>(a));
  }
};
struct FunctorWithHook {
  static inline int prefetched = 0;
  void operator()(std::uint32_t a) const { note(a); }
  const void* prefetch(std::uint32_t a) const {
    prefetched += a != 0 ? 1 : 0;
    return nullptr;
  }
};
struct StaticMember {
  static void handle(int a) { note(a); }
};

void lambdas(Comm& comm) {
  expect_from_all(comm, 7, [&](int dest) {
    comm.async(
        dest, [](int a) { note(a); }, 7);
  });
  expect_from_all(comm, 0, [&](int dest) { comm.async(dest, [] { note(0); }); });
  expect_from_all(comm, 3, [&](int dest) { comm.async(dest, [](Comm&) { note(3); }); });
  expect_from_all(comm, 12, [&](int dest) {
    comm.async(
        dest, [](Comm& c, int a) { note(c.size() > 0 ? a : 0); }, 12);
  });
  expect_from_all(comm, 9, [&](int dest) {
    comm.async(
        dest, [](auto a) { note(a); }, 9);
  });
  expect_from_all(comm, 11, [&](int dest) {
    comm.async(
        dest, [](auto& c, auto a, auto b) { note(c.size() > 0 ? a + b : 0); }, 5, 6);
  });
  expect_from_all(comm, 4, [&](int dest) {
    comm.async(
        dest,
        [](auto& c, const auto&... each) {
          note((static_cast<int>(each) + ... + (c.size() > 0 ? 0 : 1)));
        },
        1, 2.0, std::int8_t{1});
  });
  const auto named = [](int a) { note(a); };
  expect_from_all(comm, 2, [&](int dest) { comm.async(dest, named, 2); });
  expect_from_all(comm, 2, [&](int dest) {
    auto again = named;
    comm.async(dest, std::move(again), 2);
  });
  expect_from_all(comm, 2, [&](int dest) {
    comm.async(
        dest,
        [](int a) mutable -> int {
          note(a);
          return a;
        },
        2);
  });
}

void capturing_lambdas(Comm& comm) {
  int offset = 100;  // a constant would not be captured
  double half = 0.5;
  expect_from_all(comm, 101, [&](int dest) {
    comm.async(
        dest, [offset](int a) { note(a + offset); }, 1);
  });
  expect_from_all(comm, 50, [&](int dest) {
    comm.async(dest, [offset, half] { note(static_cast<std::int64_t>(offset * half)); });
  });
  struct Pack {
    std::int32_t values[12];
  } pack{};
  for (int i = 0; i < 12; ++i) pack.values[i] = i;
  expect_from_all(comm, 66, [&](int dest) {
    comm.async(dest, [pack](Comm&) {
      std::int64_t sum = 0;
      for (const std::int32_t value : pack.values) sum += value;
      note(sum);
    });
  });
  expect_from_all(comm, 6, [&](int dest) {
    int counter = 5;
    comm.async(dest, [counter]() mutable { note(++counter); });
  });
  // With an argument that is not trivially copyable, captures travel as bytes and it through
  // cereal.
  expect_from_all(comm, 105, [&](int dest) {
    comm.async(
        dest,
        [offset](const std::string& text) {
          note(offset + static_cast<std::int64_t>(text.size()));
        },
        std::string("five!"));
  });
}

void functions(Comm& comm) {
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, plain_function, 2, 3); });
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, &plain_function, 2, 3); });
  expect_from_all(comm, 3, [&](int dest) { comm.async(dest, function_with_comm, 2); });
  expect_from_all(comm, 8, [&](int dest) { comm.async(dest, quiet_function, 8); });
  expect_from_all(comm, 8, [&](int dest) { comm.async(dest, function_with_result, 8); });
  expect_from_all(comm, 8, [&](int dest) { comm.async(dest, function_template<int>, 8); });
  expect_from_all(comm, 8, [&](int dest) { comm.async(dest, function_template<double>, 8.5); });
  expect_from_all(comm, 8, [&](int dest) { comm.async(dest, StaticMember::handle, 8); });
  expect_from_all(comm, 4, [&](int dest) {
    comm.async(
        dest, +[](int a) { note(a); }, 4);
  });
  expect_from_all(comm, 4, [&](int dest) {
    comm.async(
        dest, +[](int a) noexcept { note(a); }, 4);
  });
  // Chosen while running: one message type, several functions.
  void (*const choices[])(int) = {StaticMember::handle, function_template<int>};
  for (const auto choice : choices) {
    expect_from_all(comm, 6, [&](int dest) { comm.async(dest, choice, 6); });
  }
  // A function of another loaded object: its address differs from rank to rank.
  expect_from_all(comm, 0, [&](int dest) {
    comm.async(dest, sched_yield);  // its result is dropped
    note(0);
  });
}

void functors(Comm& comm) {
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, Functor{}, 5); });
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, FunctorWithComm{}, 5); });
  expect_from_all(comm, 23, [&](int dest) { comm.async(dest, FunctorWithState{4, 3.5}, 5); });
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, FunctorWithBoth{}, 5); });
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, GenericFunctor{}, 5); });
  expect_from_all(comm, 5, [&](int dest) { comm.async(dest, GenericFunctor{}, 5.5); });
}

void prefetch_hooks(Comm& comm) {
  expect_from_all(comm, 5, [&](int dest) {
    comm.async(dest, buddy::with_prefetch([](int a) { note(a); }, [](int) { return &seen; }), 5);
  });
  expect_from_all(comm, 5, [&](int dest) {
    comm.async(dest,
               buddy::with_prefetch([](auto& c, int a) { note(c.size() > 0 ? a : 0); },
                                    [](int) { return &seen; }),
               5);
  });
  int base = 10;
  expect_from_all(comm, 15, [&](int dest) {
    comm.async(dest,
               buddy::with_prefetch([base](int a) { note(base + a); },
                                    [base](int a) { return &seen + (a + base) % 2; }),
               5);
  });
  expect_from_all(comm, 4, [&](int dest) {
    comm.async(dest,
               buddy::with_prefetch(
                   [](const std::string& text) { note(static_cast<std::int64_t>(text.size())); },
                   [](const std::string&) { return &seen; }),
               std::string("four"));
  });
  // Longer than the distance of prefetching, so that its loop runs too.
  seen = {};
  FunctorWithHook::prefetched = 0;
  constexpr std::uint32_t count = 1000;
  for (std::uint32_t i = 1; i <= count; ++i) comm.async(comm.rank(), FunctorWithHook{}, i);
  comm.barrier();
  expect_equal(seen.sum, std::int64_t{count} * (count + 1) / 2, "sum behind hooks");
  expect_equal(FunctorWithHook::prefetched, static_cast<int>(count), "hooks called");
}

/// The same lambda expression in two instances is two handlers.
template <class T>
void send_to_all(Comm& comm, T value) {
  expect_from_all(comm, static_cast<std::int64_t>(value), [&](int dest) {
    comm.async(
        dest, [](T a) { note(static_cast<std::int64_t>(a)); }, value);
  });
}

void instances(Comm& comm) {
  send_to_all<std::int8_t>(comm, 1);
  send_to_all<std::uint64_t>(comm, 2);
  send_to_all<double>(comm, 3);
  send_to_all<float>(comm, 4);
}

/// One handler type with different argument types is different messages.
void argument_types_differ(Comm& comm) {
  const auto any = [](auto value) { note(static_cast<std::int64_t>(value)); };
  expect_from_all(comm, 1, [&](int dest) { comm.async(dest, any, std::int8_t{1}); });
  expect_from_all(comm, 2, [&](int dest) { comm.async(dest, any, std::int64_t{2}); });
  expect_from_all(comm, 3, [&](int dest) { comm.async(dest, any, 3.7); });
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_cases(argc, argv,
                                {{"lambdas", lambdas},
                                 {"capturing lambdas", capturing_lambdas},
                                 {"functions", functions},
                                 {"functors", functors},
                                 {"prefetch hooks", prefetch_hooks},
                                 {"instances", instances},
                                 {"argument types", argument_types_differ}});
}
