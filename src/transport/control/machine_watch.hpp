// Notices that another machine has vanished: its power, its cable, its kernel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "base/unique_fd.hpp"

namespace buddy::transport {

/// Keeps a TCP connection to each of some machines, over which nothing is said, and lets the kernel
/// ask for signs of life (see watch_machine()).
///
/// It is the other kernel that answers, not the process: one that computes, is starved or stopped
/// by a debugger is no silence. For the same reason nobody needs to accept the connections; they
/// wait with the listener, which answers as long as its machine does. That a process has ended is
/// other people's affair: its connections end, and the machine is not watched any more. Threads:
/// one at a time.
class MachineWatch {
 public:
  struct Machine {
    std::uint32_t number = 0;  ///< whatever the owner calls it
    std::string host;          ///< for messages
    std::string address;       ///< what address() returned there
  };
  struct Event {
    std::uint32_t machine = 0;
    Status reason;
  };

  /// Listens at all addresses of this machine. \param timeout_s of silence. Errors: system
  static Result<std::unique_ptr<MachineWatch>> create(int timeout_s);

  /// The port, and all addresses of this machine that others may reach, in numbers.
  std::string address() const;
  /// Begins to watch. Waits up to \p limit_ms for the connections to be made; those that take
  /// longer go on. Errors: corrupt for an address that is none
  Status watch(const std::vector<Machine>& machines, int limit_ms);

  /// Machines that have vanished since the last call. Cost: a system call.
  std::vector<Event> vanished();
  /// Machines that have not been reached at any address so far: as long as that is so, their
  /// vanishing is not noticed here.
  std::vector<Event> unwatched() const;
  /// How long a byte and its answer take to a machine, as its kernel and this one have measured;
  /// 0 while that is unknown.
  std::uint64_t round_trip_ns(std::uint32_t machine) const;

 private:
  struct Line {
    Machine machine;
    std::vector<UniqueFd> attempts;  ///< at its addresses, until one is made
    UniqueFd made;
    bool was_made = false;
  };
  MachineWatch(UniqueFd listener, int timeout_s)
      : listener_(std::move(listener)), timeout_s_(timeout_s) {}
  Status begin(Line& line) const;
  /// Looks at attempts. \return whether any is under way still
  bool settle(int limit_ms);
  void settle(Line& line) const;

  UniqueFd listener_;
  int timeout_s_;
  std::vector<Line> lines_;
};

}  // namespace buddy::transport
