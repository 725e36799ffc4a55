#include "common/matrix_options.hpp"

#include "common/choice.hpp"
#include "common/count.hpp"

namespace workloads {
namespace {

void add_scale(CLI::App& app, int& scale, CLI::Option* input) {
  const auto set = [&scale](const std::string& text) {
    const auto parsed = parse_count(text);
    if (!parsed || *parsed < 1 || *parsed > 32) {
      throw CLI::ValidationError(
          "--scale",
          fmt::format("{} is out of range (it must be 1 to 32) choose another value", text));
    }
    scale = static_cast<int>(*parsed);
  };
  app.add_option_function<std::string>("--scale", set, "generate 2^scale vertices")
      ->type_name("COUNT")
      ->default_str(std::to_string(scale))
      ->excludes(input);
}

}  // namespace

CLI::Option* add_matrix_options(CLI::App& app, MatrixOptions& options, Values values) {
  KroneckerOptions& generated = options.generated;
  if (values == Values::ignored) generated.field = Field::pattern;
  CLI::Option* input =
      app.add_option("--input", options.input,
                     "Matrix Market file (.mtx) or edge list (.txt), plain or gzip; without it a "
                     "Graph500 Kronecker graph is generated")
          ->type_name("FILE");
  add_scale(app, generated.scale, input);
  add_count(app, {"--edgefactor", "generate so many edges per vertex", 1, 1 << 20},
            generated.edge_factor)
      ->excludes(input);
  if (values == Values::used) {
    add_choice<Field>(
        app, "--field",
        {{"pattern", Field::pattern}, {"real", Field::real}, {"complex", Field::complex}},
        "generate values of 0, 8 or 16 bytes", generated.field)
        ->excludes(input);
  }
  return input;
}

void describe_input(const MatrixOptions& options, const MatrixHeader& header,
                    nlohmann::json& details) {
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
