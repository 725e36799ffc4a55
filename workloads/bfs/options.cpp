#include "bfs/options.hpp"

#include "common/count.hpp"
#include "common/replicate.hpp"
#include "common/rounds.hpp"

namespace workloads::bfs {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-bfs",
       .description =
           "Breadth-first search of an undirected graph: every edge of a level is a message to the "
           "owner of its far end.\n"
           "Every tree is checked by the rules of the Graph500 benchmark in every run.",
       .examples = "Examples: mpirun -n 2 buddy-bfs --scale 18 --roots 8\n"
                   "          mpirun -n 2 buddy-bfs --input web-NotreDame.txt.gz"});
  add_matrix_options(app, options.matrix,
                     {.values = Values::ignored, .square = true, .most_rows = most_replicated});
  add_count(app, {"--roots", "searches, from random vertices that have edges", 1, 1 << 16},
            options.roots);
  add_count(app, {"--seed", "of the generated graph and of the roots"},
            options.matrix.generated.seed);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::bfs
