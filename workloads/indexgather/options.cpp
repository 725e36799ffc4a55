#include "indexgather/options.hpp"

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/matrix_source.hpp"
#include "common/rounds.hpp"

namespace workloads::indexgather {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-indexgather",
       .description =
           "Index gather: every rank fetches random entries of a table spread over all ranks, by a "
           "request and a reply each.\n"
           "The answer is checked against the table's formula in every run.",
       .examples = "Example: mpirun -n 2 buddy-indexgather --requests 16M --table 2^20"});
  constexpr std::uint64_t most = std::uint64_t{1} << 36U;
  add_count(app, {"--requests", "entries fetched by all ranks together", 0, most},
            options.requests);
  add_count(app, {"--table", "entries of the whole table", 1, max_rows}, options.table);
  add_count(app, {"--seed", "of the random entries"}, options.seed);
  add_method(app, options.method);
  app.add_switch_off("--no-prefetch", "do not prefetch table entries", options.prefetch);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::indexgather
