#include "tools/study/study_record.hpp"

#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>

#include <cstring>
#include <filesystem>

#include "support/sandbox.hpp"
#include "tools/study/build_id.hpp"
#include "tools/study/study_files.hpp"
#include "tools/study/study_under_test.hpp"

namespace buddy::tools {
namespace {

/// Beside the tests there is the command.
std::string programs() {
  return std::filesystem::path(buddy::testing::buddy_command()).parent_path().native();
}

StudyRecord now() {
  return new_record({"buddy", "study", "--out", "x"}, testing::setup(), programs());
}

std::string refusal(const StudyRecord& there) {
  return check_same_study("x", there, now()).message();
}

/// A program that was linked with this build id of four bytes.
std::string program_of(std::uint32_t id) {
  struct {
    ElfW(Ehdr) header{};
    ElfW(Phdr) part{};
    ElfW(Nhdr) note{};
    char owner[4] = {'G', 'N', 'U', '\0'};
    std::uint32_t id = 0;
  } program;
  std::memcpy(program.header.e_ident, ELFMAG, SELFMAG);
  program.header.e_phoff = sizeof program.header;
  program.header.e_phentsize = sizeof program.part;
  program.header.e_phnum = 1;
  program.part.p_type = PT_NOTE;
  program.part.p_offset = sizeof program.header + sizeof program.part;
  program.part.p_filesz = sizeof program.note + sizeof program.owner + sizeof program.id;
  program.note = {sizeof program.owner, sizeof program.id, NT_GNU_BUILD_ID};
  program.id = id;
  return {reinterpret_cast<const char*>(&program), program.part.p_offset + program.part.p_filesz};
}

TEST(BuildId, is_the_linkers) {
  const buddy::testing::Sandbox sandbox;
  sandbox.file("program", program_of(0x44332211));
  EXPECT_EQ(build_id_of(sandbox.path("program")), "11223344");
  sandbox.file("cut", program_of(1).substr(0, 70));
  sandbox.file("script", "#!/bin/sh\n");
  for (const char* other : {"cut", "script", "not_there"}) {
    EXPECT_EQ(build_id_of(sandbox.path(other)), "") << other;
  }
}

// Workloads are programs of their own: one that was built again is another build.
TEST(BuildId, is_of_all_that_a_study_runs) {
  const buddy::testing::Sandbox sandbox;
  const auto place = [&](const std::string& name, std::uint32_t id) {
    std::filesystem::create_directories(std::filesystem::path(sandbox.path(name)).parent_path());
    sandbox.file(name, program_of(id));
    std::filesystem::permissions(sandbox.path(name), std::filesystem::perms::owner_all);
  };
  place("bin/buddy-histogram", 1);
  EXPECT_EQ(build_id(sandbox.path("bin")), "") << "there is no command";
  place("bin/buddy", 1);
  const std::string first = build_id(sandbox.path("bin"));
  EXPECT_EQ(first.size(), 16u);
  place("bin/buddy-mine", 1);
  EXPECT_EQ(build_id(sandbox.path("bin")), first) << "a program that no study runs";
  place("bin/buddy-histogram", 2);
  const std::string second = build_id(sandbox.path("bin"));
  EXPECT_NE(second, first);
  place("lib/libbuddy.so.0.2", 1);
  EXPECT_NE(build_id(sandbox.path("bin")), second);
  std::filesystem::remove(sandbox.path("lib/libbuddy.so.0.2"));
  EXPECT_EQ(build_id(sandbox.path("bin")), second);
}

TEST(StudyRecord, knows_its_build) { EXPECT_EQ(now().build, build_id(programs())); }

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
  EXPECT_EQ(refusal(there).empty(), now().build.empty());
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
