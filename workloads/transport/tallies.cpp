#include "transport/tallies.hpp"

namespace workloads::transport {

bool Events::balanced() const noexcept {
  const Events& of = *this;
  const std::uint64_t came =
      of[Event::started] + of[Event::sourced] + of[Event::split] + of[Event::produced];
  const std::uint64_t went = of[Event::rouletted] + of[Event::absorbed] + of[Event::fissioned] +
                             of[Event::escaped] + of[Event::census];
  return came == went;
}

}  // namespace workloads::transport
