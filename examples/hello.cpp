// Counts words on all ranks: every word has an owner, which keeps its count.
#include <buddy/buddy.hpp>
#include <cstdio>
#include <map>
#include <string>

std::map<std::string, long> counts;  // of the words this rank owns

int main(int argc, char** argv) {
  buddy::Comm comm(&argc, &argv);  // initialises MPI
  const auto add = [](const std::string& word, long n) { counts[word] += n; };
  for (const std::string word : {"to", "be", "or", "not", "to", "be"}) {
    const std::size_t owner = std::hash<std::string>{}(word) % std::size_t(comm.size());
    comm.async(int(owner), add, word, 1L);  // "run add(word, 1) there", and forget it
  }
  comm.barrier();  // every message has run, on every rank
  for (const auto& [word, n] : counts) std::printf("%s: %ld\n", word.c_str(), n);
  const std::size_t words = comm.all_reduce_sum(counts.size());
  if (comm.rank() == 0) std::printf("%zu different words\n", words);
}
