// docs/formats/tune_json.md names every key of a report, in the order in which they are written;
// docs/tuning.md says how many pairs there are.
#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "tools/documented_keys.hpp"
#include "tools/report/json.hpp"
#include "tools/tune/tune_report.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::Page;
using testing::documented_keys;
using testing::keys_of;

Json report() {
  const TuneSetting usual{.block_bytes = 32768, .ring_blocks = 16};
  TuneSetting other = usual;
  other.block_bytes = 65536;
  TuneReport of;
  of.knobs.knobs = {{"--block", ""}, {"--hold", "it was given"}};
  of.result = search(usual, {},
                     [&](const TuneSetting&, const TuneSetting& tried) {
                       return TunePairResult{.pair = {1, tried == other ? 0.5 : 1.0}};
                     },
                     {});
  return tune_report(of, describe_machine(), {"buddy", "bench", "tune"});
}

TEST(TuneJsonDocs, name_all_keys) {
  const Page page("formats/tune_json.md");
  const Json written = report();
  EXPECT_EQ(documented_keys(page.section("Report of the search")), keys_of(written));
  EXPECT_EQ(documented_keys(page.section("An entry of `knobs`")), keys_of(written["knobs"][0]));
  EXPECT_EQ(documented_keys(page.section("`usual` and `best`")), keys_of(written["best"]));
  EXPECT_EQ(documented_keys(page.section("An entry of `settings`")),
            keys_of(written["settings"][0]));
  EXPECT_EQ(keys_of(written["final"]), keys_of(written["settings"][0]));
  EXPECT_EQ(documented_keys(page.section("A ratio")), keys_of(written["final"]["speedup"]));
}

TEST(TuneJsonDocs, say_how_many_pairs_there_are) {
  std::string text;
  for (const std::string& line : Page("tuning.md").section("buddy bench tune")) text += line + " ";
  const TuneRules rules;
  EXPECT_NE(text.find(std::to_string(rules.fewest_pairs) + " to " +
                      std::to_string(rules.most_pairs) + " pairs"),
            std::string::npos);
  EXPECT_NE(text.find(std::to_string(rules.final_pairs) + " fresh pairs"), std::string::npos);
}

}  // namespace
}  // namespace buddy::tools
