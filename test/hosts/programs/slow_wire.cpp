// A wire between two network interfaces that it makes: it delays frames, limits their rate, and
// loses some. For kernels without netem.
// usage: slow_wire INTERFACE INTERFACE DELAY_MS LOSS_PER_MILLE RATE_MBIT   (0 MBIT: no limit)
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/whole_number.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Character {
  Clock::duration delay{};
  unsigned loss_per_mille = 0;
  double ns_per_byte = 0;
};

buddy::UniqueFd make_interface(const char* name) {
  buddy::UniqueFd fd(open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (!fd || ioctl(fd.get(), TUNSETIFF, &request) != 0) {
    std::fprintf(stderr, "slow_wire: cannot make %s (%s)\n", name, std::strerror(errno));
    std::exit(1);
  }
  return fd;
}

/// Frames in one direction. As a real wire, it drops what it has no room for.
class Direction {
 public:
  Direction(int from, int to, const Character& character)
      : from_(from), to_(to), character_(character) {}

  void take(std::mt19937& random) {
    std::array<char, 65536> frame{};
    for (ssize_t got = 0; (got = read(from_, frame.data(), frame.size())) > 0;) {
      if (random() % 1000 < character_.loss_per_mille || frames_.size() >= most_frames) continue;
      const auto now = Clock::now();
      sent_ = std::max(sent_, now) + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                         character_.ns_per_byte * static_cast<double>(got)));
      frames_.push_back({sent_ + character_.delay, {frame.data(), frame.data() + got}});
    }
  }

  /// \return when the next one is due
  Clock::time_point deliver() {
    while (!frames_.empty() && frames_.front().due <= Clock::now()) {
      const auto& bytes = frames_.front().bytes;
      // Refused while the interface is down: lost.
      [[maybe_unused]] const ssize_t written = write(to_, bytes.data(), bytes.size());
      frames_.pop_front();
    }
    return frames_.empty() ? Clock::time_point::max() : frames_.front().due;
  }

 private:
  static constexpr std::size_t most_frames = 10'000;
  struct Frame {
    Clock::time_point due;
    std::vector<char> bytes;
  };

  int from_;
  int to_;
  Character character_;
  Clock::time_point sent_{};  ///< when the wire is free again
  std::deque<Frame> frames_;
};

timespec until(Clock::time_point due) {
  const auto left = std::clamp<Clock::duration>(due - Clock::now(), Clock::duration::zero(),
                                                std::chrono::seconds(1));
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
  return {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
}

}  // namespace

int main(int argc, char** argv) {
  std::array<unsigned, 3> numbers{};
  for (int i = 0; argc == 6 && i < 3; ++i) {
    const auto number = buddy::parse_whole<unsigned>(argv[3 + i]);
    if (!number) argc = 0;
    numbers[static_cast<std::size_t>(i)] = number.value_or(0);
  }
  if (argc != 6) {
    std::fprintf(stderr,
                 "usage: slow_wire INTERFACE INTERFACE DELAY_MS LOSS_PER_MILLE RATE_MBIT\n");
    return 2;
  }
  const Character character{.delay = std::chrono::milliseconds(numbers[0]),
                            .loss_per_mille = numbers[1],
                            .ns_per_byte = numbers[2] == 0 ? 0 : 8000.0 / numbers[2]};
  const buddy::UniqueFd one = make_interface(argv[1]);
  const buddy::UniqueFd other = make_interface(argv[2]);
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  std::printf("seed %u\n", seed);
  std::fflush(stdout);
  Direction forth(one.get(), other.get(), character);
  Direction back(other.get(), one.get(), character);
  for (;;) {
    const timespec wait = until(std::min(forth.deliver(), back.deliver()));
    std::array<pollfd, 2> fds = {pollfd{one.get(), POLLIN, 0}, pollfd{other.get(), POLLIN, 0}};
    ppoll(fds.data(), fds.size(), &wait, nullptr);
    forth.take(random);
    back.take(random);
  }
}
