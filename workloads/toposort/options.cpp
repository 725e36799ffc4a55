#include "toposort/options.hpp"

#include "common/count.hpp"
#include "common/replicate.hpp"
#include "common/rounds.hpp"

namespace workloads::toposort {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-toposort",
       .description =
           "Topological sort: an upper triangular matrix whose rows and columns were shuffled is "
           "made "
           "upper triangular again, by messages that cause messages until none is left.\n"
           "The matrix is the upper half of a graph's, with a full diagonal. The answer is checked "
           "against the matrix in every run.",
       .examples = "Examples: mpirun -n 2 buddy-toposort --scale 19\n"
                   "          mpirun -n 2 buddy-toposort --input web-NotreDame.txt.gz"});
  add_matrix_options(app, options.matrix,
                     {.values = Values::ignored, .square = true, .most_rows = most_replicated});
  add_count(app, {"--seed", "of the generated graph and of the shuffling"},
            options.matrix.generated.seed);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::toposort
