// What the programs in test/comm/mpi have in common: checks that name rank and line, cases that
// run one after the other, and a limit on the time.
#pragma once

#include <unistd.h>

#include <array>
#include <buddy/buddy.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace buddy::test {

/// State of the program under test. Threads: the rank's.
struct Progress {
  int rank = -1;
  int failures = 0;
  std::array<char, 64> doing{"starting"};  ///< read by a signal handler
};
inline Progress progress;

/// Where a check stands; std::source_location is missing in clang 14.
struct Where {
  const char* file;
  int line;
  static Where here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

inline void fail(const std::string& what, Where where) {
  if (++progress.failures > 20) return;
  std::fprintf(stderr, "%s:%d: rank %d, %s: %s\n", where.file, where.line, progress.rank,
               progress.doing.data(), what.c_str());
}

template <class T>
std::string text_of(const T& value) {
  if constexpr (requires(std::ostream & out) { out << value; }) {
    std::ostringstream out;
    out << value;
    return out.str();
  } else {
    return "another value";
  }
}

inline void expect(bool holds, const std::string& what, Where where = Where::here()) {
  if (!holds) fail("not so: " + what, where);
}

template <class A, class B>
void expect_equal(const A& got, const B& wanted, const std::string& what,
                  Where where = Where::here()) {
  if (got == wanted) return;
  fail(what + " is " + text_of(got) + ", expected " + text_of(wanted), where);
}

/// Runs \p call, which must throw an Error with \p code whose text holds all of \p parts.
template <class Call>
void expect_error(ErrorCode code, std::initializer_list<std::string_view> parts, Call call,
                  Where where = Where::here()) {
  try {
    call();
  } catch (const Error& error) {
    const std::string_view text = error.what();
    if (error.code() != code) {
      fail("wrong code " + std::to_string(static_cast<int>(error.code())) + ": " + error.what(),
           where);
    }
    for (const std::string_view part : parts) {
      if (text.find(part) == std::string_view::npos) {
        fail("no '" + std::string(part) + "' in: " + error.what(), where);
      }
    }
    return;
  }
  fail("no error was thrown", where);
}

inline void give_up(int) {
  std::array<char, 160> text{};
  const int length = std::snprintf(text.data(), text.size(), "rank %d hangs in: %s\n",
                                   progress.rank, progress.doing.data());
  [[maybe_unused]] const ssize_t written =
      ::write(STDERR_FILENO, text.data(), static_cast<std::size_t>(length));
  ::_exit(99);
}

/// A hang ends after so many seconds, naming rank and case.
inline void limit_time(unsigned seconds) {
  std::signal(SIGALRM, give_up);
  ::alarm(seconds);
}

struct Case {
  const char* name;
  void (*run)(Comm& comm);
};

inline void announce(const char* doing) {
  std::snprintf(progress.doing.data(), progress.doing.size(), "%s", doing);
}

/// main() of a program: one communicator, all cases with a barrier after each.
/// \return exit code: 0 if every check of this rank held
inline int run_cases(int argc, char** argv, std::initializer_list<Case> cases,
                     unsigned seconds = 100) {
  limit_time(seconds);
  try {
    Comm comm(&argc, &argv);
    progress.rank = comm.rank();
    for (const Case& each : cases) {
      announce(each.name);
      const auto began = std::chrono::steady_clock::now();
      each.run(comm);
      comm.barrier();
      comm.control_barrier();  // without handlers: no message of the next case can come yet
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - began;
      if (comm.rank() == 0) std::printf("%-40s %8.1f ms\n", each.name, took.count());
    }
    announce("leaving");
  } catch (const std::exception& error) {
    fail(std::string("unexpected exception: ") + error.what(), Where::here());
  }
  std::fflush(stdout);
  return progress.failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Reproducible random numbers (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  int below(int limit) { return static_cast<int>((*this)() % static_cast<std::uint64_t>(limit)); }

 private:
  std::uint64_t state_;
};

/// Seed of a random test: TEST_SEED if set, else from the clock; printed. For one rank, which tells
/// the others.
inline std::uint64_t printed_seed() {
  const char* wanted = std::getenv("TEST_SEED");
  const std::uint64_t seed =
      wanted != nullptr
          ? std::strtoull(wanted, nullptr, 10)
          : static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  std::printf("seed %llu (TEST_SEED=%llu repeats it)\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

inline std::uint64_t choose_seed(Comm& comm) {
  std::uint64_t seed = comm.rank() == 0 ? printed_seed() : 0;
  comm.broadcast(seed, 0);
  return seed;
}

}  // namespace buddy::test
