// Runs a command and checks that it leaves no process and nothing in /dev/shm.
// usage: nothing_left SECONDS COMMAND...
// Its output and exit code are the command's, or 96 if it takes longer than SECONDS, or 97 if
// something is left.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "crash/marked_job.hpp"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const double seconds = std::strtod(argv[1], nullptr);
  const buddy::test::OutputFile file;
  int result = 0;
  {
    buddy::test::MarkedJob job(std::vector<std::string>(argv + 2, argv + argc), file.path());
    const bool in_time = job.wait(seconds);
    result = in_time ? job.exit_code() : 96;
    const std::string left = in_time ? job.leftovers(10) : std::string();
    std::fputs(job.output().c_str(), stdout);
    if (!in_time) std::printf("still running after %g s\n", seconds);
    if (!left.empty()) {
      std::printf("left behind:\n%s", left.c_str());
      result = 97;
    }
  }
  return result;
}
