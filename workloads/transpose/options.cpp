#include "transpose/options.hpp"

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/program.hpp"

namespace workloads::transpose {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CLI::App app(
      "Distributed sparse-matrix transpose: every nonzero is sent to the owner of its new row.\n"
      "The answer is checked by transposing back and by a checksum of the input in every run.",
      "buddy-transpose");
  app.footer(
      "Examples: mpirun -n 2 buddy-transpose --input web-NotreDame.txt.gz\n"
      "          mpirun -n 2 buddy-transpose --scale 19");
  KroneckerOptions& generated = options.generated;
  auto scale = static_cast<std::uint64_t>(generated.scale);
  CLI::Option* input =
      app.add_option("--input", options.input,
                     "Matrix Market file (.mtx) or edge list (.txt), plain or gzip; without it a "
                     "Graph500 Kronecker graph is generated")
          ->type_name("FILE");
  add_count(app, {"--scale", "generate 2^scale vertices", 1, 32}, scale)->excludes(input);
  add_count(app, {"--edgefactor", "generate so many edges per vertex", 1, 1 << 20},
            generated.edge_factor)
      ->excludes(input);
  add_choice<Field>(
      app, "--field",
      {{"pattern", Field::pattern}, {"real", Field::real}, {"complex", Field::complex}},
      "generate values of 0, 8 or 16 bytes", generated.field)
      ->excludes(input);
  add_count(app, {"--seed", "of the generated graph"}, generated.seed)->excludes(input);
  add_method(app, options.method);
  const auto exit_code = parse_command_line(app, argc, argv, comm);
  generated.scale = static_cast<int>(scale);
  return exit_code;
}

}  // namespace workloads::transpose
