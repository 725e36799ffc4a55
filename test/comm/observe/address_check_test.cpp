// What captures are taken for addresses of this process, and what must not be.
#include "comm/observe/address_check.hpp"

#include <gtest/gtest.h>

#include <array>
#include <buddy/buddy.hpp>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/seeds.hpp"

namespace buddy::comm {
namespace {

/// What the check says about a message, or "".
template <class H, class... Args>
std::string said(AddressCheck& check, const H& handler, const Args&... args) {
  using Codec = detail::MessageCodec<H, Args...>;
  std::vector<std::byte> payload;
  if constexpr (Codec::is_fixed) {
    payload.resize(Codec::fixed_bytes);
    Codec::pack(payload.data(), Codec::encode(handler, "test"), args...);
  } else {
    Codec::serialize(payload, Codec::encode(handler, "test"), args...);
  }
  try {
    check.look(detail::Registered<H, Args...>::id, payload);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error.what();
  }
  return {};
}

template <class H, class... Args>
std::string said_once(const H& handler, const Args&... args) {
  AddressCheck check;
  return said(check, handler, args...);
}

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

long in_data = 0;
constexpr std::array<long, 4> in_constants = {1, 2, 3, 4};
void function() {}

struct Member {
  long value = 0;
  auto handler() {
    return [this](const auto&...) { ++value; };
  }
};

/// A pointer as such does not compile. No padding: what lies there may be an old address.
struct Node {
  std::int64_t id;
  std::uintptr_t next;
};

/// AddressSanitizer keeps variables of functions on a stack of its own, on the heap.
#if defined(__SANITIZE_ADDRESS__)
constexpr const char* stack = "points into the heap or a thread's stack";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr const char* stack = "points into the heap or a thread's stack";
#else
constexpr const char* stack = "points into the stack";
#endif
#else
constexpr const char* stack = "points into the stack";
#endif

TEST(AddressCheck, finds_what_points_into_this_process) {
  long on_stack = 0;
  const auto on_heap = std::make_unique<long>(0);
  Member member;
  const char* literal = "text";
  static thread_local long of_thread = 0;
  EXPECT_PRED2(holds, said_once([&on_stack] { ++on_stack; }), stack);
  EXPECT_PRED2(holds, said_once([p = on_heap.get()] { ++*p; }), "the heap");
  EXPECT_PRED2(holds, said_once([p = &in_data] { ++*p; }), "of comm_test");
  EXPECT_PRED2(holds, said_once([p = in_constants.data()] { return *p; }), "of comm_test");
  EXPECT_PRED2(holds, said_once([literal] { return *literal; }), "of comm_test");
  EXPECT_PRED2(holds, said_once([f = &function] { f(); }), "of comm_test");
  EXPECT_PRED2(holds, said_once([p = &of_thread] { ++*p; }), "points into");
  EXPECT_PRED2(holds, said_once(member.handler()), stack);
  EXPECT_PRED2(holds, said_once(member.handler(), std::string("serialised")), "offset 0 of its");
}

TEST(AddressCheck, names_the_handler_and_the_place) {
  long on_stack = 0;
  const auto handler = [a = 1L, b = 2L, &on_stack](int c) { on_stack += a + b + c; };
  const std::string text = said_once(handler, 3);
  EXPECT_PRED2(holds, text, "names_the_handler_and_the_place");
  EXPECT_PRED2(holds, text, "offset 16 of its captures");
  EXPECT_PRED2(holds, text, "buddy::Handle");
}

TEST(AddressCheck, finds_pointers_in_plain_structs_that_are_arguments) {
  const Node end{1, 0};
  const auto take = [](int, Node) {};
  EXPECT_EQ(said_once(take, 1, end), "");
  const std::string text = said_once(take, 1, Node{2, reinterpret_cast<std::uintptr_t>(&end)});
  EXPECT_PRED2(holds, text, "offset 8 of argument 2 (");
  EXPECT_PRED2(holds, text, "Node)");
}

TEST(AddressCheck, finds_them_on_the_stack_of_a_later_thread) {
  AddressCheck check;
  long before = 0;
  EXPECT_PRED2(holds, said(check, [&before] { ++before; }), stack);  // the map has been read
  std::string text;
  std::thread([&] {
    long later = 0;
    text = said(check, [&later] { ++later; });
  }).join();
  EXPECT_PRED2(holds, text, "a thread's stack");
}

TEST(AddressCheck, values_are_none) {
  const auto handler = [a = 1L, b = -1L, c = 2.5, d = 0x7fffffffffffL, e = 4096L] {
    return static_cast<double>(a + b + d + e) + c;
  };
  EXPECT_EQ(said_once(handler), "");
  EXPECT_EQ(said_once([] { ++in_data; }), "");
  EXPECT_EQ(said_once([x = 'c'] { return x; }), "");
  EXPECT_EQ(said_once([handle = Handle<long>()] { ++*handle; }), "");
  EXPECT_EQ(said_once(&function), "");
  EXPECT_EQ(said_once(with_prefetch(&function, [] { return &in_data; })), "");
  EXPECT_EQ(said_once([](std::uint64_t) {}, reinterpret_cast<std::uint64_t>(&in_data)), "")
      << "a number is the program's business";
  EXPECT_EQ(said_once([p = static_cast<long*>(nullptr)] { return p; }), "");
}

/// Packed k-mers, hashes and the like: one that looks like an address is not the first.
TEST(AddressCheck, numbers_of_48_bits_are_none) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    AddressCheck check;
    const auto make = [](std::uint64_t word) { return [word] { return word; }; };
    // Where neither programs nor sanitizers have memory.
    ASSERT_EQ(said(check, make(0x412345678abcu)), "");
    for (int i = 0; i < 1000; ++i)
      ASSERT_EQ(said(check, make(std::uint64_t{random.below(1u << 16)} << 32 |
                                 random.below(std::uint64_t{1} << 32))),
                "");
    ASSERT_EQ(said(check, make(reinterpret_cast<std::uint64_t>(&in_data))), "");
  }
}

}  // namespace
}  // namespace buddy::comm
