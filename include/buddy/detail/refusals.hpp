// What cannot travel, and what the compiler says about it.
#pragma once

#include <buddy/detail/archives.hpp>
#include <buddy/detail/own_functions.hpp>
#include <buddy/detail/ties.hpp>
#include <buddy/prefetch.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace buddy::detail {

/// Why a value or a handler cannot be sent.
enum class Refusal {
  none,
  pointer,
  member_function,
  string_view,
  span,
  reference,
  iterator,
  view,
  member,
  immovable,
  inherits,
  derives_from_std,
  no_functions,
  no_default,
  handler_not_trivial,
  handler_tied,
};

/// cereal can make one from nothing.
template <class T>
inline constexpr bool can_be_made = std::is_default_constructible_v<T> ||
                                    cereal::traits::has_load_and_construct<T, InputBytes>::value;

/// The program tells cereal which functions to take: they are T's own.
template <class T>
inline constexpr bool names_its_functions = cereal::traits::is_specialized<T, OutputBytes>::value ||
                                            cereal::traits::is_specialized<T, InputBytes>::value;

/// T has a base class for which cereal has functions, and would be cut to it.
template <class T, class Base>
concept CutTo = !std::same_as<T, Base> && !has_own_functions<Base> &&
                cereal::traits::is_output_serializable<Base, OutputBytes>::value;
template <class T>
concept CutToBase = DerivesFromStd<T> || requires(const T* t) {
  requires CutTo<T, decltype(template_base(t))>;
};

template <class T>
consteval Refusal refusal_of_tie() {
  switch (tie<T>) {
    case Tie::pointer: return Refusal::pointer;
    case Tie::member_function: return Refusal::member_function;
    case Tie::string_view: return Refusal::string_view;
    case Tie::span: return Refusal::span;
    case Tie::reference: return Refusal::reference;
    case Tie::iterator: return Refusal::iterator;
    case Tie::view: return Refusal::view;
    case Tie::member: return Refusal::member;
    case Tie::serialised:
    case Tie::none: break;
  }
  return Refusal::none;
}

template <class T>
inline constexpr Refusal refusal_of_pointee = Refusal::none;
template <class T, class D>
inline constexpr Refusal refusal_of_pointee<std::unique_ptr<T, D>> =
    std::is_polymorphic_v<T> || can_be_made<std::remove_cv_t<T>> ? Refusal::none
                                                                 : Refusal::no_default;
template <class T>
inline constexpr Refusal refusal_of_pointee<std::shared_ptr<T>> =
    refusal_of_pointee<std::unique_ptr<T>>;

/// Of T itself; parts of the standard library's templates have their own.
template <class T>
consteval Refusal refusal_of() {
  if constexpr (by_bytes<T>) {
    return std::is_array_v<T> || std::is_move_constructible_v<T> ? Refusal::none
                                                                 : Refusal::immovable;
  } else if constexpr (PartsOf<T>::known) {
    return refusal_of_pointee<T>;
  } else if constexpr (std::is_array_v<T>) {
    return Refusal::none;
  } else if constexpr (has_own_functions<T>) {
    if constexpr (!names_its_functions<T> && InheritsFunctions<T>) return Refusal::inherits;
    return std::is_default_constructible_v<T> ? Refusal::none : Refusal::no_default;
  } else if constexpr (tie<T> != Tie::none) {
    return refusal_of_tie<T>();
  } else if constexpr (!names_its_functions<T> && CutToBase<T>) {
    return Refusal::derives_from_std;
  } else if constexpr (!cereal::traits::is_output_serializable<T, OutputBytes>::value ||
                       !cereal::traits::is_input_serializable<T, InputBytes>::value) {
    return Refusal::no_functions;
  } else {
    return std::is_default_constructible_v<T> ? Refusal::none : Refusal::no_default;
  }
}
template <class T>
inline constexpr Refusal refusal = refusal_of<T>();

template <class... Ts>
struct AllSendable;

/// Whether values of type T can be sent, at any depth.
template <class T>
consteval bool is_sendable() {
  using Bare = std::remove_cv_t<T>;
  if constexpr (std::is_array_v<Bare> && !by_bytes<Bare>) {
    return is_sendable<std::remove_all_extents_t<Bare>>();
  } else if constexpr (refusal<Bare> != Refusal::none) {
    return false;
  } else if constexpr (PartsOf<Bare>::known && !by_bytes<Bare>) {
    return PartsOf<Bare>::template apply<AllSendable>::value;
  } else {
    return true;
  }
}
template <class T>
inline constexpr bool sendable = is_sendable<T>();
template <class... Ts>
struct AllSendable {
  static constexpr bool value = (sendable<Ts> && ...);
};

/// Of a handler: its bytes are sent, and all that can be seen of it must mean something elsewhere.
template <class H>
inline constexpr Refusal handler_refusal =
    !std::is_trivially_copyable_v<H> ? Refusal::handler_not_trivial
    : tie<H> != Tie::none            ? Refusal::handler_tied
                                     : Refusal::none;
/// Functions travel by module and offset.
template <class F>
  requires std::is_function_v<F>
inline constexpr Refusal handler_refusal<F*> = Refusal::none;
template <class H, class P>
inline constexpr Refusal handler_refusal<WithPrefetch<H, P>> =
    handler_refusal<H> != Refusal::none ? handler_refusal<H> : handler_refusal<P>;

template <class H, class... Args>
inline constexpr bool sendable_message = handler_refusal<H> == Refusal::none &&
                                         (sendable<Args> && ...);

// ---- sentences ------------------------------------------------------------------------------

template <class...>
struct RefusedParts {};

/// To complete this class is an error whose text says why T cannot be sent. Parts come first: the
/// innermost type is the one to change.
template <class T, Refusal why = refusal<T>>
struct Refused;
template <class T>
consteval std::size_t refuse_parts() {
  if constexpr (std::is_array_v<T>) return sizeof(Refused<std::remove_all_extents_t<T>>);
  if constexpr (PartsOf<T>::known) return sizeof(typename PartsOf<T>::template apply<RefusedParts>);
  return 1;
}
template <class T>
struct Refused<T, Refusal::none> {
  static_assert(refuse_parts<T>() != 0);
};
template <class T, class... Ts>
struct RefusedParts<T, Ts...> {
  static_assert(sizeof(Refused<std::remove_cv_t<T>>) + sizeof(RefusedParts<Ts...>) != 0);
};

template <class T>
struct Refused<T, Refusal::pointer> {
  static_assert(sendable<T>,
                "a message cannot carry a pointer, which means nothing on another rank: send what "
                "it points to, a std::string for a string literal, or a buddy::Handle");
};
template <class T>
struct Refused<T, Refusal::member_function> {
  static_assert(sendable<T>,
                "a message cannot carry a pointer to a member function, which means nothing on "
                "another rank: send a lambda that calls it");
};
template <class T>
struct Refused<T, Refusal::string_view> {
  static_assert(sendable<T>,
                "a message cannot carry a std::string_view, which refers to memory of this rank: "
                "send a std::string");
};
template <class T>
struct Refused<T, Refusal::span> {
  static_assert(sendable<T>,
                "a message cannot carry a std::span, which refers to memory of this rank: send a "
                "std::vector");
};
template <class T>
struct Refused<T, Refusal::reference> {
  static_assert(
      sendable<T>,
      "a message cannot carry a reference (std::reference_wrapper, std::tie, an element of a "
      "std::vector<bool>), which refers to memory of this rank: send the value or a buddy::Handle");
};
template <class T>
struct Refused<T, Refusal::iterator> {
  static_assert(sendable<T>,
                "a message cannot carry an iterator, which refers to memory of this rank: send the "
                "element or its index");
};
template <class T>
struct Refused<T, Refusal::view> {
  static_assert(sendable<T>,
                "a message cannot carry a view or a std::initializer_list, which refers to memory "
                "of this rank: send a std::vector of the elements");
};
template <class T>
struct Refused<T, Refusal::member> {
  static_assert(sendable<T>,
                "a message cannot carry this struct, because a member of it is a pointer, a view "
                "or a reference, which means nothing on another rank: send the value instead, or "
                "give the struct a serialize()");
};
template <class T>
struct Refused<T, Refusal::immovable> {
  static_assert(sendable<T>,
                "a message cannot carry this type, because it can neither be copied nor moved: "
                "give it a move constructor, or send what it holds");
};
template <class T>
struct Refused<T, Refusal::inherits> {
  static_assert(
      sendable<T>,
      "a message cannot carry this type, because the serialize() that it inherits leaves out its "
      "own members: give it a serialize() of its own, which calls that of the base class");
};
template <class T>
struct Refused<T, Refusal::derives_from_std> {
  static_assert(sendable<T>,
                "a message cannot carry this type, because it derives from a type of the standard "
                "library and its own members would be lost: give it a serialize() of its own, or "
                "make the base class a member");
};
template <class T>
struct Refused<T, Refusal::no_functions> {
  static_assert(sendable<T>,
                "a message cannot carry this type, because it is not trivially copyable and has no "
                "serialize(): give it one (template <class Archive> void serialize(Archive& "
                "archive) { archive(member, ...); })");
};
template <class T>
struct Refused<T, Refusal::no_default> {
  static_assert(sendable<T>,
                "a message cannot carry this type, because the receiver cannot make one to fill: "
                "give it a default constructor");
};

/// The same for handlers.
template <class H, Refusal why = handler_refusal<H>>
struct RefusedHandler {};
template <class H>
inline constexpr bool handler_sendable = handler_refusal<H> == Refusal::none;
template <class H>
struct RefusedHandler<H, Refusal::handler_not_trivial> {
  static_assert(handler_sendable<H>,
                "this handler cannot be sent, because it is sent as its bytes and what it captures "
                "is not trivially copyable: pass that as an argument");
};
template <class H>
struct RefusedHandler<H, Refusal::handler_tied> {
  static_assert(
      handler_sendable<H>,
      "this handler cannot be sent, because it holds a pointer, a view or a reference, which means "
      "nothing on another rank: hold the value or a buddy::Handle, or pass an argument");
};

template <class H, class... Args>
struct RefusedMessage : RefusedHandler<H> {
  static_assert(sizeof(RefusedParts<Args...>) != 0);
};

}  // namespace buddy::detail
