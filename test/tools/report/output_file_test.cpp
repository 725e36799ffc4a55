#include "tools/report/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/sandbox.hpp"
#include "tools/report/json.hpp"
#include "tools/report/report_files.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;
using buddy::testing::Sandbox;

constexpr const char* advice = "choose another file after --json";

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().native());
  }
  std::sort(names.begin(), names.end());
  return names;
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

/// Everything beyond this many bytes of a file fails, as on a full disk.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t most_bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{most_bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(OutputFile, is_replaced_as_a_whole_and_keeps_its_mode) {
  const Sandbox sandbox;
  const std::string path = sandbox.file("report.json", "old and longer than what comes now");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_TRUE(OutputFile({path, advice}).write("new").ok());
  EXPECT_EQ(sandbox.read("report.json"), "new");
  EXPECT_EQ(mode_of(path), 0640U);
  EXPECT_EQ(names_in(sandbox.path()), std::vector<std::string>{"report.json"});
}

TEST(OutputFile, that_is_new_has_the_mode_that_the_umask_says) {
  const Sandbox sandbox;
  const mode_t before = umask(027);
  EXPECT_TRUE(OutputFile({sandbox.path("report.json"), advice}).write("new").ok());
  umask(before);
  EXPECT_EQ(mode_of(sandbox.path("report.json")), 0640U);
}

TEST(OutputFile, check_makes_and_changes_nothing) {
  const Sandbox sandbox;
  const std::string old = sandbox.file("old.json", "old");
  EXPECT_TRUE(OutputFile({old, advice}).check().ok());
  EXPECT_TRUE(OutputFile({sandbox.path("new.json"), advice}).check().ok());
  EXPECT_EQ(sandbox.read("old.json"), "old");
  EXPECT_EQ(names_in(sandbox.path()), std::vector<std::string>{"old.json"});
}

TEST(OutputFile, that_does_not_fit_leaves_the_old_one_and_nothing_else) {
  const Sandbox sandbox;
  const std::string old = sandbox.file("old.json", "old");
  Status written;
  Status fresh;
  {
    const SmallFiles limit(4096);
    written = OutputFile({old, advice}).write(std::string(10'000, 'x'));
    fresh = OutputFile({sandbox.path("new.json"), advice}).write(std::string(10'000, 'x'));
  }
  EXPECT_EQ(written.message(), "cannot write " + old + " (File too large) " + advice);
  EXPECT_FALSE(fresh.ok());
  EXPECT_EQ(sandbox.read("old.json"), "old");
  EXPECT_EQ(names_in(sandbox.path()), std::vector<std::string>{"old.json"});
}

TEST(OutputFile, behind_links_is_replaced_where_they_lead_to) {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path("folder"));
  sandbox.file("folder/report.json", "old");
  fs::create_symlink("folder/report.json", sandbox.path("near.json"));
  fs::create_symlink(sandbox.path("near.json"), sandbox.path("far.json"));
  fs::create_symlink("folder/later.json", sandbox.path("dangling.json"));
  EXPECT_TRUE(OutputFile({sandbox.path("far.json"), advice}).write("new").ok());
  EXPECT_TRUE(OutputFile({sandbox.path("dangling.json"), advice}).check().ok());
  EXPECT_TRUE(OutputFile({sandbox.path("dangling.json"), advice}).write("later").ok());
  EXPECT_EQ(sandbox.read("folder/report.json"), "new");
  EXPECT_EQ(sandbox.read("folder/later.json"), "later");
  EXPECT_TRUE(fs::is_symlink(sandbox.path("far.json")));
  EXPECT_TRUE(fs::is_symlink(sandbox.path("dangling.json")));
}

TEST(OutputFile, that_cannot_be_written_is_refused_by_check_and_write) {
  const Sandbox sandbox;
  fs::create_symlink("loop", sandbox.path("loop"));
  const std::pair<std::string, std::string> wrong[] = {
      {sandbox.path("no/such/report.json"), "No such file"},
      {sandbox.path(), "Is a directory"},
      {sandbox.path("folder-to-be") + "/", "Is a directory"},
      {sandbox.file("file", "") + "/report.json", "Not a directory"},
      {sandbox.path(std::string(300, 'x')), "File name too long"},
      {sandbox.path("loop"), "Too many levels"},
      {"/dev/fd/937", "Bad file descriptor"},
      {"/dev/fd/77x", "No such file"},
      {"/proc/x", "No such file"},
      {"", "No such file"},
  };
  for (const auto& [path, why] : wrong) {
    for (const Status& status :
         {OutputFile{path, advice}.check(), OutputFile{path, advice}.write("text")}) {
      EXPECT_NE(status.message().find("cannot write " + path + " (" + why), std::string::npos)
          << status.message();
    }
  }
  EXPECT_EQ(names_in(sandbox.path()), (std::vector<std::string>{"file", "loop"}));
}

TEST(OutputFile, devices_and_pipes_are_written_into) {
  const Sandbox sandbox;
  EXPECT_TRUE(OutputFile({"/dev/null", advice}).write("text").ok());
  EXPECT_TRUE(OutputFile({"/dev/full", advice}).check().ok());
  EXPECT_NE(OutputFile({"/dev/full", advice}).write("text").message().find("No space left"),
            std::string::npos);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));

  const std::string pipe = sandbox.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_TRUE(OutputFile({pipe, advice}).check().ok());  // and does not wait for a reader
  std::string read_text(100, '\0');
  std::jthread reader([&] {
    const UniqueFd file(open(pipe.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t got = read(file.get(), read_text.data(), read_text.size());
    read_text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  });
  EXPECT_TRUE(OutputFile({pipe, advice}).write("through").ok());
  reader.join();
  EXPECT_EQ(read_text, "through");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(OutputFile, descriptors_that_the_caller_opened_are_written_into_where_they_are) {
  const Sandbox sandbox;
  const int fd = open(sandbox.path("log").c_str(), O_WRONLY | O_CREAT, 0600);
  ASSERT_GE(fd, 0);
  const std::string path = "/dev/fd/" + std::to_string(fd);
  ASSERT_EQ(write(fd, "first ", 6), 6);
  EXPECT_TRUE(OutputFile({path, advice}).check().ok());
  EXPECT_TRUE(OutputFile({path, advice}).write("second").ok());
  EXPECT_EQ(sandbox.read("log"), "first second");
  ASSERT_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);  // as those that this process opens for itself
  EXPECT_FALSE(OutputFile({path, advice}).check().ok());
  close(fd);
  const int reading = open(sandbox.path("log").c_str(), O_RDONLY);
  EXPECT_FALSE(OutputFile({"/dev/fd/" + std::to_string(reading), advice}).check().ok());
  close(reading);
}

TEST(OutputFile, knows_stdout_by_its_names) {
  for (const char* path : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    EXPECT_TRUE(OutputFile({path, advice}).is_stdout()) << path;
    EXPECT_EQ((ReportFiles{.json = path, .html = {}}.text()), stderr) << path;
  }
  for (const char* path : {"./-", "/dev/stderr", "/dev/fd/11", "report.json", ""}) {
    EXPECT_FALSE(OutputFile({path, advice}).is_stdout()) << path;
  }
}

TEST(ReportFiles, names_and_documents_may_have_any_bytes) {
  const Sandbox sandbox;
  const ReportFiles files{.json = sandbox.path("caf\xe9\n.json"), .html = {}};
  EXPECT_TRUE(files.check().ok());
  EXPECT_TRUE(files.write({{"command", {"buddy", files.json}}}).ok());
  const Json written = Json::parse(sandbox.read("caf\xe9\n.json"));
  EXPECT_EQ(written["command"][1], sandbox.path("caf\uFFFD\n.json"));
}

TEST(ReportFiles, a_report_and_its_page_go_to_different_places) {
  EXPECT_FALSE((ReportFiles{.json = "same", .html = "same"}.check().ok()));
  EXPECT_FALSE((ReportFiles{.json = "-", .html = "/dev/stdout"}.check().ok()));
}

TEST(ReportFiles, one_file_is_one_file_however_it_is_spelt) {
  const Sandbox sandbox;
  const std::string real = sandbox.file("real", "old");
  std::filesystem::create_symlink(real, sandbox.path("link"));
  std::filesystem::create_directory_symlink(sandbox.path(), sandbox.path("again"));
  for (const std::string other : {"./real", "link", "again/real"}) {
    const ReportFiles files{.json = real, .html = sandbox.path(other)};
    EXPECT_EQ(files.check().code(), ErrorCode::invalid_argument) << other;
  }
  const ReportFiles made{.json = sandbox.path("new"), .html = sandbox.path("again/./new")};
  EXPECT_EQ(made.check().code(), ErrorCode::invalid_argument) << "a file that is not there yet";
  EXPECT_TRUE((ReportFiles{.json = real, .html = sandbox.path("page")}.check().ok()));
}

TEST(ReportFiles, what_is_read_is_not_replaced) {
  const Sandbox sandbox;
  const std::string input = sandbox.file("m.mtx", "matrix");
  const ReportFiles report{.json = sandbox.path("./m.mtx"), .html = {}};
  const ReportFiles page{.json = {}, .html = input};
  for (const ReportFiles& files : {report, page}) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--input", input}, {"--input=" + input}}) {
      EXPECT_EQ(files.check(words).code(), ErrorCode::invalid_argument);
    }
    EXPECT_TRUE(files.check({"--input", sandbox.path("other"), "m.mtx", ""}).ok());
  }
  EXPECT_EQ(sandbox.read("m.mtx"), "matrix");
}

}  // namespace
}  // namespace buddy::tools
