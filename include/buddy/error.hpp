// The one exception type of the public API.
#pragma once

#include <stdexcept>
#include <string>

namespace buddy {

/// What went wrong, for a program to act on.
enum class ErrorCode {
  ok = 0,
  invalid_argument,  ///< a parameter outside its range, e.g. a destination outside the job
  no_engine,         ///< engine placement was asked for and no engine answers
  no_memory,         ///< /dev/shm or memory too small for rings and blocks
  mismatch,          ///< ranks, or rank and engine, run different binaries or versions
  corrupt,           ///< bytes from another process did not pass the checks
  peer_died,         ///< a rank or an engine of the job ended without saying goodbye
  system,            ///< a call to the operating system, MPI or UCX failed
  timeout,           ///< a rank has waited for others for longer than BUDDY_HANG_SECONDS
};

/// Thrown by buddy::Comm for every operating error; what() reads "problem (why) what to do".
/// After peer_died, corrupt, timeout or a mismatch found in a message the communicator delivers
/// nothing more; destroying it is safe.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace buddy
