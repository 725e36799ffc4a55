// Functions by loaded object and offset, while libraries are loaded.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <buddy/detail/codec.hpp>
#include <buddy/error.hpp>
#include <string>
#include <thread>
#include <vector>

namespace buddy::detail {
namespace {

using Function = void (*)();

void mine() {}

/// A function of a library that nothing else loads; part of glibc.
constexpr const char* library = "libthread_db.so.1";
constexpr const char* name = "td_init";

TEST(FunctionRef, finds_functions_of_the_program_and_of_its_libraries) {
  for (const Function function : {&mine, reinterpret_cast<Function>(&::dlsym)}) {
    EXPECT_EQ(decode_function(encode_function(function, "test")), function);
  }
}

TEST(FunctionRef, finds_functions_of_a_library_that_is_loaded_later) {
  const FunctionRef before = encode_function(&mine, "test");
  void* const loaded = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  ASSERT_NE(loaded, nullptr) << ::dlerror();
  const auto function = reinterpret_cast<Function>(::dlsym(loaded, name));
  const FunctionRef ref = encode_function(function, "test");
  EXPECT_NE(ref.module, before.module);
  EXPECT_EQ(decode_function(ref), function);
  EXPECT_EQ(decode_function(before), &mine);
}

TEST(FunctionRef, what_is_not_there_is_a_mismatch_and_what_is_no_code_an_error) {
  FunctionRef ref = encode_function(&mine, "test");
  for (const FunctionRef wrong : {FunctionRef{ref.module + 12345, ref.offset},
                                  FunctionRef{ref.module, 0xfffffff0u}, FunctionRef{0, 0}}) {
    try {
      decode_function(wrong);
      FAIL() << wrong.module << ' ' << wrong.offset;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::mismatch);
    }
  }
  static int data = 0;
  EXPECT_THROW(encode_function(reinterpret_cast<Function>(&data), "test"), Error);
}

TEST(FunctionRef, threads_may_look_while_libraries_are_loaded) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        ASSERT_EQ(decode_function(encode_function(&mine, "test")), &mine);
        EXPECT_THROW(decode_function({1, 1}), Error);  // looks again
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    void* const loaded = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    if (loaded == nullptr) {
      ADD_FAILURE() << ::dlerror();
      break;
    }
    encode_function(reinterpret_cast<Function>(::dlsym(loaded, name)), "test");
    ::dlclose(loaded);
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace buddy::detail
