// A rank dies, and the launcher does not care: every call of the others reports it.
// usage: survivor CALL SHARED_FILE [no-pidfd | PID]
//   CALL      what the survivors call for ever, see calls
//   no-pidfd  the kernel refuses pidfds, as at the limit on open files
//   PID       of an engine: the last rank does not end, but kills it
// The last rank ends at a random moment, after it has written when to the file. A survivor prints
// "rank R: CALL reported in time" or "... too late".
#include <dlfcn.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <buddy/buddy.hpp>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>

namespace {

bool refuse_pidfds = false;

}  // namespace

// Stands in front of the C library's.
extern "C" long syscall(long number, ...) noexcept {
  using Syscall = long (*)(long, ...);
  static const auto next = reinterpret_cast<Syscall>(::dlsym(RTLD_NEXT, "syscall"));
  va_list list;
  va_start(list, number);
  long words[6];  // NOLINT(modernize-avoid-c-arrays)
  for (long& word : words) word = va_arg(list, long);
  va_end(list);
  if (refuse_pidfds && number == SYS_pidfd_open) {
    errno = EMFILE;
    return -1;
  }
  return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

namespace {

/// What is promised is 2 s; the rest is for machines that do other things as well.
constexpr double limit_s = 6;

double now_s() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::uint64_t received = 0;

/// A message that never comes.
void wait_for_mpi(buddy::Comm& comm) {
  static int never = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Irecv(&never, 1, MPI_INT, comm.rank(), 4711, comm.mpi_comm(), &request);
  comm.wait_for(request);
}

/// Only one rank sends to itself, so that nothing fills up.
void send_to_self(buddy::Comm& comm) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    comm.async(
        comm.rank(), [](std::uint64_t value) { received += value; }, i);
  }
}

using Call = void (*)(buddy::Comm&);
const std::map<std::string, Call> calls = {
    {"poll", [](buddy::Comm& comm) { comm.poll(); }},
    {"poll_while_held",
     [](buddy::Comm& comm) {
       comm.hold_handlers(true);
       comm.poll();
     }},
    {"async", send_to_self},
    {"async_and_poll",
     [](buddy::Comm& comm) {
       send_to_self(comm);
       comm.poll();
     }},
    {"barrier", [](buddy::Comm& comm) { comm.barrier(); }},
    {"phase_barrier", [](buddy::Comm& comm) { comm.phase_barrier(); }},
    {"control_barrier", [](buddy::Comm& comm) { comm.control_barrier(); }},
    {"all_reduce", [](buddy::Comm& comm) { comm.all_reduce_sum(1); }},
    {"all_reduce_text",
     [](buddy::Comm& comm) {
       comm.all_reduce(std::string("text"),
                       [](const std::string& a, const std::string&) { return a; });
     }},
    {"broadcast",
     [](buddy::Comm& comm) {
       int value = comm.rank();
       comm.broadcast(value, comm.size() - 1);
     }},
    {"wait_until", [](buddy::Comm& comm) { comm.wait_until([] { return false; }); }},
    {"wait_for", wait_for_mpi},
    {"wait_for_in_handler",
     [](buddy::Comm& comm) {
       comm.async(comm.rank(), [](buddy::Comm& c) { wait_for_mpi(c); });
       comm.poll();
     }},
    {"sub_communicator",
     [](buddy::Comm& comm) {
       static buddy::Comm sub(comm.mpi_comm());
       sub.poll();
     }},
};

/// \param victim 0: this process
void kill_at_random(const std::string& file, pid_t victim) {
  std::mt19937 random(std::random_device{}());
  ::usleep(static_cast<useconds_t>(random() % 300'000));
  std::ofstream(file + ".new") << std::fixed << now_s() << std::endl;
  std::rename((file + ".new").c_str(), file.c_str());
  ::kill(victim != 0 ? victim : ::getpid(), SIGKILL);
}

double time_of_death(const std::string& file) {
  double when = now_s() + 1000;  // reported before it died
  std::ifstream(file) >> when;
  return when;
}

/// \return whether the death was reported, in time
bool survive(buddy::Comm& comm, const std::string& name, const std::string& file, pid_t engine) {
  const Call call = calls.at(name);
  try {
    comm.barrier();  // who is still in it when another one has left it and died hears of it there
    if (comm.rank() == comm.size() - 1) {
      if (name == "barrier" || name.find("all_reduce") == 0) {
        for (int i = 0; i < 50; ++i) call(comm);  // so that it ends in the middle of one
      }
      kill_at_random(file, engine);
    }
    for (;;) call(comm);
  } catch (const buddy::Error& error) {
    const double after = now_s() - time_of_death(file);
    const bool right = error.code() == buddy::ErrorCode::peer_died && after > 0 && after < limit_s;
    std::printf("rank %d: %s reported %s, after %.3f s: %s\n", comm.rank(), name.c_str(),
                right ? "in time" : "wrongly or too late", after, error.what());
    std::fflush(stdout);
    return right;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string name = argv[1];
  const std::string file = argv[2];
  const std::string how = argc > 3 ? argv[3] : "";
  refuse_pidfds = how == "no-pidfd";
  ::alarm(40);
  buddy::Comm comm(&argc, &argv);
  if (name == "sub_communicator") calls.at(name)(comm);  // makes it
  // MPI cannot end in good order either.
  std::_Exit(survive(comm, name, file, std::atoi(how.c_str())) ? 0 : 1);
}
