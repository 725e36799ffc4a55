#include "permute/options.hpp"

#include "common/count.hpp"
#include "common/rounds.hpp"

namespace workloads::permute {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-permute",
       .description =
           "Random permutation of a sparse matrix's rows and columns: every nonzero is sent to the "
           "owner "
           "of its column for the new one, and from there to the owner of its new row.\n"
           "The answer is checked by permuting back and by a checksum of the input in every run.",
       .examples = "Examples: mpirun -n 2 buddy-permute --input bcsstk13.mtx.gz\n"
                   "          mpirun -n 2 buddy-permute --scale 19"});
  add_matrix_options(app, options.matrix, {});
  add_count(app, {"--seed", "of the generated graph and of the permutations"},
            options.matrix.generated.seed);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::permute
