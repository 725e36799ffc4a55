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

/// The next edge of the file. \return false at its end
bool next_edge(TextReader& reader, Nonzero& edge) {
  std::string_view line;
  while (reader.next(line)) {
    if (line.empty() || line.front() == '#' || line.front() == '%') continue;
    Fields fields(reader, line);
    if (fields.empty()) continue;
    edge.row = take_id(fields, reader, "source vertex");
    edge.column = take_id(fields, reader, "target vertex");
    fields.expect_end("an edge is two vertex ids, nothing more");
    return true;
  }
  return false;
}

}  // namespace

EdgeListReader::EdgeListReader(const std::string& path) : reader_(path) {
  TextReader first_pass(path);
  std::uint64_t vertices = 0;
  for (Nonzero edge; next_edge(first_pass, edge);) {
    vertices = std::max(vertices, std::uint64_t{std::max(edge.row, edge.column)} + 1);
  }
  if (vertices == 0) {
    first_pass.fail("the file has no edges (only comments and blank lines) name another file");
  }
  header_ = {vertices, vertices, Field::pattern};
}

std::size_t EdgeListReader::read(std::span<Nonzero> out) {
  std::size_t count = 0;
  while (count < out.size() && next_edge(reader_, out[count])) ++count;
  return count;
}

}  // namespace workloads
