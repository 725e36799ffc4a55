// Looks at the members of aggregates without knowing their names.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace buddy::detail {

/// Initialises any member that can be copied. Never called.
struct AnyMember {
  template <class T>
  operator T&() const noexcept;  // NOLINT(google-explicit-constructor)
};
/// Initialises only members of types for which Wanted<T>::value holds; T is const for references to
/// const alone.
template <template <class> class Wanted>
struct OnlyMember {
  template <class T>
    requires(Wanted<T>::value)
  operator T&() const noexcept;  // NOLINT(google-explicit-constructor)
};
/// Initialises all but references to what is not const.
struct ValueMember {
  template <class T>
  operator T() const noexcept;  // NOLINT(google-explicit-constructor)
};

template <std::size_t>
using AnyAt = AnyMember;

/// Whether the aggregate can be made from so many initialisers.
template <class T, class Indices>
inline constexpr bool takes_members = false;
template <class T, std::size_t... i>
inline constexpr bool takes_members<T, std::index_sequence<i...>> = requires {
  T{AnyAt<i>{}...};
};

/// Whether a Probe can stand among them.
template <class T, class Probe, class Before, class After>
inline constexpr bool takes_probe = false;
template <class T, class Probe, std::size_t... i, std::size_t... k>
inline constexpr bool takes_probe<T, Probe, std::index_sequence<i...>, std::index_sequence<k...>> =
    requires {
  T{AnyAt<i>{}..., Probe{}, AnyAt<k>{}...};
};

/// Structs of more members, counting elements of arrays, are not looked into.
inline constexpr std::size_t most_members = 24;

/// How many initialisers an aggregate takes: the most that compile. 0: none, or too many.
template <class T, std::size_t n = 1, std::size_t found = 0>
consteval std::size_t count_members() {
  if constexpr (n > most_members + 1) {
    return found > most_members ? 0 : found;
  } else if constexpr (takes_members<T, std::make_index_sequence<n>>) {
    return count_members<T, n + 1, n>();
  } else if constexpr (found != 0) {
    return found;  // one too many
  } else {
    return count_members<T, n + 1, found>();  // too few, where members have no default
  }
}

template <class T, class Probe, std::size_t... k>
consteval bool any_takes(std::index_sequence<k...>) {
  return (takes_probe<T, Probe, std::make_index_sequence<k>,
                      std::make_index_sequence<sizeof...(k) - 1 - k>> ||
          ...);
}
template <class T, class Probe, std::size_t... k>
consteval bool all_take(std::index_sequence<k...>) {
  return (takes_probe<T, Probe, std::make_index_sequence<k>,
                      std::make_index_sequence<sizeof...(k) - 1 - k>> &&
          ...);
}

/// Whether the aggregate T has a member, also in an array or a base class, for which Wanted holds,
/// or one that is a reference. Members that cannot be told apart so are not seen: false.
template <class T, template <class> class Wanted>
consteval bool has_member() {
  using Positions = std::make_index_sequence<count_members<T>()>;
  if constexpr (any_takes<T, OnlyMember<Wanted>>(Positions())) return true;
  // References to what is not const; a struct with one cannot be assigned.
  if constexpr (!std::is_copy_assignable_v<T>) return !all_take<T, ValueMember>(Positions());
  return false;
}

}  // namespace buddy::detail
