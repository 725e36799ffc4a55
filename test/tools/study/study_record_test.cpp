#include "tools/study/study_record.hpp"

#include <gtest/gtest.h>

#include "tools/study/build_id.hpp"
#include "tools/study/study_files.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

StudyRecord now() { return new_record({"buddy", "study", "--out", "x"}, testing::setup()); }

std::string refusal(const StudyRecord& there) {
  return check_same_study("x", there, now()).message();
}

TEST(StudyRecord, knows_its_build) {
  EXPECT_EQ(build_id().find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(build_id(), build_id());
}

TEST(StudyRecord, of_this_build_machine_and_options_may_go_on) { EXPECT_EQ(refusal(now()), ""); }

TEST(StudyRecord, of_another_version_is_refused) {
  StudyRecord there = now();
  (*there.machine)["buddy_version"] = "0.0.9";
  const std::string message = refusal(there);
  EXPECT_TRUE(message.starts_with("x holds a study of Buddy 0.0.9 (this is ")) << message;
  EXPECT_NE(message.find("take another folder after --out, or go on with that version"),
            std::string::npos);
}

TEST(StudyRecord, of_another_build_is_refused_if_both_are_known) {
  StudyRecord there = now();
  there.build = "";
  EXPECT_EQ(refusal(there), "");
  there.build = "0123";
  EXPECT_EQ(refusal(there).empty(), build_id().empty());
}

TEST(StudyRecord, of_another_machine_is_refused_with_what_differs) {
  for (const char* key : {"host_name", "cpu_model", "topology", "kernel", "compiler", "mpi"}) {
    StudyRecord there = now();
    (*there.machine)[key] = "other";
    const std::string message = refusal(there);
    EXPECT_TRUE(message.starts_with("x holds a study of another machine ('")) << message;
    EXPECT_NE(message.find(std::string(key) + "' is \"other\" there, not \""), std::string::npos)
        << message;
  }
  StudyRecord there = now();
  (*there.machine)["allowed_cpus"] = Json::array({0, 77});
  EXPECT_NE(refusal(there).find("'allowed_cpus' is [0,77] there"), std::string::npos);
  // Not an identity: the kernel keeps more or less of it.
  there = now();
  (*there.machine)["memory_bytes"] = 1;
  EXPECT_EQ(refusal(there), "");
}

TEST(StudyRecord, with_other_options_is_refused) {
  StudyRecord there = now();
  there.setup.host_cpus = "0-3";
  EXPECT_NE(refusal(there).find("with other options ('host_cpus' is \"0-3\" there, not \"0\")"),
            std::string::npos);
}

TEST(StudyRecord, comes_back_from_its_file) {
  testing::StudyUnderTest test;
  ASSERT_EQ(test.run(), 0);
  const auto read = test.study.folder.read_record();
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read.value().setup, test.study.record.setup);
  EXPECT_EQ(read.value().command, test.study.record.command);
  EXPECT_EQ(read.value().build, test.study.record.build);
  EXPECT_EQ(*read.value().machine, *test.study.record.machine);
  ASSERT_EQ(read.value().runs.size(), 2u);
  for (const auto& [name, run] : test.study.record.runs) {
    EXPECT_EQ(read.value().runs.at(name).to_json(), run.to_json());
  }
}

}  // namespace
}  // namespace buddy::tools
