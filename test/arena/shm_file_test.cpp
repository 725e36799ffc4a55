#include "arena/shm_file.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "arena/life_watch.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

namespace buddy::arena {
namespace {

namespace fs = std::filesystem;

bool says(const Status& status, const std::string& part) {
  return status.message().find(part) != std::string::npos;
}

TEST(ShmFile, is_private_zeroed_and_shared) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  ShmFile made = std::move(ShmFile::create(path, 100'000).value());
  ASSERT_EQ(made.bytes().size(), 100'000u);
  EXPECT_TRUE(std::all_of(made.bytes().begin(), made.bytes().end(),
                          [](std::byte byte) { return byte == std::byte{0}; }));
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  EXPECT_GE(info.st_blocks * 512, 100'000) << "pages are reserved";

  const ShmFile opened = std::move(ShmFile::open(path, 100'000).value());
  made.bytes()[99'999] = std::byte{7};
  EXPECT_EQ(opened.bytes()[99'999], std::byte{7});
}

TEST(ShmFile, its_name_goes_with_who_made_it) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  {
    ShmFile made = std::move(ShmFile::create(path, 4096).value());
    { const ShmFile opened = std::move(ShmFile::open(path, 4096).value()); }
    EXPECT_TRUE(fs::exists(path)) << "who only opened it leaves the name";
    ShmFile moved = std::move(made);
    EXPECT_TRUE(fs::exists(path));
    moved.unlink();
    EXPECT_FALSE(fs::exists(path));
    moved.bytes()[0] = std::byte{1};  // the mapping stays
    std::ofstream(path) << "somebody else's";
    moved.unlink();
  }
  EXPECT_TRUE(fs::exists(path)) << "removed a file that it had not made";
}

TEST(ShmFile, refuses_what_is_not_as_expected) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  EXPECT_EQ(ShmFile::open(path, 1).status().code(), ErrorCode::peer_died);
  const ShmFile made = std::move(ShmFile::create(path, 4096).value());
  EXPECT_EQ(ShmFile::create(path, 4096).status().code(), ErrorCode::system) << "exists";
  EXPECT_EQ(ShmFile::open(path, 4097).status().code(), ErrorCode::mismatch) << "too small";
  fs::create_symlink(path, scratch / "link");
  EXPECT_FALSE(ShmFile::open(scratch / "link", 4096).ok());
  EXPECT_EQ(ShmFile::create(scratch / "no/such/folder", 4096).status().code(), ErrorCode::system);
  if (::chown(path.c_str(), ::getuid() + 1, ::getgid()) == 0) {
    EXPECT_EQ(ShmFile::open(path, 4096).status().code(), ErrorCode::mismatch) << "another's file";
  } else {
    std::cout << "not root: no file of another user to be refused" << std::endl;
  }
}

/// Puts a tmpfs of 1 MiB on /dev/shm, for this process alone.
bool enter_small_shm() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", "/dev/shm", "tmpfs", 0, "size=1m") == 0;
}

// The page that does not fit is found when the file is made, not by a SIGBUS later.
TEST(ShmFile, too_little_room_is_an_error_that_says_how_much_is_needed) {
  constexpr int no_namespace = 77;
  const pid_t child = test::start_child([] {
    if (!enter_small_shm()) return no_namespace;
    const Status status = ShmFile::create("/dev/shm/file", 8u << 20).status();
    std::cout << status.message() << std::endl;
    if (status.code() != ErrorCode::no_memory) return 1;
    if (!says(status, "needs 8 MiB") || !says(status, "1 MiB are free")) return 2;
    if (fs::exists("/dev/shm/file")) return 3;
    if (!ShmFile::create("/dev/shm/file", 512u << 10).ok()) return 4;
    return 0;
  });
  const int result = test::wait_for_child(child);
  if (result == no_namespace) {
    std::cout << "no mount namespace for this user: the limit on file sizes stands in" << std::endl;
  } else {
    EXPECT_EQ(result, 0);
  }
}

TEST(ShmFile, room_that_cannot_be_reserved_is_an_error) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  const pid_t child = test::start_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{65536, 65536};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    const Status status = ShmFile::create(path, 8u << 20).status();
    std::cout << status.message() << std::endl;
    if (status.ok() || fs::exists(path)) return 2;
    return ShmFile::create(path, 65536).ok() ? 0 : 3;
  });
  EXPECT_EQ(test::wait_for_child(child), 0);
}

// A profiler's timer, for example. Reserving 64 MiB takes tens of milliseconds.
TEST(ShmFile, a_signal_in_between_is_no_error) {
  const test::Scratch scratch;
  const pid_t child = test::start_child([&] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, nullptr);
    const itimerval often{{0, 1000}, {0, 1000}};
    ::setitimer(ITIMER_REAL, &often, nullptr);
    const Status status = ShmFile::create(scratch / "file", 64u << 20).status();
    if (!status.ok()) std::cout << status.message() << std::endl;
    return status.ok() ? 0 : 1;
  });
  EXPECT_EQ(test::wait_for_child(child), 0);
}

TEST(ShmFile, too_many_open_files_are_said) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  const ShmFile made = std::move(ShmFile::create(path, 4096).value());
  const pid_t child = test::start_child([&] {
    const rlimit limit{3, 3};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
    for (const Status& status :
         {ShmFile::open(path, 4096).status(), ShmFile::create(scratch / "other", 4096).status(),
          LifeWatch::open(path).status()}) {
      std::cout << status.message() << std::endl;
      if (status.code() != ErrorCode::system || !says(status, "ulimit -n")) return 2;
    }
    return 0;
  });
  EXPECT_EQ(test::wait_for_child(child), 0);
}

// However the process ends, and whatever it is called in its PID namespace.
TEST(LifeWatch, a_process_has_ended_when_it_has_ended) {
  const test::Scratch scratch;
  const std::string path = scratch / "file";
  const pid_t child = test::start_child([&] {
    const auto made = ShmFile::create(path, 4096);
    fs::create_symlink("ready", scratch / "ready");
    for (;;) ::pause();
    return 0;
  });
  while (!fs::is_symlink(scratch / "ready")) ::usleep(1000);
  const LifeWatch first = std::move(LifeWatch::open(path).value());
  const LifeWatch second = std::move(LifeWatch::open(path).value());
  EXPECT_FALSE(first.ended());
  EXPECT_FALSE(second.ended());
  ::kill(child, SIGKILL);
  test::wait_for_child(child);
  EXPECT_TRUE(first.ended());
  EXPECT_TRUE(second.ended()) << "the first one was taken for it";
  EXPECT_TRUE(first.ended());
  fs::remove(path);
  EXPECT_EQ(LifeWatch::open(path).status().code(), ErrorCode::peer_died);
}

TEST(LifeWatch, who_gave_its_file_up_has_ended) {
  const test::Scratch scratch;
  auto made = ShmFile::create(scratch / "file", 4096);
  const LifeWatch watch = std::move(LifeWatch::open(scratch / "file").value());
  made.value().unlink();
  EXPECT_FALSE(watch.ended());
  made = Status(ErrorCode::system, "gone");
  EXPECT_TRUE(watch.ended());
}

}  // namespace
}  // namespace buddy::arena
