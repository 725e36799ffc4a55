#include "common/matrix_options.hpp"

#include <fmt/core.h>

#include "common/choice.hpp"
#include "common/count.hpp"

namespace workloads {
namespace {

void add_scale(CommandLine& app, int& scale, const Option& input) {
  const auto set = [&scale](const std::string& text) -> std::string {
    const auto parsed = parse_count(text);
    if (!parsed || *parsed < 1 || *parsed > 32) {
      return fmt::format("{} is out of range (it must be 1 to 32) choose another value", text);
    }
    scale = static_cast<int>(*parsed);
    return {};
  };
  app.add({"--scale", "COUNT", "generate 2^scale vertices", std::to_string(scale)}, set)
      .excludes(input);
}

}  // namespace

Option add_matrix_options(CommandLine& app, MatrixOptions& options, Values values) {
  KroneckerOptions& generated = options.generated;
  options.values = values;
  if (values == Values::ignored) generated.field = Field::pattern;
  const Option input = app.add({"--input", "FILE",
                                "Matrix Market file (.mtx) or edge list (.txt), plain or gzip; "
                                "without it a Graph500 Kronecker graph is generated"},
                               [&options](const std::string& path) {
                                 options.input = path;
                                 return std::string();
                               });
  add_scale(app, generated.scale, input);
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

void describe_input(const MatrixOptions& options, const MatrixHeader& header, Details& details) {
  details["rows"] = header.rows;
  details["columns"] = header.columns;
  details["field"] = field_name(header.field);
  details["input"] = options.input.value_or("kronecker");
  if (options.input) return;
  details["scale"] = options.generated.scale;
  details["edge_factor"] = options.generated.edge_factor;
  details["seed"] = options.generated.seed;
}

}  // namespace workloads
