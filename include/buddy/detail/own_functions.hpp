// Which types bring functions of their own for cereal.
#pragma once

#include <buddy/detail/parts.hpp>
#include <cereal/access.hpp>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace buddy {
class OutputBytes;
class InputBytes;
}  // namespace buddy

namespace buddy::detail {

/// An archive from elsewhere: with it, only functions in the namespaces of a type are found, not
/// those that cereal has for the standard library.
namespace foreign {
struct Archive {};
}  // namespace foreign

/// serialize(), or save() and load(), without a version.
template <class T>
concept HasMemberFunctions = requires(OutputBytes& archive, T& t) {
  cereal::access::member_serialize(archive, t);
}
|| requires(OutputBytes& archive, const T& t) { cereal::access::member_save(archive, t); };

template <class T>
concept HasOtherMemberFunctions = requires(OutputBytes& archive, T& t) {
  cereal::access::member_serialize(archive, t, std::uint32_t{});
}
|| requires(OutputBytes& archive, const T& t) {
  cereal::access::member_save(archive, t, std::uint32_t{});
}
|| requires(const OutputBytes& archive, const T& t) {
  cereal::access::member_save_minimal(archive, t);
};

template <class T>
concept HasFreeFunctions = requires(foreign::Archive& archive, T& t) {
  serialize(archive, t);
}
|| requires(foreign::Archive& archive, const T& t) { save(archive, t); }
|| requires(foreign::Archive& archive, T& t) { serialize(archive, t, std::uint32_t{}); }
|| requires(const foreign::Archive& archive, const T& t) { save_minimal(archive, t); };

template <class T>
inline constexpr bool has_own_functions = std::is_class_v<T> &&
                                          (HasMemberFunctions<T> || HasOtherMemberFunctions<T> ||
                                           HasFreeFunctions<T>);

/// The class that a member function belongs to.
template <class R, class C, class... Args>
C class_of(R (C::*)(Args...));
template <class R, class C, class... Args>
C class_of(R (C::*)(Args...) const);

/// serialize() or save() comes from a base class that has data, and T has more.
template <class T, class Base>
concept LosesMembers =
    !std::same_as<T, Base> && !std::is_empty_v<Base> && (sizeof(T) > sizeof(Base));
template <class T>
concept InheritsFunctions =
    (requires {
      requires LosesMembers<T, decltype(class_of(&T::template serialize<OutputBytes>))>;
    }) ||
    (requires { requires LosesMembers<T, decltype(class_of(&T::template save<OutputBytes>))>; });

/// cereal's functions for the standard library take T for the base class.
template <class T>
concept DerivesFromStd = std::is_class_v<T> && !PartsOf<T>::known && !requires(const T* t) {
  { derives_from_std(t) } -> std::same_as<std::false_type>;
};

/// The template that a class derives from, if it is one alone, or is itself.
template <template <class...> class Template, class... Ts>
Template<Ts...> template_base(const Template<Ts...>*);

}  // namespace buddy::detail
