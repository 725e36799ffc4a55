#include "common/edge_list.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace workloads {
namespace {

constexpr std::uint64_t largest_id = max_rows - 2;  // so that ids and their number fit 32 bits

std::uint32_t take_id(Fields& fields, const TextReader& reader, std::string_view what) {
  const std::uint64_t id = fields.take_unsigned(what);
  if (id > largest_id) {
    reader.fail(
        fmt::format("the {} {} is too large (ids up to {} are possible) number the "
                    "vertices from 0",
                    what, id, largest_id));
  }
  return static_cast<std::uint32_t>(id);
}

[[noreturn]] void fail_without_edges(const TextReader& reader) {
  reader.fail("the file has no edges (only comments and blank lines) name another file");
}

}  // namespace

EdgeListReader::EdgeListReader(Begun, const std::string& path, Values values)
    : reader_(path), values_(values) {}

EdgeListReader::EdgeListReader(const std::string& path, Values values)
    : EdgeListReader(Begun(), path, values) {
  TextReader first_pass(path);
  std::uint64_t vertices = 0;
  for (Nonzero edge; next_edge(first_pass, edge);) {
    vertices = std::max(vertices, std::uint64_t{std::max(edge.row, edge.column)} + 1);
  }
  if (vertices == 0) {
    fail_without_edges(first_pass);
  }
  const bool has_values = values_ != Values::ignored && weighted_ == true;
  header_ = {vertices, vertices, has_values ? Field::real : Field::pattern};
}

void EdgeListReader::check_first_edge(const std::string& path, Values values) {
  EdgeListReader list(Begun(), path, values);
  if (Nonzero edge; list.next_edge(list.reader_, edge)) return;
  fail_without_edges(list.reader_);
}

/// The next edge of the file. \return false at its end
bool EdgeListReader::next_edge(TextReader& reader, Nonzero& edge) {
  std::string_view line;
  while (reader.next(line)) {
    const std::string_view text = without_indent(line);
    if (text.empty() || text.front() == '#' || text.front() == '%') continue;
    Fields fields(reader, text);
    edge.row = take_id(fields, reader, "source vertex");
    edge.column = take_id(fields, reader, "target vertex");
    const bool has_weight = !fields.empty();
    if (!has_weight && values_ == Values::weights) {
      reader.fail(
          "this edge has no weight (shortest paths need one on every line, as a third number) add "
          "them, or draw random ones: --weights random");
    }
    if (weighted_.value_or(has_weight) != has_weight) {
      reader.fail(
          fmt::format("this edge has {} weight, those before it have {} (all must be alike) "
                      "correct the file",
                      has_weight ? "a" : "no", has_weight ? "none" : "one"));
    }
    weighted_ = has_weight;
    if (has_weight && values_ == Values::used) edge.value = fields.take_real("weight");
    if (has_weight && values_ == Values::weights) edge.value = fields.take_weight();
    if (has_weight && values_ == Values::ignored) fields.skip_number("weight");
    fields.expect_end("an edge is two vertex ids and perhaps a weight; cut off other columns");
    return true;
  }
  return false;
}

std::size_t EdgeListReader::read(std::span<Nonzero> out) {
  std::size_t count = 0;
  while (count < out.size() && next_edge(reader_, out[count])) ++count;
  return count;
}

}  // namespace workloads
