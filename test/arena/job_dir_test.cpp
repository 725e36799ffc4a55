#include "arena/job_dir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/child.hpp"
#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

namespace fs = std::filesystem;

/// Pid of a process that has ended.
pid_t dead_pid() {
  const pid_t child = test::start_child([] { return 0; });
  EXPECT_EQ(test::wait_for_child(child), 0);
  return child;
}

/// An entry in /dev/shm that goes with the test, if it is still there.
struct Entry {
  explicit Entry(const std::string& name) : path("/dev/shm/" + name) {}
  ~Entry() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  bool exists() const { return fs::exists(fs::symlink_status(path)); }
  const fs::path path;
};

std::string job_name(uid_t uid, pid_t pid) {
  return "buddy-" + std::to_string(uid) + "-" + std::to_string(pid) + "-0123test";
}

void make_folder_with_files(const fs::path& path) {
  fs::create_directories(path);
  std::ofstream(path / "fabric-0") << "bytes";
  std::ofstream(path / "counters-0") << "bytes";
  ASSERT_EQ(::mkfifo((path / "fabric-0.bell.fifo").c_str(), 0600), 0);
}

TEST(JobDir, is_private_and_goes_with_its_owner) {
  std::string path;
  {
    auto made = JobDir::create();
    ASSERT_TRUE(made.ok()) << made.status().message();
    path = made.value().path();
    const std::string prefix =
        "/dev/shm/buddy-" + std::to_string(::getuid()) + "-" + std::to_string(::getpid()) + "-";
    EXPECT_TRUE(path.starts_with(prefix)) << path;
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0700u);
    std::ofstream(path + "/left-behind") << "bytes";

    JobDir moved = std::move(made.value());
    EXPECT_TRUE(fs::exists(path));
    JobDir second = std::move(JobDir::create().value());
    const std::string second_path = second.path();
    EXPECT_NE(second_path, path);
    moved = std::move(second);
    EXPECT_TRUE(fs::exists(second_path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(JobDir, stale_ones_are_removed) {
  const Entry stale(job_name(::getuid(), dead_pid()));
  make_folder_with_files(stale.path);
  remove_stale_job_dirs();  // or another test's process has done so already
  EXPECT_FALSE(stale.exists());
}

TEST(JobDir, those_of_living_processes_stay) {
  const Entry own(job_name(::getuid(), ::getpid()));
  const Entry parent(job_name(::getuid(), ::getppid()));
  make_folder_with_files(own.path);
  make_folder_with_files(parent.path);
  remove_stale_job_dirs();
  EXPECT_TRUE(own.exists());
  EXPECT_TRUE(parent.exists());
}

TEST(JobDir, those_of_others_stay) {
  const pid_t dead = dead_pid();
  const Entry other(job_name(::getuid() + 1, dead));
  make_folder_with_files(other.path);
  // Looks like this user's, but belongs to another one. Only root can make such a thing.
  const Entry disguised(job_name(::getuid(), dead));
  make_folder_with_files(disguised.path);
  const bool is_others = ::chown(disguised.path.c_str(), ::getuid() + 1, ::getgid()) == 0;
  if (!is_others) {
    std::cout << "not root: no directory of another user in this user's name" << std::endl;
    fs::remove_all(disguised.path);
  }
  remove_stale_job_dirs();
  EXPECT_TRUE(other.exists());
  EXPECT_EQ(disguised.exists(), is_others);
}

TEST(JobDir, what_is_no_job_directory_stays) {
  const std::string dead = std::to_string(dead_pid());
  const std::string mine = "buddy-" + std::to_string(::getuid()) + "-";
  const Entry no_suffix(mine + dead);
  const Entry no_pid(mine + "-x");
  const Entry letters(mine + "12ab-x");
  const Entry negative(mine + "-5-x");
  const Entry huge(mine + "99999999999999999999-x");
  const Entry file(mine + dead + "-file");
  const Entry link(mine + dead + "-link");
  const test::Scratch target;
  std::ofstream(target / "precious") << "bytes";
  for (const Entry* folder : {&no_suffix, &no_pid, &letters, &negative, &huge}) {
    fs::create_directories(folder->path);
  }
  std::ofstream(file.path) << "bytes";
  fs::create_directory_symlink(target.path(), link.path);
  remove_stale_job_dirs();
  for (const Entry* entry : {&no_suffix, &no_pid, &letters, &negative, &huge, &file, &link}) {
    EXPECT_TRUE(entry->exists()) << entry->path;
  }
  EXPECT_TRUE(fs::exists(target / "precious"));
}

}  // namespace
}  // namespace buddy::arena
