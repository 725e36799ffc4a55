// A PE dies, and the launcher does not care: every call of the others says so.
// usage: convey_survivor CALL SHARED_FILE
//   CALL  what the survivors call for ever, see below
// The last PE kills itself at a random moment, after it has written when to the file. A survivor
// prints "PE P: CALL reported in time" or "... too late".
#include <convey.h>
#include <mpi.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <string>

namespace {

/// What is promised is 2 s; the rest is for machines that do other things as well.
constexpr double limit_s = 6;

double now_s() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

convey_t* the_conveyor = nullptr;
int pe = 0;
int pes = 0;

int push() {
  const long item = 1;
  return convey_push(the_conveyor, &item, (pe + 1) % pes);
}

int pull() {
  long item = 0;
  return convey_pull(the_conveyor, &item, nullptr);
}

int advance() { return convey_advance(the_conveyor, false); }

/// All that a program's loop does.
int loop() {
  const int state = advance();
  push();
  pull();
  return state;
}

/// Another one is made and begun while the first one works.
int begin() {
  convey_t* other = convey_new(SIZE_MAX, 0, nullptr, convey_opt_QUIET);
  if (other == nullptr) return -6;
  const int result = convey_begin(other, 8, 8);
  if (result < 0) return convey_free(other);
  int state = convey_OK;
  while ((state = convey_advance(other, true)) > 0) {
  }
  convey_free(other);
  return state;
}

int call(const std::string& name) {
  if (name == "push") return push();
  if (name == "pull") return pull();
  if (name == "advance") return advance();
  if (name == "begin") return begin();
  return loop();
}

/// Once the job has failed, nothing works, and nothing ends the process.
bool nothing_works() {
  return push() == -6 && pull() == -6 && advance() == -6 && convey_unpull(the_conveyor) == -6 &&
         convey_reset(the_conveyor) == -6 && convey_apull(the_conveyor, nullptr) == nullptr &&
         convey_new(SIZE_MAX, 0, nullptr, convey_opt_QUIET) == nullptr &&
         convey_free(the_conveyor) == -6;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc > 2 ? argv[1] : "";
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &pe);
  MPI_Comm_size(MPI_COMM_WORLD, &pes);
  the_conveyor = convey_new(SIZE_MAX, 0, nullptr, 0);
  convey_begin(the_conveyor, sizeof(long), 0);
  std::random_device random;
  const double death_s = now_s() + 0.2 + 0.001 * static_cast<double>(random() % 300);
  int result = convey_OK;
  while (result >= 0) {
    result = call(name);
    if (pe == pes - 1 && now_s() >= death_s) {
      std::ofstream(argv[2]) << std::to_string(now_s()) << std::endl;
      std::raise(SIGKILL);
    }
  }
  double died_s = 0;
  std::ifstream(argv[2]) >> died_s;
  const double after_s = now_s() - died_s;
  const bool good = result == -6 && after_s < limit_s && nothing_works();
  std::printf("PE %d: %s reported %s after %.1f s\n", pe, name.c_str(),
              good ? "in time" : "too late", after_s);
  std::fflush(stdout);
  ::_exit(good ? 0 : 1);
}
