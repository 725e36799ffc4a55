// What the standard library's templates hold, for checks that go through them.
#pragma once

#include <array>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace buddy::detail {

template <class... Ts>
struct TypeList {
  static constexpr bool known = true;
  template <template <class...> class To>
  using apply = To<Ts...>;
};

/// The types of the values inside a T of the standard library.
template <class T>
struct PartsOf {
  static constexpr bool known = false;
};
template <class T, std::size_t n>
struct PartsOf<std::array<T, n>> : TypeList<T> {};
template <class T>
struct PartsOf<std::optional<T>> : TypeList<T> {};
template <class... Ts>
struct PartsOf<std::variant<Ts...>> : TypeList<Ts...> {};
template <class A, class B>
struct PartsOf<std::pair<A, B>> : TypeList<A, B> {};
template <class... Ts>
struct PartsOf<std::tuple<Ts...>> : TypeList<Ts...> {};
template <class T, class A>
struct PartsOf<std::vector<T, A>> : TypeList<T> {};
template <class T, class A>
struct PartsOf<std::deque<T, A>> : TypeList<T> {};
template <class T, class A>
struct PartsOf<std::list<T, A>> : TypeList<T> {};
template <class T, class C, class A>
struct PartsOf<std::set<T, C, A>> : TypeList<T> {};
template <class T, class C, class A>
struct PartsOf<std::multiset<T, C, A>> : TypeList<T> {};
template <class T, class H, class E, class A>
struct PartsOf<std::unordered_set<T, H, E, A>> : TypeList<T> {};
template <class T, class H, class E, class A>
struct PartsOf<std::unordered_multiset<T, H, E, A>> : TypeList<T> {};
template <class K, class V, class C, class A>
struct PartsOf<std::map<K, V, C, A>> : TypeList<K, V> {};
template <class K, class V, class C, class A>
struct PartsOf<std::multimap<K, V, C, A>> : TypeList<K, V> {};
template <class K, class V, class H, class E, class A>
struct PartsOf<std::unordered_map<K, V, H, E, A>> : TypeList<K, V> {};
template <class K, class V, class H, class E, class A>
struct PartsOf<std::unordered_multimap<K, V, H, E, A>> : TypeList<K, V> {};
template <class T, class D>
struct PartsOf<std::unique_ptr<T, D>> : TypeList<T> {};
template <class T>
struct PartsOf<std::shared_ptr<T>> : TypeList<T> {};
template <class T>
struct PartsOf<std::weak_ptr<T>> : TypeList<T> {};
template <class C, class T, class A>
struct PartsOf<std::basic_string<C, T, A>> : TypeList<C> {};

/// Whether a class is one of these or derives from one. More than one such base, or one that is not
/// accessible, counts too.
std::false_type derives_from_std(const volatile void*);
template <class T, std::size_t n>
std::true_type derives_from_std(const std::array<T, n>*);
template <class... Ts>
std::true_type derives_from_std(const std::optional<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::variant<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::pair<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::tuple<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::vector<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::deque<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::list<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::set<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::multiset<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::unordered_set<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::unordered_multiset<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::map<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::multimap<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::unordered_map<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::unordered_multimap<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::unique_ptr<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::shared_ptr<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::weak_ptr<Ts...>*);
template <class... Ts>
std::true_type derives_from_std(const std::basic_string<Ts...>*);

}  // namespace buddy::detail
