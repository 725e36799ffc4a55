#include "common/program.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <thread>

#include "common/command_line.hpp"

namespace workloads {
namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Rank 0 speaks first: its abort ends the others before they repeat the same message.
void abort_job(std::string_view program, int rank, std::string_view what) {
  if (rank != 0) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  fmt::print(stderr, "{}: {}\n", program, what);
  std::fflush(stderr);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

/// Fills standard streams that are closed, or MPI opens files in their place.
/// \return whether stdout was
bool fill_streams() {
  const bool closed = fcntl(STDOUT_FILENO, F_GETFD) < 0;
  int fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO) fd = open("/dev/null", O_RDWR);
  if (fd > STDERR_FILENO) close(fd);
  return closed;
}

/// \return the exit code of a program whose work ended with \p code: its output may be lost
int check_output(int code, std::string_view program, bool stdout_was_closed) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  const int error = stdout_was_closed ? EBADF : errno;
  if ((flushed && !stdout_was_closed) || code != 0) return code;
  fmt::print(stderr, "{}: cannot write to stdout ({}) send it to another place\n", program,
             std::strerror(error != 0 ? error : EIO));
  return 1;
}

}  // namespace

void agree(MPI_Comm comm, const std::string& problem, int root) {
  std::uint64_t size = problem.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, root, comm);
  if (size == 0) return;
  std::string text = problem;
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), static_cast<int>(size), MPI_CHAR, root, comm);
  throw JobError(text);
}

int run_program(int argc, char** argv, int (*body)(int argc, char** argv)) {
  const bool stdout_was_closed = fill_streams();
  if (asks_about_options(argc, argv)) {
    return check_output(body(argc, argv), base_name(argv[0]), stdout_was_closed);
  }
  MPI_Init(&argc, &argv);
  const int rank = comm_rank(MPI_COMM_WORLD);
  const std::string_view program = base_name(argv[0]);
  int code = 1;
  try {
    code = body(argc, argv);
  } catch (const JobError& error) {
    if (rank == 0) fmt::print(stderr, "{}: {}\n", program, error.what());
  } catch (const std::bad_alloc&) {
    abort_job(program, rank,
              fmt::format("rank {}: out of memory (the data does not fit) make it smaller", rank));
  } catch (const std::exception& error) {
    abort_job(program, rank, error.what());
  }
  if (rank == 0) code = check_output(code, program, stdout_was_closed);
  MPI_Finalize();
  return code;
}

int comm_rank(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

int comm_size(MPI_Comm comm) {
  int size = 0;
  MPI_Comm_size(comm, &size);
  return size;
}

}  // namespace workloads
