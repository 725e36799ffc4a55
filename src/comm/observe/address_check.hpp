// Finds addresses of this process in what messages carry.
#pragma once

#include <buddy/detail/handler_table.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "comm/observe/memory_map.hpp"

namespace buddy::comm {

/// Looks at each aligned word of what a handler captures, and of arguments that are structs.
/// A number may look like an address by chance. A captured pointer does so in every message, so a
/// word that was once neither an address nor 0 is not looked at again in that kind of message.
/// Threads: one.
class AddressCheck {
 public:
  /// \param payload a message as it is sent
  /// Throws Error(invalid_argument), which names the handler and where the address points.
  /// Cost: some 10 ns for each word.
  void look(std::uint32_t handler, std::span<const std::byte> payload);

 private:
  void look_at(std::uint32_t handler, const detail::HandlerEntry& entry, std::size_t argument,
               std::span<const std::byte> payload);

  MemoryMap memory_;
  std::map<std::pair<std::uint32_t, std::size_t>, bool> innocent_;  ///< by handler and offset
};

}  // namespace buddy::comm
