// The table of handlers of this program, filled before main().
#pragma once

#include <buddy/detail/codec.hpp>
#include <buddy/detail/outbox.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <typeinfo>

namespace buddy::detail {

/// One message type of the program.
struct HandlerEntry {
  const char* name;  ///< mangled type name: the same in the same binary
  bool is_fixed;
  std::uint32_t item_bytes;  ///< payload of a fixed item, bytes; 0 for variable ones
  void (*run_fixed)(Comm&, const std::byte* items, std::uint32_t count, std::uint32_t& done);
  void (*run_variable)(Comm&, std::span<const std::byte> payload);
};

/// Adds an entry; ids count up from 0 in the order of static initialisation, which is the same in
/// every process that runs the same binary (checked when a communicator is made).
std::uint32_t register_handler(const HandlerEntry& entry);

std::span<const HandlerEntry> handler_table() noexcept;

/// A handler's id, and what Outbox compares; the latter is of use for fixed sizes only.
struct HandlerNumber {
  HandlerNumber(std::uint32_t handler, std::uint32_t item_bytes)
      : id(handler), key(Outbox::key(handler, item_bytes)) {}
  std::uint32_t id;
  std::uint64_t key;
};

template <class H, class... Args>
HandlerEntry make_entry() {
  using Codec = CodecFor<H, Args...>;
  HandlerEntry entry{typeid(Codec).name(), Codec::is_fixed, 0, nullptr, nullptr};
  if constexpr (Codec::is_fixed) {
    entry.item_bytes = static_cast<std::uint32_t>(Codec::fixed_bytes);
    entry.run_fixed = &Codec::run_fixed;
  } else {
    entry.run_variable = &Codec::run_variable;
  }
  return entry;
}

/// Registers a message type as a side effect of being used anywhere in the program.
template <class H, class... Args>
struct Registered {
  /// One object: of two, the one that needs the other may be initialised first.
  static inline const HandlerNumber number{
      register_handler(make_entry<H, Args...>()),
      static_cast<std::uint32_t>(CodecFor<H, Args...>::fixed_bytes)};
  static constexpr const std::uint32_t& id = number.id;
  static constexpr const std::uint64_t& key = number.key;
};

}  // namespace buddy::detail
