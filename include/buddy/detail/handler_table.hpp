// The table of handlers of this program, filled before main().
#pragma once

#include <array>
#include <buddy/detail/codec.hpp>
#include <buddy/detail/outbox.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace buddy::detail {

/// Bytes of a payload that are an object of the program's, as it lay in memory.
struct ObjectBytes {
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;
  const std::type_info* type = nullptr;
};

/// One message type of the program.
struct HandlerEntry {
  const char* name = nullptr;  ///< mangled type name: the same in the same binary
  bool is_fixed = false;
  std::uint32_t item_bytes = 0;  ///< payload of a fixed item, bytes; 0 for variable ones
  void (*run_fixed)(Comm&, const std::byte* items, std::uint32_t count,
                    std::uint32_t& done) = nullptr;
  void (*run_variable)(Comm&, std::span<const std::byte> payload) = nullptr;
  ObjectBytes captures{};                    ///< the handler's; no bytes if it travels otherwise
  std::span<const ObjectBytes> arguments{};  ///< plain structs among them, if it is fixed
};

/// Adds an entry; ids count up from 0 in the order of static initialisation, which is the same in
/// every process that runs the same binary (checked when a communicator is made).
std::uint32_t register_handler(const HandlerEntry& entry);

std::uint32_t handler_count() noexcept;
/// \return nullptr if there is no such handler. Threads: any.
const HandlerEntry* find_handler(std::uint32_t id) noexcept;

template <class H>
ObjectBytes captures_of() {
  // A handler that travels as something else, a function for one, is encoded into a new value.
  using Encoded = decltype(HandlerCodec<H>::encode(std::declval<const H&>(), ""));
  constexpr bool as_it_is = std::is_lvalue_reference_v<Encoded>;
  return {0, as_it_is ? static_cast<std::uint32_t>(HandlerCodec<H>::bytes) : 0, &typeid(H)};
}

/// Where the arguments lie, with bytes only for structs of the program's.
template <class... Args>
constexpr auto structs_among([[maybe_unused]] std::size_t offset) {
  std::array<ObjectBytes, sizeof...(Args)> places{};
  [[maybe_unused]] std::size_t i = 0;
  [[maybe_unused]] const auto place = [&](std::size_t bytes, bool is_struct,
                                          const std::type_info* type) {
    places[i++] = {static_cast<std::uint32_t>(offset),
                   is_struct ? static_cast<std::uint32_t>(bytes) : 0, type};
    offset += bytes;
  };
  (place(Flat<Args>::bytes, std::is_class_v<Args> && std::is_trivially_copyable_v<Args>,
         &typeid(Args)),
   ...);
  return places;
}

template <class H, class... Args>
inline constexpr auto struct_arguments = structs_among<Args...>(HandlerCodec<H>::bytes);

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
  HandlerEntry entry;
  entry.name = typeid(Codec).name();
  entry.is_fixed = Codec::is_fixed;
  entry.captures = captures_of<H>();
  if constexpr (Codec::is_fixed) {
    static_assert(Codec::fixed_bytes < 0xffffffffu,
                  "the arguments of a message are larger than 4 GiB: send them in a container");
    entry.item_bytes = static_cast<std::uint32_t>(Codec::fixed_bytes);
    entry.run_fixed = &Codec::run_fixed;
    entry.arguments = struct_arguments<H, Args...>;
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
