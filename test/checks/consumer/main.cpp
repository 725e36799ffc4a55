// A program outside the tree: every rank sends words and numbers to every rank and counts them.
#include <buddy/buddy.hpp>
#include <cstdio>
#include <string>

namespace {
int words = 0;
long sum = 0;
}  // namespace

int main(int argc, char** argv) try {
  buddy::Comm comm(&argc, &argv);
  for (int dest = 0; dest < comm.size(); ++dest) {
    comm.async(
        dest, [](long value) { sum += value; }, 1L + comm.rank());
    comm.async(
        dest, [](const std::string& word) { words += word == "hello"; }, std::string("hello"));
  }
  comm.barrier();
  const long expected = static_cast<long>(comm.size()) * (comm.size() + 1) / 2;
  const bool good = words == comm.size() && sum == expected;
  const bool all_good = comm.all_reduce_min(good ? 1 : 0) == 1;
  if (comm.rank() == 0)
    std::printf("consumer on %d ranks: %s\n", comm.size(), all_good ? "ok" : "wrong");
  return all_good ? 0 : 1;
} catch (const buddy::Error& error) {
  std::fprintf(stderr, "consumer: %s\n", error.what());
  return 2;
}
