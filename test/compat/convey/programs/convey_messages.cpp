// usage: convey_messages OPTIONS: breaks rules with a conveyor of these options, some of them
// twice, for a test that reads what is printed.
#include <convey.h>

#include <cstdint>
#include <cstdlib>

int main(int argc, char** argv) {
  const std::uint64_t options = argc > 1 ? std::strtoull(argv[1], nullptr, 0) : 0;
  for (int i = 0; i < 2; ++i) {
    convey_t* c = convey_new_tensor(1000, 2, 4, 2, nullptr, options);
    const long item = 1;
    if (convey_push(c, &item, 0) != -1 || convey_push(c, &item, 0) != -1) return 1;
    convey_begin(c, 8, 8);
    if (convey_push(c, &item, 1 << 20) != -4) return 1;
    while (convey_advance(c, true) > 0) {
    }
    convey_free(c);
  }
  return convey_new_tensor(0, 1, 1, 1, nullptr, options) == nullptr ? 0 : 1;
}
