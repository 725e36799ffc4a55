// How a handler and its arguments become bytes and a call again.
#pragma once

#include <array>
#include <bit>
#include <buddy/detail/bytes.hpp>
#include <buddy/prefetch.hpp>
#include <buddy/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace buddy {
class Comm;
}

namespace buddy::detail {

// ---- flat types: copied byte by byte --------------------------------------------------------

/// Copies in words of 8 bytes, which the compiler must not join: a program sets a member and sends
/// the structure, and a wider load than the store just before it waits for the cache, 15 cycles.
template <std::size_t bytes>
void copy_words(std::byte* to, const void* from) noexcept {
  const auto* source = static_cast<const std::byte*>(from);
  for (std::size_t i = 0; i + 8 <= bytes; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, source + i, 8);
    asm("" : "+r"(word));
    std::memcpy(to + i, &word, 8);
  }
  if constexpr (bytes % 8 != 0) {
    std::memcpy(to + bytes / 8 * 8, source + bytes / 8 * 8, bytes % 8);
  }
}

template <class T>
struct Flat {
  static constexpr bool value = by_bytes<T>;
  static constexpr std::size_t bytes = std::is_empty_v<T> ? 0 : sizeof(T);
  static constexpr bool as_it_is = value && bytes != 0;  ///< travels as it lies in memory
  /// A closure whose captures are all empty is one byte, to which nobody gives a value. The
  /// compiler must not see where it comes from, or it warns about what is only copied.
  static constexpr bool has_no_value = bytes == 1 && !std::has_unique_object_representations_v<T>;

  static void pack(std::byte*& at, const T& from) noexcept {
    if constexpr (bytes > 16 && bytes <= 128) {
      copy_words<bytes>(at, &from);
    } else if constexpr (has_no_value) {
      const void* source = &from;
      asm("" : "+r"(source));
      std::memcpy(at, source, bytes);
    } else if constexpr (bytes != 0) {
      std::memcpy(at, &from, bytes);
    }
    at += bytes;
  }
  static T unpack(const std::byte*& at) noexcept {
    const std::byte* from = at;
    at += bytes;
    if constexpr (bytes == 0) {
      return std::bit_cast<T>(std::array<std::byte, sizeof(T)>{});
    } else {
      return from_bytes<T>(from);
    }
  }
};
/// Parts of pairs and tuples: the key of a map's element.
template <class T>
struct Flat<const T> : Flat<T> {};

template <class... Ts>
struct FlatParts {
  static constexpr bool value = (Flat<Ts>::value && ...);
  static constexpr std::size_t bytes = (Flat<Ts>::bytes + ... + std::size_t{0});
  static constexpr bool as_it_is = false;
};

/// std::pair and std::tuple are not trivially copyable, yet their parts may be.
template <class A, class B>
struct Flat<std::pair<A, B>> : FlatParts<A, B> {
  static void pack(std::byte*& at, const std::pair<A, B>& from) noexcept {
    Flat<A>::pack(at, from.first);
    Flat<B>::pack(at, from.second);
  }
  static std::pair<A, B> unpack(const std::byte*& at) noexcept {
    std::remove_const_t<A> first = Flat<A>::unpack(at);
    return {std::move(first), Flat<B>::unpack(at)};
  }
};

template <class... Ts>
struct Flat<std::tuple<Ts...>> : FlatParts<Ts...> {
  static void pack(std::byte*& at, const std::tuple<Ts...>& from) noexcept {
    std::apply([&](const Ts&... parts) { (Flat<Ts>::pack(at, parts), ...); }, from);
  }
  static std::tuple<Ts...> unpack(const std::byte*& at) noexcept {
    return std::tuple<Ts...>{Flat<Ts>::unpack(at)...};  // braces: left to right
  }
};

/// An argument of a message that has arrived. Made where it is used: a function that returned it
/// would copy it once more.
template <class T>
class Argument {
 public:
  explicit Argument(const std::byte* at) : value_(Flat<T>::unpack(at)) {}
  T& get() noexcept { return value_; }

 private:
  T value_;
};

template <class T>
  requires(Flat<T>::as_it_is)
class Argument<T> {
 public:
  explicit Argument(const std::byte* at) noexcept {
    std::memcpy(static_cast<void*>(&slot_.value), at, sizeof(T));
  }
  T& get() noexcept { return slot_.value; }

 private:
  Slot<T> slot_;
};

// ---- functions as handlers ------------------------------------------------------------------

/// A function of this program in a form that is the same on every rank: which loaded object, and
/// how far into it (address space randomisation moves objects, not what is inside them).
struct FunctionRef {
  std::uint32_t module;
  std::uint32_t offset;
};
/// \param call what the program called, for the error
/// Throws Error(invalid_argument) for a null pointer and for what is no code of a loaded object.
FunctionRef encode_function(void (*function)(), const char* call);
/// Throws Error(mismatch) if no loaded object has executable code there.
void (*decode_function(FunctionRef ref))();

/// The handler as it travels: nothing for a captureless lambda, its captures, or a FunctionRef.
/// encode() is all that can fail, so that it comes before a message takes room anywhere.
template <class H>
struct HandlerCodec {
  static constexpr std::size_t bytes = Flat<H>::bytes;
  static const H& encode(const H& handler, const char*) noexcept { return handler; }
  static void pack(std::byte*& at, const H& handler) noexcept { Flat<H>::pack(at, handler); }
  static H unpack(const std::byte*& at) { return Flat<H>::unpack(at); }
};

/// Also functions that promise not to throw: their pointers are of another type.
template <class F>
  requires std::is_function_v<F>
struct HandlerCodec<F*> {
  using Function = F*;
  static constexpr std::size_t bytes = sizeof(FunctionRef);
  static FunctionRef encode(Function handler, const char* call) {
    return encode_function(reinterpret_cast<void (*)()>(handler), call);
  }
  static void pack(std::byte*& at, FunctionRef encoded) noexcept {
    Flat<FunctionRef>::pack(at, encoded);
  }
  static Function unpack(const std::byte*& at) {
    return reinterpret_cast<Function>(decode_function(Flat<FunctionRef>::unpack(at)));
  }
};

/// Functions in with_prefetch(): their addresses must not travel either.
template <class H, class P>
  requires(std::is_pointer_v<H> || std::is_pointer_v<P>)
struct HandlerCodec<WithPrefetch<H, P>> {
  using Both = WithPrefetch<H, P>;
  static constexpr std::size_t bytes = HandlerCodec<H>::bytes + HandlerCodec<P>::bytes;
  static auto encode(const Both& from, const char* call) {
    using Encoded = std::pair<decltype(HandlerCodec<H>::encode(from.handler, call)),
                              decltype(HandlerCodec<P>::encode(from.hook, call))>;
    return Encoded(HandlerCodec<H>::encode(from.handler, call),
                   HandlerCodec<P>::encode(from.hook, call));
  }
  template <class A, class B>
  static void pack(std::byte*& at, const std::pair<A, B>& encoded) noexcept {
    HandlerCodec<H>::pack(at, encoded.first);
    HandlerCodec<P>::pack(at, encoded.second);
  }
  static Both unpack(const std::byte*& at) {
    return {HandlerCodec<H>::unpack(at), HandlerCodec<P>::unpack(at)};  // braces: left to right
  }
};

// ---- reading ----------------------------------------------------------------------------------

/// A message cannot be read, which ends the job, unlike what a handler throws.
[[noreturn]] void throw_unreadable(const char* why);

/// What \p read returns.
template <class Read>
auto read_arguments(Read read) {
  try {
    return read();
  } catch (const cereal::Exception& exception) {
    throw_unreadable(exception.what());
  }
}

// ---- calling --------------------------------------------------------------------------------

/// Calls handler(comm, args...) if that compiles, else handler(args...); arguments are moved in
/// where the handler takes them by value or rvalue, else passed as lvalues.
template <class H, class... Args>
void invoke_handler(H& handler, Comm& comm, Args&... args) {
  if constexpr (std::is_invocable_v<H&, Comm&, Args&&...>) {
    handler(comm, std::move(args)...);
  } else if constexpr (std::is_invocable_v<H&, Comm&, Args&...>) {
    handler(comm, args...);
  } else if constexpr (std::is_invocable_v<H&, Args&&...>) {
    handler(std::move(args)...);
  } else if constexpr (std::is_invocable_v<H&, Args&...>) {
    handler(args...);
  } else {
    static_assert(std::is_invocable_v<H&, Args&...>,
                  "this handler cannot be called with the arguments of its message: it takes "
                  "(args...) or (buddy::Comm&, args...)");
  }
}

template <class H, class... Args>
concept HasPrefetch = requires(const H& handler, const Args&... args) {
  handler.prefetch(args...);
};

/// One message type: handler H with arguments of types Args (decayed).
template <class H, class... Args>
struct MessageCodec {
  static constexpr bool is_fixed = (Flat<Args>::value && ...);
  static constexpr std::size_t fixed_bytes = HandlerCodec<H>::bytes + FlatParts<Args...>::bytes;

  /// The handler in its travelling form. Throws Error if it is a function that cannot travel.
  static decltype(auto) encode(const H& handler, const char* call) {
    return HandlerCodec<H>::encode(handler, call);
  }

  /// \param encoded from encode()
  template <class Encoded>
  static void pack(std::byte* at, const Encoded& encoded,
                   const Args&... args) noexcept requires is_fixed {
    HandlerCodec<H>::pack(at, encoded);
    (Flat<Args>::pack(at, args), ...);
  }

  template <class Encoded>
  static void serialize(std::vector<std::byte>& out, const Encoded& encoded, const Args&... args) {
    out.resize(HandlerCodec<H>::bytes);
    std::byte* at = out.data();
    HandlerCodec<H>::pack(at, encoded);
    OutputBytes archive(out);
    (put_value(archive, args), ...);
  }

  /// Runs \p count items in order; \p done counts them as they return, also when one throws.
  static void run_fixed(Comm& comm, const std::byte* items, std::uint32_t count,
                        std::uint32_t& done) requires is_fixed {
    std::uint32_t i = 0;
    const Progress progress{i, done};
    if constexpr (HasPrefetch<H, Args...>) {
      const std::uint32_t ahead = count < prefetch_ahead ? count : prefetch_ahead;
      for (std::uint32_t p = 0; p < ahead; ++p) {
        __builtin_prefetch(touched_by(items + p * stride), 1);
      }
      for (; i + ahead < count; ++i) {
        __builtin_prefetch(touched_by(items + (i + ahead) * stride), 1);
        run_one(comm, items + i * stride);
      }
    }
    for (; i < count; ++i) run_one(comm, items + i * stride);
  }

  static void run_variable(Comm& comm, std::span<const std::byte> payload) {
    if (payload.size() < HandlerCodec<H>::bytes) throw_unreadable("message ends early");
    const std::byte* at = payload.data();
    H handler = HandlerCodec<H>::unpack(at);
    InputBytes archive(payload.subspan(HandlerCodec<H>::bytes));
    std::tuple<Args...> args = read_arguments(
        [&] { return std::tuple<Args...>{take_value<Args>(archive)...}; });  // braces: in order
    std::apply([&](Args&... each) { invoke_handler(handler, comm, each...); }, args);
  }

 private:
  /// Far enough to cover a miss to memory (about 100 ns) at 1 to 2 ns an item.
  static constexpr std::uint32_t prefetch_ahead = 64;
  /// Items without payload take a byte each (docs/formats/run.md).
  static constexpr std::size_t stride = fixed_bytes == 0 ? 1 : fixed_bytes;

  /// Tells how many items have run, also when one throws.
  struct Progress {
    const std::uint32_t& ran;
    std::uint32_t& done;
    ~Progress() { done = ran; }
  };

  /// Where argument i begins.
  static constexpr std::size_t offset_of([[maybe_unused]] std::size_t i) {
    [[maybe_unused]] std::size_t index = 0;
    std::size_t offset = 0;
    ((offset += index++ < i ? Flat<Args>::bytes : 0), ...);
    return offset;
  }

  /// Calls \p use with the arguments of the message at \p at, made in place as parameters: a tuple
  /// of them costs a copy.
  template <class Use, std::size_t... i>
  static decltype(auto) with_arguments([[maybe_unused]] const std::byte* at,
                                       std::index_sequence<i...>, const Use& use) {
    const auto call = [&](Argument<Args>... args) -> decltype(auto) { return use(args.get()...); };
    return call(Argument<Args>(at + offset_of(i))...);
  }

  static void run_one(Comm& comm, const std::byte* at) {
    H handler = HandlerCodec<H>::unpack(at);
    with_arguments(at, std::index_sequence_for<Args...>(),
                   [&](Args&... args) { invoke_handler(handler, comm, args...); });
  }

  /// What the handler of the message at \p at will touch. Fetching is left to the loop: compilers
  /// (g++ 12) take a function that only prefetches for one without effect, and drop its calls.
  static const void* touched_by(const std::byte* at) {
    const H handler = HandlerCodec<H>::unpack(at);
    return with_arguments(
        at, std::index_sequence_for<Args...>(), [&](const Args&... args) -> const void* {
          static_assert(std::is_convertible_v<decltype(handler.prefetch(args...)), const void*>,
                        "a prefetch hook returns the address that the handler will touch");
          return handler.prefetch(args...);
        });
  }
};

/// Stands for the codec of a message that cannot be sent, so that the sentence that says so is all
/// that the compiler says.
template <class H, class... Args>
struct RefusedCodec {
  static_assert(sizeof(RefusedMessage<H, Args...>) != 0);
  static constexpr bool is_fixed = true;
  static constexpr std::size_t fixed_bytes = 0;
  static int encode(const H&, const char*) noexcept { return 0; }
  template <class... Given>
  static void pack(std::byte*, int, const Given&...) noexcept {}
  static void run_fixed(Comm&, const std::byte*, std::uint32_t, std::uint32_t&) {}
};

template <class H, class... Args>
using CodecFor = std::conditional_t<sendable_message<H, Args...>, MessageCodec<H, Args...>,
                                    RefusedCodec<H, Args...>>;

}  // namespace buddy::detail
