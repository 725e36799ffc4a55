#include "common/matrix_options.hpp"

#include <fmt/core.h>

#include <bit>

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/input_error.hpp"

namespace workloads {
namespace {

void add_scale(CommandLine& app, int& scale, std::uint64_t most_rows, const Option& input) {
  const int most = static_cast<int>(std::bit_width(most_rows)) - 1;
  const auto set = [&scale, most](const std::string& text) -> std::string {
    const auto parsed = parse_count(text);
    if (!parsed || *parsed < 1 || *parsed > static_cast<std::uint64_t>(most)) {
      return fmt::format("{} is out of range (it must be 1 to {}) choose another value", text,
                         most);
    }
    scale = static_cast<int>(*parsed);
    return {};
  };
  app.add({"--scale", "COUNT", "generate 2^scale vertices", std::to_string(scale)}, set)
      .excludes(input);
}

/// What is wrong with the beginning of the file, if there is one.
std::string check_file(const MatrixOptions& options) {
  if (!options.input) return {};
  try {
    const auto header = look_into_matrix_file(*options.input, options.limits.values);
    return header ? why_unusable(options, *header) : std::string();
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

Option add_matrix_options(CommandLine& app, MatrixOptions& options, const MatrixLimits& limits) {
  GeneratedGraph& generated = options.generated;
  options.limits = limits;
  const Values values = limits.values;
  if (values != Values::used) generated.field = Field::pattern;
  const Option input = app.add({"--input", "FILE",
                                "Matrix Market file (.mtx) or edge list (.txt), plain or gzip; "
                                "without it a graph is generated"},
                               [&options](const std::string& path) {
                                 options.input = path;
                                 return std::string();
                               });
  app.add_file_check([&options] { return check_file(options); });
  add_choice<GraphShape>(
      app, "--graph", {{"kronecker", GraphShape::kronecker}, {"flat", GraphShape::flat}},
      "generate a Graph500 Kronecker graph, or a flat one: as many edges leave every vertex, to "
      "random others",
      generated.shape)
      .excludes(input);
  add_scale(app, generated.scale, limits.most_rows, input);
  add_count(app, {"--edgefactor", "generate so many edges per vertex", 1, 1 << 20},
            generated.edge_factor)
      .excludes(input);
  if (values == Values::used) {
    add_choice<Field>(
        app, "--field",
        {{"pattern", Field::pattern}, {"real", Field::real}, {"complex", Field::complex}},
        "generate values of 0, 8 or 16 bytes", generated.field)
        .excludes(input);
  }
  return input;
}

std::string why_unusable(const MatrixOptions& options, const MatrixHeader& header) {
  const std::string name = options.input.value_or("the input");
  if (options.limits.square && header.rows != header.columns) {
    return fmt::format(
        "{}: the matrix has {} rows and {} columns (it must be square) name another file", name,
        header.rows, header.columns);
  }
  if (header.rows > options.limits.most_rows) {
    return fmt::format(
        "{}: the matrix has {} rows (the check of the answer can take {}) name a "
        "smaller one",
        name, header.rows, options.limits.most_rows);
  }
  return {};
}

void describe_input(const MatrixOptions& options, const MatrixHeader& header, Details& details) {
  details["rows"] = header.rows;
  details["columns"] = header.columns;
  details["field"] = field_name(header.field);
  const bool is_flat = options.generated.shape == GraphShape::flat;
  details["input"] = options.input.value_or(is_flat ? "flat" : "kronecker");
  if (options.input) return;
  details["scale"] = options.generated.scale;
  details["edge_factor"] = options.generated.edge_factor;
  details["seed"] = options.generated.seed;
}

}  // namespace workloads
