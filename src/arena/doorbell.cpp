#include "arena/doorbell.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/clock.hpp"

namespace buddy::arena {
namespace {

std::string fifo_path(const std::string& path) { return path + ".fifo"; }

/// Read-write, so that neither end ever sees end-of-file or has to wait for the other.
Result<UniqueFd> open_fifo(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (fd) return fd;
  return Status(ErrorCode::system, "cannot open " + path + " (" + std::strerror(errno) +
                                       ") raise the limit on open files, or check that the job "
                                       "still runs");
}

}  // namespace

Result<Doorbell> Doorbell::create(const std::string& path) {
  auto file = ShmFile::create(path, sizeof(DoorbellWord));
  if (!file.ok()) return file.status();
  if (mkfifo(fifo_path(path).c_str(), 0600) != 0) {
    return Status(ErrorCode::system, "cannot make " + fifo_path(path) + " (" +
                                         std::strerror(errno) + ") check /dev/shm");
  }
  auto fifo = open_fifo(fifo_path(path));
  if (!fifo.ok()) return fifo.status();
  return Doorbell(std::move(file.value()), std::move(fifo.value()));
}

void Doorbell::set(Wakefulness state) noexcept {
  const auto wanted = static_cast<std::uint32_t>(state);
  // Only the owner moves the word away from busy, so a relaxed look avoids most stores.
  if (shared()->state.load(std::memory_order_relaxed) != wanted) {
    shared()->state.store(wanted, std::memory_order_relaxed);
  }
}

void Doorbell::prepare_sleep() noexcept {
  // Pairs with the load in DoorbellSender::ring_if_sleeping.
  shared()->state.store(static_cast<std::uint32_t>(Wakefulness::sleeping),
                        std::memory_order_seq_cst);
}

std::uint64_t Doorbell::clear() noexcept {
  set(Wakefulness::busy);
  std::array<char, 64> drain{};
  bool rung = false;
  for (;;) {
    const ssize_t got = ::read(fifo_.get(), drain.data(), drain.size());
    rung = rung || got > 0;
    if (got != static_cast<ssize_t>(drain.size())) break;
  }
  // Written before the byte; only a measurement, so that a stale value does no harm.
  return rung ? shared()->rung_ns.load(std::memory_order_relaxed) : 0;
}

void Doorbell::unlink() noexcept {
  ::unlink(fifo_path(path()).c_str());
  file_.unlink();
}

Result<DoorbellSender> DoorbellSender::open(const std::string& path) {
  auto file = ShmFile::open(path, sizeof(DoorbellWord));
  if (!file.ok()) return file.status();
  auto fifo = open_fifo(fifo_path(path));
  if (!fifo.ok()) return fifo.status();
  return DoorbellSender(std::move(file.value()), std::move(fifo.value()));
}

void DoorbellSender::ring() noexcept {
  const auto busy = static_cast<std::uint32_t>(Wakefulness::busy);
  if (shared()->state.exchange(busy, std::memory_order_seq_cst) != sleeping) return;
  shared()->rung_ns.store(monotonic_ns(), std::memory_order_relaxed);
  const char byte = 1;
  // A full FIFO wakes the owner just as well.
  [[maybe_unused]] const ssize_t written = ::write(fifo_.get(), &byte, 1);
}

}  // namespace buddy::arena
