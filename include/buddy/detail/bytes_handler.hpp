// Message types of try_async(): bytes that the handler reads where they lie.
#pragma once

#include <buddy/detail/handler_table.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <typeinfo>

namespace buddy::detail {

using ByteView = std::span<const std::byte>;

template <class H>
concept BytesHandler = std::is_empty_v<H> && std::default_initializable<H> &&
    (std::invocable<H&, Comm&, ByteView> || std::invocable<H&, ByteView>);

/// As Registered, for a handler of bytes. One payload, as it is: no captures, no serialising.
template <BytesHandler H>
struct BytesRegistered {
  static void run(Comm& comm, ByteView payload) {
    H handler;
    if constexpr (std::invocable<H&, Comm&, ByteView>) {
      handler(comm, payload);
    } else {
      handler(payload);
    }
  }

  static HandlerEntry entry() {
    HandlerEntry entry;
    entry.name = typeid(BytesRegistered).name();
    entry.run_variable = &run;
    return entry;
  }

  static inline const std::uint32_t id = register_handler(entry());
};

}  // namespace buddy::detail
