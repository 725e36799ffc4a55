// What can be a handler and an argument. Every message adds to a sum that is checked at the end.
#include <array>
#include <buddy/buddy.hpp>
#include <cstddef>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

long sum = 0;  // of this rank

void add_function(long n) { sum += n; }

struct AddFunctor {
  long factor;  // captures and members travel with the message: they must be trivially copyable
  void operator()(long n) const { sum += factor * n; }
};

struct Point {  // trivially copyable: its bytes are sent
  int x;
  int y;
};

struct Shape {  // not trivially copyable: cereal serialises it
  std::string name;
  std::vector<Point> corners;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, corners);
  }
};

const std::vector<std::string> colours = {"red", "green", "blue"};

class Symbol {  // nobody can see its pointer, which means nothing elsewhere
 public:
  Symbol() = default;
  explicit Symbol(std::size_t i) : text_(&colours[i]) {}
  const std::string& text() const { return *text_; }
  template <class Archive>
  void save(Archive& archive) const {
    archive(text_ - colours.data());
  }
  template <class Archive>
  void load(Archive& archive) {
    std::ptrdiff_t index = 0;
    archive(index);
    text_ = &colours[static_cast<std::size_t>(index)];
  }

 private:
  const std::string* text_ = nullptr;
};

struct Linked {
  long value;
  Linked* next;
};

}  // namespace

template <>  // it has a private pointer: by its serialize() although it is trivially copyable
inline constexpr buddy::Travel buddy::travel<Symbol> = buddy::Travel::serialised;
template <>  // it has a pointer that nobody follows on the other side
inline constexpr buddy::Travel buddy::travel<Linked> = buddy::Travel::as_bytes;

namespace {

void send_by_choice(buddy::Comm& comm, int dest) {
  const auto add_letters = [](Symbol s) { sum += static_cast<long>(s.text().size()); };
  const auto add_value = [](Linked item) { sum += item.value; };
  comm.async(dest, add_letters, Symbol(1));
  comm.async(dest, add_value, Linked{2, nullptr});
}

void send_handlers(buddy::Comm& comm, int dest, long factor) {
  const auto add = [](long n) { sum += n; };
  const auto add_multiple = [factor](long n) { sum += factor * n; };
  const auto add_five = [] { sum += 5; };
  comm.async(dest, add, 1L);
  comm.async(dest, add_multiple, 1L);
  comm.async(dest, AddFunctor{3}, 1L);
  comm.async(dest, &add_function, 4L);
  comm.async(dest, add_five);  // no arguments, no bytes
}

void send_flat_arguments(buddy::Comm& comm, int dest) {
  const auto add_point = [](Point p) { sum += p.x + p.y; };
  const auto add_first = [](std::pair<int, double> p) { sum += p.first; };
  comm.async(dest, add_point, Point{1, 2});
  comm.async(dest, add_first, std::pair(4, 0.5));
}

void send_serialised_arguments(buddy::Comm& comm, int dest) {
  using Lists = std::map<std::string, std::vector<int>>;
  const auto add_length = [](const std::string& text) { sum += static_cast<long>(text.size()); };
  const auto add_last = [](const Lists& lists) { sum += lists.at("b").back(); };
  const auto add_corner = [](Shape shape) { sum += shape.corners[1].y; };
  comm.async(dest, add_length, std::string("hello"));
  comm.async(dest, add_last, Lists{{"a", {1, 2}}, {"b", {3}}});
  comm.async(dest, add_corner, Shape{"segment", {{1, 2}, {3, 4}}});
}

void send_request(buddy::Comm& comm, int dest) {
  // A handler that takes Comm& first is given the receiver's, and may send.
  const auto ask = [](buddy::Comm& there, int asker, long n) {
    const auto answer = [](long square) { sum += square; };
    there.async(asker, answer, n * n);
  };
  comm.async(dest, ask, comm.rank(), 3L);
}

void send_without_waiting(buddy::Comm& comm, int dest) {
  const auto add_all = [](std::span<const std::byte> bytes) { sum += std::ssize(bytes); };
  const std::array<std::byte, 3> bytes{};
  while (!comm.try_async(dest, add_all, bytes)) comm.poll();  // or do something else
  while (!comm.try_flush()) {
  }
}

}  // namespace

int main(int argc, char** argv) {
  buddy::Comm comm(&argc, &argv);
  const int next = (comm.rank() + 1) % comm.size();
  send_handlers(comm, next, 2);           // 1 + 2 + 3 + 4 + 5
  send_flat_arguments(comm, next);        // 3 + 4
  send_serialised_arguments(comm, next);  // 5 + 3 + 4
  send_by_choice(comm, next);             // 5 + 2
  send_request(comm, next);               // 9
  send_without_waiting(comm, next);       // 3
  comm.barrier();
  const bool good = comm.all_reduce_min(sum) == 53 && comm.all_reduce_max(sum) == 53;
  if (comm.rank() == 0) std::printf("handlers: %s\n", good ? "ok" : "wrong");
  return good ? 0 : 1;
}
