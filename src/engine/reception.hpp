// The door of a listening engine: connections that have not shown the key yet.
#pragma once

#include <array>
#include <cstdint>
#include <list>

#include "engine/arrivals.hpp"
#include "transport/control/control_listener.hpp"
#include "transport/control/greeting.hpp"

namespace buddy::engine {

/// Greetings that came to nothing, by transport::GreetingEnd.
using RefusedCounts = std::array<std::uint64_t, transport::greeting_ends>;

/// Reads all greetings at the same time and waits for none. There is room for so many strangers;
/// one more makes the oldest go if that has had its time, or waits in the kernel.
class Reception final : public Arrivals {
 public:
  struct Options {
    JobKey key;
    int greeting_limit_ms = 10'000;   ///< for a greeting, and for reading a refusal
    std::size_t max_strangers = 128;  ///< ranks greet at once, so more are no ranks
  };
  Reception(transport::ControlListener listener, const Options& options);

  void watch(std::vector<pollfd>& polled) const override;
  std::vector<Admitted> take(std::span<const pollfd> ready) override;

  const transport::ControlAddress& address() const noexcept { return listener_.address(); }
  const RefusedCounts& refused() const noexcept { return refused_; }

 private:
  struct Stranger {
    transport::ControlSocket socket;
    transport::GreetingCheck check;
    std::uint64_t since_ns;  ///< when it came, or began to end
    bool ending = false;     ///< closed as soon as the refusal is on its way
  };
  enum class Next { stays, goes, comes_in };

  Next serve(Stranger& stranger, short events);
  Next read(Stranger& stranger);
  Next refuse(Stranger& stranger, const transport::GreetingCheck::Refused& refused);
  void drop_overdue();
  bool make_room();
  void accept(std::vector<Admitted>& admitted);
  void count(transport::GreetingEnd why) { ++refused_[static_cast<std::size_t>(why)]; }

  transport::ControlListener listener_;
  Options options_;
  std::list<Stranger> strangers_;  ///< the oldest first
  bool full_ = false;              ///< nobody else can be taken for now
  RefusedCounts refused_{};
};

}  // namespace buddy::engine
