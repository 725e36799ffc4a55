// --dram and --dram-cache: what they mean together, and what makes no sense.
#include "tools/profile/dram_options.hpp"

#include <gtest/gtest.h>

namespace buddy::tools {
namespace {

TEST(DramOptions, method_is_the_commands_unless_one_is_named) {
  EXPECT_EQ(dram_choice({}, "auto").value().method, "auto");
  EXPECT_FALSE(dram_choice({}, "auto").value().cache);
  EXPECT_EQ(dram_choice({.method = "none"}, "auto").value().method, "none");
  EXPECT_FALSE(dram_choice({.method = "none"}, "auto").value().measures());
  EXPECT_TRUE(dram_choice({.method = "perf"}, "none").value().measures());
}

TEST(DramOptions, cache_is_a_size_and_ways) {
  const auto cache = [](const char* text) {
    const auto choice = dram_choice({.method = "cachegrind", .cache = text}, "none");
    return choice.ok() ? choice.value().cache->text() : choice.status().message();
  };
  EXPECT_EQ(cache("32M"), "33554432,16,64");
  EXPECT_EQ(cache("512k/8"), "524288,8,64");
  EXPECT_EQ(cache("1024"), "1024,16,64");
  EXPECT_EQ(cache("1024M"), "1073741824,16,64");
  EXPECT_EQ(cache("12M"), "12582912,24,64");  // sets are a power of two
}

TEST(DramOptions, nonsense_is_refused_with_the_option_that_holds_it) {
  const auto message = [](const char* method, const char* cache) {
    const auto choice = dram_choice({.method = method, .cache = cache}, "none");
    EXPECT_EQ(choice.status().code(), ErrorCode::invalid_argument) << method << ' ' << cache;
    return choice.status().message();
  };
  EXPECT_TRUE(message("likwid", "").starts_with("--dram: ")) << message("likwid", "");
  for (const char* cache : {"much", "0", "-1", "1023", "32M/0", "32M/257", "1025M", "1e6",
                            "99999999999999999999", "32M/4294967296", "64K/2000", " 1M"}) {
    const std::string said = message("cachegrind", cache);
    EXPECT_TRUE(said.starts_with("--dram-cache: ")) << said;
  }
  for (const char* method : {"", "none", "perf", "resctrl", "bfperf"}) {
    EXPECT_NE(message(method, "32M").find("no cache is simulated"), std::string::npos);
  }
}

}  // namespace
}  // namespace buddy::tools
