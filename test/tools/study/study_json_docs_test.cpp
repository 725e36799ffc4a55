// docs/formats/study_json.md names every key of a study, in the order in which they are written.
#include <gtest/gtest.h>

#include "support/markdown.hpp"
#include "tools/documented_keys.hpp"
#include "tools/study/bench_reports.hpp"
#include "tools/study/study_figures.hpp"
#include "tools/study/study_files.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

using testing::keys_of;

testing::Keys documented(const std::string& section) {
  static const buddy::testing::Page page("formats/study_json.md");
  return testing::documented_keys(page.section(section));
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
