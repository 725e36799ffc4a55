// What the command says when it is used wrongly, and that every command explains itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/sandbox.hpp"

namespace buddy::tools {
namespace {

using buddy::testing::buddy_command;
using buddy::testing::Finished;

Finished buddy(std::vector<std::string> words) {
  words.insert(words.begin(), buddy_command());
  return buddy::testing::run_command(words);
}

TEST(Usage, every_command_has_help_with_an_example) {
  for (const char* command : {"run", "bench", "calibrate", "stat", "doctor", "engine"}) {
    const Finished help = buddy({command, "--help"});
    EXPECT_EQ(help.state.exit_code(), 0) << command;
    EXPECT_NE(help.out.find("Usage: buddy " + std::string(command)), std::string::npos) << help.out;
    EXPECT_NE(help.out.find("Example"), std::string::npos) << help.out;
    EXPECT_NE(buddy({"--help"}).out.find(command), std::string::npos);
  }
  EXPECT_EQ(buddy({"--help"}).out.find("exec-rank"), std::string::npos);
  EXPECT_EQ(buddy({"--version"}).state.exit_code(), 0);
}

struct Wrong {
  std::vector<std::string> words;
  const char* said;
};

TEST(Usage, wrong_usage_is_explained_on_stderr) {
  const Wrong lines[] = {
      {{}, "buddy: there is no command (none is named) choose one of those in buddy --help"},
      {{"help", "bench", "xyz"}, "buddy bench has no command 'xyz'"},
      {{"help", "bench", "modl"}, "did you mean 'model'?"},
      {{"help", "bench", "histogram"}, "type: buddy-histogram --help"},
      {{"help", "run", "now"}, "buddy run has no command 'now'"},
      {{"help", "bench", "--jsn"}, "no command '--jsn'"},
      {{"frobnicate"}, "there is no command 'frobnicate'"},
      {{"bnech"}, "did you mean 'bench'?"},
      {{"version"}, "did you mean '--version'?"},
      {{"bench", "model", "histogram"}, "fewer than two applications"},
      {{"bench", "model", "bfs", "bfs"}, "fewer than two applications"},
      {{"bench", "model", "bfs", "--from", "x"}, "'bfs' chooses nothing"},
      {{"bench", "model", "--dpu", "slowdown=2", "--from", "x"}, "--dpu chooses nothing"},
      {{"bench", "model", "--of-each", "2", "--from", "x"}, "--of-each chooses nothing"},
      {{"bench", "model", "--repeat", "2", "--from", "x"}, "--repeat chooses nothing"},
      {{"run", "--dpu", "slowdown=2", "--", "true"}, "--dpu is for placement dpu"},
      {{"bench", "model", "--dpu", "slowdown=0.5"}, "1 to 1000"},
      {{"bench", "model", "--outside", "nowhere --x"}, "there is no workload 'nowhere'"},
      {{"bench", "dca", "--replay", "/tmp", "-n", "2"}, "--ranks means nothing for a replay"},
      {{"--verison"}, "did you mean '--version'?"},
      {{"run"}, "there is no program to run"},
      {{"run", "-n"}, "the value of -n is missing (it takes one) write it like -n RANKS"},
      {{"run", "--fabric=", "--", "true"}, "the value of --fabric is missing"},
      {{"run", "-n", "--check", "--", "true"}, "the value of -n is missing"},
      {{"run", "-n", "1.5", "--", "true"}, "--ranks: '1.5' is not a whole number"},
      {{"run", "-n", "1", "-n", "2", "--", "true"}, "-n is given twice (one value can count)"},
      {{"run", "-n", "1", "--ranks=2", "--", "true"}, "--ranks is given twice"},
      {{"run", "-nodes", "2", "--", "true"}, "did you mean '--nodes'?"},
      {{"run", "-x", "--", "true"}, "there is no option '-x' (see buddy run --help) leave it out"},
      {{"stat", "--watch", "--watch"}, "--watch is given twice (once is enough)"},
      {{"run", "--check=yes", "--", "true"}, "--check takes no value"},
      {{"run", "--placement", "engin", "--", "true"}, "did you mean 'engine'?"},
      {{"run", "--fabric", "ucxx", "--", "true"}, "did you mean 'ucx'?"},
      {{"run", "--routing", "gird", "--", "true"}, "did you mean 'grid'?"},
      {{"run", "--routing", "torus", "--", "true"},
       "there is no routing 'torus' (auto, direct, node and grid exist)"},
      {{"run", "-n", "4097", "--routing", "direct", "--", "true"}, "4097 engines cannot all have"},
      {{"predict"},
       "PROFILE is missing (this command needs it) write it like: buddy predict PROFILE"},
      {{"predict", "a", "b"}, "'b' is too much (this command takes one word and options)"},
      {{"completion", "bsh"}, "did you mean 'bash'?"},
      {{"bench", "modl"}, "did you mean 'model'?"},
      {{"bench", "dac"}, "did you mean 'dca'?"},
      {{"bench", "papr"}, "did you mean 'paper'?"},
      {{"bench", "histogram", "dca"}, "write it first, like: buddy bench dca"},
      {{"bench", "--repeat", "3", "model"}, "write it first, like: buddy bench model"},
      {{"bench", "tnue"}, "did you mean 'tune'?"},
      {{"bench", "tune"},
       "WORKLOAD is missing (this command needs it) write it like: buddy bench tune WORKLOAD"},
      {{"bench", "tune", "histgram"}, "did you mean 'histogram'?"},
      {{"bench", "tune", "histogram", "transpose"}, "this command takes one word and options"},
      {{"bench", "tune", "histogram", "--time-limit", "0"}, "--time-limit: 0 is out of range"},
      {{"bench", "tune", "histogram", "--dpu", "slowdown=2"}, "--dpu is for placement dpu"},
      {{"bench", "tune", "histogram", "--block", "3000"}, "a block of 3000 bytes is not possible"},
      {{"bench", "tune", "histogram", "-n", "1", "--block", "32K", "--ring", "16", "--hold", "0"},
       "there is nothing to tune (--block: it was given; --ring: it was given; --workers: each "
       "engine serves one rank"},
      {{"bench", "dca", "--dca-ways", "x"},
       "buddy bench dca: --dca-ways: 'x' is not a whole number"},
      {{"bench", "dca", "--preset", "x68"}, "did you mean 'x86'?"},
      {{"bench", "dca", "--links", "coers"}, "did you mean 'cores'?"},
      {{"bench", "dca", "--last-level", "inclusiv"}, "did you mean 'inclusive'?"},
      {{"bench", "dca", "--trace", "a", "--replay", "b"},
       "buddy bench dca: --replay excludes --trace"},
      {{"bench", "histogram", "--repeat", "2.5"}, "--repeat: '2.5' is no number of runs"},
      {{"bench", "histogram", "--compare", "host,engin"}, "did you mean 'engine'?"},
      {{"bench", "histogram", "--dram", "cachegrnd"}, "did you mean 'cachegrind'?"},
      {{"run", "--plcement", "host", "--", "true"}, "did you mean '--placement'?"},
      {{"run", "--rank=2", "--", "true"}, "there is no option '--rank' (see buddy run --help)"},
      {{"run", "-n", "2", "./program", "--updates", "5"},
       "write the program after --, like: buddy run -- ./program"},
      {{"profile", "true"}, "write the program after --"},
      {{"stat", "--wacth"}, "did you mean '--watch'?"},
      {{"stat", "now"}, "'now' is too much"},
      {{"predict", "profile.json", "--moedl", "x"}, "did you mean '--model'?"},
      {{"bench", "histgram"}, "did you mean 'histogram'?"},
      {{"bench", "model", "histgram"}, "did you mean 'histogram'?"},
      {{"bench", "model", "--from", "a", "b", "--jsn", "c"}, "did you mean '--json'?"},
      {{"bench", "dca", "histogram", "--updaets", "5"}, "did you mean '--updates'?"},
      {{"run", "--frobnicate", "--", "true"}, "--frobnicate"},
      {{"run", "--placement", "auto", "--", "true"}, "host, shared, engine and dpu exist"},
      {{"run", "--fabric", "tcp", "--", "true"}, "shm and ucx exist"},
      {{"run", "-n", "many", "--", "true"}, "many"},
      {{"run", "-n", "65537", "--", "true"}, "1 to 65536"},
      {{"run", "-n", "2", "--nodes", "3", "--", "true"}, "--nodes 1 to 2"},
      {{"run", "--host-cpus", "1000", "--", "true"}, "--host-cpus names CPU 1000"},
      {{"run", "--engine-cpus", "1-0", "--", "true"}, "write it like 0,2-3"},
      {{"run", "--", "./no-such-program"}, "no such file"},
      {{"bench"}, "there is no workload to run"},
      {{"bench", "no-such-workload"}, "there is no workload 'no-such-workload'"},
      {{"bench", "x", "--compare", "host,auto"},
       "host, shared, engine, dpu, remote and alltoallv exist"},
      {{"bench", "x", "--compare", "host", "--placement", "host"}, "--compare"},
      {{"bench", "x", "--repeat", "0"}, "--repeat"},
      {{"bench", "x", "--dram", "likwid"}, "there is no method 'likwid'"},
      {{"bench", "x", "--dram-cache", "32M"}, "no cache is simulated"},
      {{"bench", "model", "--dram-cache", "much"}, "'much' is no size of a cache"},
      {{"profile", "--dram", "cachegrind", "--dram-cache", "1", "--", "true"}, "--dram-cache"},
      {{"stat", "--", "x"}, "'x'"},
      {{"engine"}, "--listen"},
      {{"engine", "--listen", "tcp:127.0.0.1:5000"}, "BUDDY_JOB_KEY"},
      {{"engine", "--listen", "unix:/tmp/socket"}, "BUDDY_JOB_KEY"},
      {{"engine", "--listen", "unix:/tmp/socket", "--cpus", "1000"}, "--cpus names CPU 1000"},
      {{"exec-rank"}, "buddy run"},
  };
  for (const Wrong& line : lines) {
    SCOPED_TRACE(line.said);
    const Finished run = buddy(line.words);
    EXPECT_NE(run.state.exit_code(), 0);
    EXPECT_EQ(run.state.signal, 0);
    EXPECT_NE(run.err.find(line.said), std::string::npos) << run.err;
    EXPECT_EQ(run.err.substr(0, 5), "buddy");
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(Usage, what_workloads_do_not_take_is_refused_before_anything_is_launched) {
  const auto beside = [](const char* name) {
    return std::filesystem::path(buddy_command()).replace_filename(name).native();
  };
  const std::string histogram = beside("buddy-histogram");
  const std::string bfs = beside("buddy-bfs");
  const Wrong lines[] = {
      {{"bench", "histogram", "--tabel", "5"},
       "there is no option '--tabel' (see buddy bench --help and buddy-histogram --help) did you "
       "mean '--table'?"},
      {{"bench", "histogram", "--repaet", "3"}, "did you mean '--repeat'?"},
      {{"bench", "histogram", "--table=many"}, "buddy-histogram: --table: 'many' is not a count"},
      {{"bench", "histogram", "transpose", "--scale", "5"}, "there is no option '--scale'"},
      {{"bench", "transpose", "--", "--frobnicate"}, "there is no option '--frobnicate'"},
      {{"bench", "histogram", "--payload", "7"}, "out of range"},
      {{"bench", "histogram", "-updates", "5"}, "did you mean '--updates'?"},
      {{"bench", "histogram", "--updates"}, "the value of --updates is missing"},
      {{"bench", "histogram", "--updates", "5", "--updates", "6"}, "--updates is given twice"},
      {{"bench", "histogram", "--method", "alltoallv"}, "take --compare, like"},
      {{"bench", "dca", "histogram", "--method=buddy"}, "--method is not for buddy bench dca"},
      {{"bench", "tune", "histogram", "--updaets", "5"}, "did you mean '--updates'?"},
      {{"bench", "histogram", "--input", "x"}, "histogram reads no file"},
      {{"bench", "dca", "--input", "x"}, "reads no file"},
      {{"bench", "transpose", "--field", "rael"}, "did you mean 'real'?"},
      {{"bench", "transport", "--problem", "slap"}, "did you mean 'slab'?"},
      {{"bench", "transport", "--mesh", "200", "--cube", "1"}, "cubes are too many"},
      {{"bench", "bfs", "--scale", "31"}, "it must be 1 to 30"},
      {{"bench", "bfs", "--input", "/nowhere/x.mtx"}, "cannot open the file (No such file"},
      {{"bench", "bfs", "--", "--input", "/tmp"}, "is a directory"},
      {{"bench", "dca", "transpose", "--input", "/dev/null"}, "is not a regular file"},
      {{"run", "--", histogram, "--tabel", "5"}, "did you mean '--table'?"},
      {{"run", "-n", "2", "--", bfs, "--input", "/nowhere"},
       "buddy run: buddy-bfs: /nowhere: cannot"},
      {{"profile", "--", bfs, "--input", "/tmp"}, "buddy profile: buddy-bfs: /tmp: is a directory"},
      {{"profile", "--", histogram, "--method", "budy"}, "did you mean 'buddy'?"},
      {{"bench", "bfs", "--compare", "host,alltoallv"}, "bfs cannot be compared with alltoallv"},
  };
  for (const Wrong& line : lines) {
    SCOPED_TRACE(line.said);
    // A launcher would find no program of its own, and say so.
    const Finished run = buddy::testing::run_command(
        [&] {
          std::vector<std::string> words = line.words;
          words.insert(words.begin(), buddy_command());
          return words;
        }(),
        {{"PATH", "/nowhere"}});
    EXPECT_EQ(run.state.exit_code(), 2);
    EXPECT_NE(run.err.find(line.said), std::string::npos) << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(Usage, stat_says_when_there_is_nothing_to_see) {
  const Finished run = buddy({"stat"});
  EXPECT_EQ(run.state.exit_code(), 0);
  EXPECT_FALSE(run.out.empty());
}

}  // namespace
}  // namespace buddy::tools
