// docs/formats/study_json.md names every key of a study, in the order in which they are written.
#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "tools/study/bench_reports.hpp"
#include "tools/study/study_figures.hpp"
#include "tools/study/study_files.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::first_table;
using buddy::testing::Page;
using buddy::testing::Row;
using Keys = std::vector<std::string>;

Keys keys_of(const Json& object) {
  Keys keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

Keys documented(const std::string& section) {
  static const Page page("formats/study_json.md");
  Keys keys;
  for (const Row& row : first_table(page.section(section))) keys.push_back(row.at(0));
  return keys;
}

TEST(StudyJsonDocs, name_all_keys) {
  const testing::StudyUnderTest test;
  const Json study = study_document(test.study.folder, test.study.record, test.study.all);
  EXPECT_EQ(documented("Study"), keys_of(study));
  EXPECT_EQ(documented("`setup`"), keys_of(study["setup"]));
  EXPECT_EQ(documented("`steps`"), keys_of(study["steps"][0]));
  EXPECT_EQ(documented("`run`"), keys_of(StepRun{}.to_json()));
  EXPECT_EQ(documented("`figures`"), keys_of(study["figures"]));
}

TEST(StudyJsonDocs, name_all_figures) {
  const Json figures =
      study_figures({{"paper-cache", testing::bench_report_of(
                                         "transpose", 14, {{"engine", "shared", 1.5, 1.4, 1.6}})}});
  EXPECT_EQ(documented("An entry of `programs`"), keys_of(figures["programs"][0]));
  EXPECT_EQ(documented("An entry of `places`"), keys_of(figures["programs"][0]["places"][0]));
  EXPECT_EQ(documented("An entry of `points`"), keys_of(figures["points"][0]));
}

}  // namespace
}  // namespace buddy::tools
