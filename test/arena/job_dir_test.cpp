#include "arena/job_dir.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

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

/// As if an owner had left it behind. Other tests look for such directories at the same time, so it
/// gets its name when all is in place.
void make_folder_with_files(const fs::path& path, uid_t owner = ::getuid()) {
  const test::Scratch scratch;
  const fs::path made = scratch / "made";
  fs::create_directories(made);
  std::ofstream(made / "fabric-0") << "bytes";
  std::ofstream(made / "counters-0") << "bytes";
  ASSERT_EQ(::mkfifo((made / "fabric-0.doorbell.fifo").c_str(), 0600), 0);
  if (owner != ::getuid()) {
    ASSERT_EQ(::chown(made.c_str(), owner, ::getgid()), 0);
  }
  fs::rename(made, path);
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

/// A process that makes a job directory, says where, and holds it until it is killed.
class Holder {
 public:
  Holder() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    pid_ = test::start_child([&] {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      auto made = JobDir::create();
      const std::string path = made.ok() ? made.value().path() : std::string();
      if (::write(ends[1], path.data(), path.size()) < 0) return 1;
      ::close(ends[1]);
      for (;;) ::pause();
    });
    ::close(ends[1]);
    std::array<char, 256> text{};
    for (ssize_t got = 0; (got = ::read(ends[0], text.data(), text.size())) > 0;) {
      path_.append(text.data(), static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
  }
  ~Holder() { kill_it(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void kill_it() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    test::wait_for_child(pid_);
    pid_ = -1;
  }
  const std::string& path() const { return path_; }

 private:
  pid_t pid_ = -1;
  std::string path_;
};

// Processes of another container are numbered otherwise: neither does a number that nobody has here
// mean that the owner is gone, nor one that somebody has that it lives.
TEST(JobDir, the_living_are_known_by_their_lock_and_not_by_their_number) {
  Holder holder;
  ASSERT_TRUE(fs::exists(holder.path()));
  const Entry elsewhere(job_name(::getuid(), dead_pid()));
  fs::rename(holder.path(), elsewhere.path);
  const Entry reused(job_name(::getuid(), ::getpid()));
  make_folder_with_files(reused.path);
  remove_stale_job_dirs();  // or another test's process has done so already
  EXPECT_TRUE(elsewhere.exists()) << "its owner lives";
  EXPECT_FALSE(reused.exists()) << "nobody holds it";
  holder.kill_it();
  remove_stale_job_dirs();
  EXPECT_FALSE(elsewhere.exists());
}

// As the janitor does for a command that was killed.
TEST(JobDir, a_forked_copy_of_the_lock_holds_it_too) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  std::string path;
  pid_t heir = -1;
  {
    JobDir owner = std::move(JobDir::create().value());
    path = owner.path();
    heir = test::start_child([&] {
      ::close(ends[1]);
      char byte = 0;
      return ::read(ends[0], &byte, 1) == 0 ? 0 : 1;  // until the parent closes its end
    });
    // Gone as if by a kill: the descriptor is closed, the directory stays.
    fs::rename(path, path + ".kept");
  }
  const Entry kept(fs::path(path + ".kept").filename());
  remove_stale_job_dirs();
  EXPECT_TRUE(kept.exists());
  ::close(ends[1]);
  EXPECT_EQ(test::wait_for_child(heir), 0);
  remove_stale_job_dirs();
  EXPECT_FALSE(kept.exists());
}

// Between making a directory and locking it there is a moment in which it looks stale.
TEST(JobDir, is_never_taken_for_stale_while_it_is_made) {
  std::vector<pid_t> cleaners;
  for (int i = 0; i < 2; ++i) {
    cleaners.push_back(test::start_child([] {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) remove_stale_job_dirs();
      return 0;
    }));
  }
  for (int i = 0; i < 2'000; ++i) {
    auto made = JobDir::create();
    ASSERT_TRUE(made.ok()) << made.status().message();
    const std::string file = made.value().path() + "/file";
    std::ofstream(file) << "bytes";
    ASSERT_TRUE(fs::exists(file)) << "directory " << i;
  }
  for (const pid_t cleaner : cleaners) {
    ::kill(cleaner, SIGKILL);
    test::wait_for_child(cleaner);
  }
}

TEST(JobDir, those_of_others_stay) {
  const pid_t dead = dead_pid();
  const Entry other(job_name(::getuid() + 1, dead));
  make_folder_with_files(other.path);
  // Looks like this user's, but belongs to another one. Only root can make such a thing.
  const Entry disguised(job_name(::getuid(), dead));
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    make_folder_with_files(disguised.path, ::getuid() + 1);
  } else {
    std::cout << "not root: no directory of another user in this user's name" << std::endl;
  }
  remove_stale_job_dirs();
  EXPECT_TRUE(other.exists());
  EXPECT_EQ(disguised.exists(), is_root);
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

// A job that was begun on another machine has a directory of the same name here.
// Named so that other tests, which remove stale directories at the same time, leave it alone.
TEST(JobDir, is_taken_over_by_one_who_then_removes_it) {
  const Entry entry("buddytest-" + std::to_string(getpid()) + "-taken");
  {
    const auto made = JobDir::take_over(entry.path);  // nobody has made it
    ASSERT_TRUE(made.ok() && made.value().has_value());
    EXPECT_EQ(made.value()->path(), entry.path);
    EXPECT_TRUE(entry.exists());
    const auto second = JobDir::take_over(entry.path);
    ASSERT_TRUE(second.ok());
    EXPECT_FALSE(second.value().has_value());
  }
  EXPECT_FALSE(entry.exists());
  ASSERT_EQ(mkdir(entry.path.c_str(), 0700), 0);  // a launcher's daemon has
  EXPECT_TRUE(JobDir::take_over(entry.path).value().has_value());
  EXPECT_FALSE(entry.exists());
}

// A launcher's daemon removes its own files, and makes new ones, at the same time.
TEST(JobDir, is_removed_while_others_work_in_it) {
  const Entry entry("buddytest-" + std::to_string(getpid()) + "-busy");
  for (int round = 0; round < 20; ++round) {
    fs::create_directories(entry.path / "a/b/c");
    std::thread other([&] {
      std::error_code ignored;
      for (int i = 0; i < 200; ++i) {
        std::ofstream(entry.path / "a/b" / std::to_string(i));
        if (i % 8 == 0) fs::remove_all(entry.path / "a/b/c", ignored);
      }
      fs::remove_all(entry.path / "a", ignored);
    });
    remove_job_dir(entry.path);
    other.join();
    EXPECT_FALSE(entry.exists()) << round;
  }
}

TEST(JobDir, is_not_taken_over_where_others_may_write) {
  const Entry entry("buddytest-" + std::to_string(getpid()) + "-open");
  ASSERT_EQ(mkdir(entry.path.c_str(), 0700), 0);
  chmod(entry.path.c_str(), 0750);
  EXPECT_FALSE(JobDir::take_over(entry.path).ok());
  EXPECT_TRUE(entry.exists());
}

}  // namespace
}  // namespace buddy::arena
