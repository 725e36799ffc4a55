// Whose SIGHUP is: UCX takes it as soon as it is loaded, and must have given it back.
// usage: hangup (default | ignored)
#include <signal.h>

#include <buddy/buddy.hpp>
#include <cstdio>
#include <string>

namespace {

std::string disposition() {
  struct sigaction now {};
  if (sigaction(SIGHUP, nullptr, &now) != 0) return "unknown";
  if (now.sa_handler == SIG_DFL) return "default";
  return now.sa_handler == SIG_IGN ? "ignored" : "caught";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string before = disposition();
  std::string inside;
  {
    const buddy::Comm comm(&argc, &argv);
    inside = disposition();
  }
  std::printf("SIGHUP is %s in main, %s in a communicator\n", before.c_str(), inside.c_str());
  return argc == 2 && before == argv[1] && inside == argv[1] ? 0 : 1;
}
