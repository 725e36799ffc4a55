// A program for ygm::comm outside the tree: every rank counts what it hears from all.
#include <cstdio>
#include <string>
#include <ygm/comm.hpp>

#ifndef BUDDY_YGM
#error "another ygm/comm.hpp comes first on the include path"
#endif

int main(int argc, char** argv) {
  ygm::comm world(&argc, &argv);
  static int heard = 0;
  world.async_bcast([](ygm::comm*, const std::string& word) { heard += word == "hello"; },
                    std::string("hello"));
  world.barrier();
  const bool all_good = world.all_reduce_min(heard == world.size() ? 1 : 0) == 1;
  world.cout0("ygm consumer on ", world.size(), " ranks: ", all_good ? "ok" : "wrong");
  return all_good ? 0 : 1;
}
