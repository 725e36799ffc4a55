// Which types refer to memory of this rank, and so mean nothing on another one.
#pragma once

#include <buddy/detail/members.hpp>
#include <buddy/detail/parts.hpp>
#include <functional>
#include <initializer_list>
#include <span>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <typeindex>

namespace buddy {

/// How a type of the program travels, where Buddy's own choice is not the right one:
///
///     template <>
///     inline constexpr buddy::Travel buddy::travel<Symbol> = buddy::Travel::serialised;
enum class Travel {
  automatic,   ///< trivially copyable types as their bytes, all others by serialize()
  as_bytes,    ///< although it has a pointer, say, which nobody follows there; trivially copyable
  serialised,  ///< by its serialize() although it is trivially copyable
};
template <class T>
inline constexpr Travel travel = Travel::automatic;

}  // namespace buddy

namespace buddy::detail {

/// How a value is tied to the memory of this rank.
enum class Tie {
  none,
  pointer,
  member_function,
  string_view,
  span,
  reference,
  iterator,
  view,
  member,      ///< of a struct
  serialised,  ///< the program says so
};

/// An iterator into something: what it yields lives elsewhere.
template <class T>
concept PointsAtElement = requires(T& t) {
  ++t;
  requires std::is_lvalue_reference_v<decltype(*t)>;
};

template <class T>
struct HasTie;

template <class T>
consteval Tie tie_of_class() {
  if constexpr (std::ranges::enable_view<T>) {
    return Tie::view;
  } else if constexpr (PointsAtElement<T>) {
    return Tie::iterator;
  } else if constexpr (std::is_trivially_copyable_v<T> && std::is_aggregate_v<T> &&
                       sizeof(T) >= sizeof(void*) && alignof(T) >= alignof(void*)) {
    return has_member<T, HasTie>() ? Tie::member : Tie::none;
  }
  return Tie::none;
}

template <class... Ts>
struct FirstTie {
  static constexpr Tie value = Tie::none;
};

/// What ties values of type T, at any depth that can be looked at: through the standard library's
/// templates, arrays, and members of trivially copyable aggregates.
template <class T>
consteval Tie tie_of() {
  if constexpr (travel<T> == Travel::serialised) {
    return Tie::serialised;
  } else if constexpr (travel<T> == Travel::as_bytes) {
    return Tie::none;
  } else if constexpr (std::is_const_v<T> || std::is_volatile_v<T>) {
    return tie_of<std::remove_cv_t<T>>();
  } else if constexpr (std::is_reference_v<T>) {
    return Tie::reference;
  } else if constexpr (std::is_pointer_v<T>) {
    return Tie::pointer;
  } else if constexpr (std::is_member_function_pointer_v<T>) {
    return Tie::member_function;
  } else if constexpr (std::is_array_v<T>) {
    return tie_of<std::remove_all_extents_t<T>>();
  } else if constexpr (PartsOf<T>::known) {
    return PartsOf<T>::template apply<FirstTie>::value;
  } else if constexpr (std::is_class_v<T>) {
    return tie_of_class<T>();
  } else {
    return Tie::none;
  }
}
template <class T>
inline constexpr Tie tie = tie_of<T>();
template <class C, class Tr>
inline constexpr Tie tie<std::basic_string_view<C, Tr>> = Tie::string_view;
template <class T, std::size_t n>
inline constexpr Tie tie<std::span<T, n>> = Tie::span;
template <class T>
inline constexpr Tie tie<std::reference_wrapper<T>> = Tie::reference;
template <>
inline constexpr Tie tie<std::vector<bool>::reference> = Tie::reference;
template <class T>
inline constexpr Tie tie<std::initializer_list<T>> = Tie::view;
// Addresses behind a value's face.
template <>
inline constexpr Tie tie<std::type_index> = Tie::pointer;
template <>
inline constexpr Tie tie<std::error_code> = Tie::pointer;
template <>
inline constexpr Tie tie<std::error_condition> = Tie::pointer;

template <class T, class... Ts>
struct FirstTie<T, Ts...> {
  static constexpr Tie value =
      tie<std::remove_cv_t<T>> != Tie::none ? tie<std::remove_cv_t<T>> : FirstTie<Ts...>::value;
};
/// Of the members of trivially copyable structs: what is not trivially copyable there, or what the
/// probe finds const, is behind a reference.
template <class T>
struct HasTie {
  static constexpr bool value = std::is_const_v<T> || !std::is_trivially_copyable_v<T> ||
                                tie<std::remove_cv_t<T>> != Tie::none;
};

/// Types whose bytes are their value, wherever they stand.
template <class T>
inline constexpr bool by_bytes =
    std::is_trivially_copyable_v<T>&& tie<std::remove_cv_t<T>> == Tie::none;

}  // namespace buddy::detail
