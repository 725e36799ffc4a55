// Handlers that carry addresses of their sender, which `buddy run --check` finds.
// usage: captures reference | this | pointer | text | struct | values | large
#include <buddy/buddy.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using buddy::Comm;

long total = 0;

struct Counter {
  long count = 0;
  void send(Comm& comm) {
    comm.async(
        comm.rank(), [this](long by) { count += by; }, 1L);
  }
};

/// A pointer as such does not compile.
struct Node {
  int id;
  std::uintptr_t next;
};

const std::map<std::string, void (*)(Comm&)> ways = {
    {"reference",
     [](Comm& comm) {
       long sum = 0;
       comm.async(
           comm.rank(), [&sum](long by) { sum += by; }, 1L);
       comm.barrier();
     }},
    {"this",
     [](Comm& comm) {
       const auto counter = std::make_unique<Counter>();
       counter->send(comm);
       comm.barrier();
     }},
    {"pointer", [](Comm& comm) { comm.async_bcast([p = &total] { ++*p; }); }},
    {"text",
     [](Comm& comm) {
       const char* const text = "text";
       const std::vector<int> everybody = {comm.rank()};
       comm.async_mcast(
           everybody, [text](const std::string& s) { total += s == text; }, std::string("text"));
     }},
    {"struct",
     [](Comm& comm) {
       Node last{2, 0};
       comm.async(
           comm.rank(), [](Node node) { total += node.id; },
           Node{1, reinterpret_cast<std::uintptr_t>(&last)});
     }},
    {"large",
     [](Comm& comm) {
       struct {
         char room[20'000];
         long* at;
       } captured{{}, &total};
       comm.async(comm.rank(), [captured] { ++*captured.at; });
     }},
    {"values",
     [](Comm& comm) {
       const auto all = comm.handle(total);
       for (long i = 0; i < 1000; ++i) {
         comm.async(
             static_cast<int>(i) % comm.size(), [all, i](double x) { *all += i + long(x); }, 0.5);
         comm.async_bcast([i](const std::string&) { total -= i; }, std::string("text"));
       }
       comm.barrier();
       const long wanted = -999L * 500 * comm.size() * (comm.size() - 1);
       if (comm.all_reduce_sum(total) == wanted) std::printf("values are as they were\n");
     }},
};

}  // namespace

int main(int argc, char** argv) {
  Comm comm(&argc, &argv);
  try {
    ways.at(argv[1])(comm);
    comm.barrier();
    std::printf("no error\n");
  } catch (const buddy::Error& error) {
    std::printf("code %d: %s\n", static_cast<int>(error.code()), error.what());
  }
  std::fflush(stdout);
  comm.control_barrier();
  std::_Exit(0);  // some of it cannot end in order
}
