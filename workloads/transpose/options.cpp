#include "transpose/options.hpp"

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/rounds.hpp"

namespace workloads::transpose {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-transpose",
       .description =
           "Distributed sparse-matrix transpose: every nonzero is sent to the owner of its new "
           "row.\n"
           "The answer is checked by transposing back and by a checksum of the input in every run.",
       .examples = "Examples: mpirun -n 2 buddy-transpose --input web-NotreDame.txt.gz\n"
                   "          mpirun -n 2 buddy-transpose --scale 19"});
  const Option input = add_matrix_options(app, options.matrix, {});
  add_count(app, {"--seed", "of the generated graph"}, options.matrix.generated.seed)
      .excludes(input);
  add_method(app, options.method);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::transpose
