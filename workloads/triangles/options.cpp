#include "triangles/options.hpp"

#include "common/count.hpp"
#include "common/rounds.hpp"

namespace workloads::triangles {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app({.program = "buddy-triangles",
                   .description = "Triangle counting in an undirected graph: for every two "
                                  "neighbours of a vertex, the owner "
                                  "of "
                                  "one of them is asked whether they are joined.\n"
                                  "The answer is checked against a serial count in every run.",
                   .examples =
                       "Examples: mpirun -n 2 buddy-triangles --scale 15\n"
                       "          mpirun -n 2 buddy-triangles --input web-NotreDame.txt.gz"});
  const Option input =
      add_matrix_options(app, options.matrix, {.values = Values::ignored, .square = true});
  add_count(app, {"--seed", "of the generated graph"}, options.matrix.generated.seed)
      .excludes(input);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::triangles
