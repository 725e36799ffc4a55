// What of a pack is checked when it arrives. The functions are not part of the library's interface.
// ranks: 1
// variants: host
#include "../../../compat/convey/src/wire.cpp"
#include "compat/convey/convey_check.hpp"

namespace {

using buddy::convey::Shape;
using buddy::test::expect;

bool whole(const Shape& shape, const std::vector<unsigned char>& bytes) {
  return buddy::convey::holds_whole_items(shape, std::as_bytes(std::span(bytes)));
}

void fixed_items() {
  Shape shape{.pes = 2, .item_bytes = 8};
  buddy::convey::size_for(shape);
  expect(whole(shape, {}), "nothing");
  expect(whole(shape, std::vector<unsigned char>(24)), "three items");
  expect(!whole(shape, std::vector<unsigned char>(25)), "three items and a byte");
  expect(!whole(shape, std::vector<unsigned char>(shape.lane_bytes + 64)), "more than a lane");
}

void elastic_items() {
  Shape shape{.pes = 2, .item_bytes = 8, .align = 8, .elastic = true};
  buddy::convey::size_for(shape);
  expect(whole(shape, {0, 0, 0, 0, 9, 9, 9, 9}), "an item without bytes");
  expect(whole(shape, {2, 0, 0, 0, 9, 9, 9, 9, 1, 2}), "an item of two bytes");
  expect(!whole(shape, {3, 0, 0, 0, 9, 9, 9, 9, 1, 2}), "an item that ends early");
  expect(!whole(shape, {255, 255, 255, 255, 9, 9, 9, 9, 1, 2}), "an item of 4 GiB");
  expect(!whole(shape, {2, 0, 0, 0, 9, 9}), "an item that ends before its bytes");
  expect(!whole(shape, {2, 0, 0, 0, 9, 9, 9, 9, 1, 2, 9}), "a byte behind the last item");
}

/// Memory per conveyor and PE stays small for any number of PEs.
void sizes() {
  for (std::size_t pes = 1; pes <= 4096; pes *= 2) {
    Shape shape{.pes = pes, .item_bytes = 8};
    buddy::convey::size_for(shape);
    const std::size_t lanes = pes * (shape.lane_bytes + 64);
    const std::size_t inbox =
        pes * shape.window_bytes + 2 * buddy::convey::charge_of(shape.lane_bytes);
    expect(lanes + inbox < 7u << 20, "less than 7 MiB");
    expect(shape.window_bytes >= 4 * buddy::convey::charge_of(shape.lane_bytes), "four packs");
  }
}

}  // namespace

int main(int argc, char** argv) {
  return buddy::test::run_convey_cases(
      argc, argv,
      {{"fixed_items", fixed_items}, {"elastic_items", elastic_items}, {"sizes", sizes}});
}
