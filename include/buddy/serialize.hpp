// How a value becomes bytes, the same way wherever it stands: as an argument of a message, in a
// collective, in a container, in a serialize().
#pragma once

#include <array>
#include <buddy/detail/archives.hpp>
#include <buddy/detail/bytes.hpp>
#include <buddy/detail/refusals.hpp>
#include <buddy/detail/std_values.hpp>
#include <buddy/detail/ties.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace buddy {
namespace detail {

/// cereal finds the functions of a class and those of its base, and takes neither.
template <class T>
inline constexpr bool calls_members =
    HasMemberFunctions<T>&& DerivesFromStd<T> && !names_its_functions<T>;

}  // namespace detail

template <class T>
void put_value(OutputBytes& archive, const T& value) {
  using detail::StdValue;
  if constexpr (!detail::sendable<T>) {
    static_cast<void>(detail::Refused<T>());
  } else if constexpr (detail::by_bytes<T>) {
    if constexpr (!std::is_empty_v<T>) archive.save_bytes(std::addressof(value), sizeof value);
  } else if constexpr (StdValue<T>::known) {
    StdValue<T>::put(archive, value);
  } else if constexpr (std::is_array_v<T>) {
    for (const auto& each : value) put_value(archive, each);
  } else if constexpr (detail::calls_members<T>) {
    if constexpr (requires { cereal::access::member_save(archive, value); }) {
      cereal::access::member_save(archive, value);
    } else {
      cereal::access::member_serialize(archive, const_cast<T&>(value));  // as cereal does
    }
  } else {
    archive.save_by_cereal(value);
  }
}

template <class T>
void get_value(InputBytes& archive, T& value) {
  using detail::StdValue;
  if constexpr (!detail::sendable<T>) {
    static_cast<void>(detail::Refused<T>());
  } else if constexpr (detail::by_bytes<T>) {
    if constexpr (!std::is_empty_v<T>) archive.load_bytes(std::addressof(value), sizeof value);
  } else if constexpr (StdValue<T>::known) {
    T taken = StdValue<T>::take(archive);
    if constexpr (std::is_move_assignable_v<T>) {
      value = std::move(taken);
    } else {
      std::destroy_at(std::addressof(value));
      std::construct_at(std::addressof(value), std::move(taken));
    }
  } else if constexpr (std::is_array_v<T>) {
    for (auto& each : value) get_value(archive, each);
  } else if constexpr (detail::calls_members<T>) {
    if constexpr (requires { cereal::access::member_load(archive, value); }) {
      cereal::access::member_load(archive, value);
    } else {
      cereal::access::member_serialize(archive, value);
    }
  } else {
    archive.load_by_cereal(value);
  }
}

template <class T>
T take_value(InputBytes& archive) {
  using detail::StdValue;
  if constexpr (!detail::sendable<T>) {
    static_cast<void>(detail::Refused<T>());
    std::terminate();
  } else if constexpr (detail::by_bytes<T>) {
    std::array<std::byte, sizeof(T)> bytes{};
    if constexpr (!std::is_empty_v<T>) archive.load_bytes(bytes.data(), sizeof(T));
    return detail::from_bytes<T>(bytes.data());
  } else if constexpr (StdValue<T>::known) {
    return StdValue<T>::take(archive);
  } else {
    T value{};
    get_value(archive, value);
    return value;
  }
}

}  // namespace buddy
