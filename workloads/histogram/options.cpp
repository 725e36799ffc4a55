#include "histogram/options.hpp"

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/rounds.hpp"

namespace workloads::histogram {

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-histogram",
       .description =
           "Distributed histogram: every rank increments random entries of a table spread over all "
           "ranks.\nThe answer is checked against an independent computation in every run.",
       .examples = "Example: mpirun -n 2 buddy-histogram --updates 16M --table 2^20 --payload 8"});
  constexpr std::uint64_t most = std::uint64_t{1} << 40;
  add_count(app, {"--updates", "increments sent by each rank", 0, most}, options.updates);
  add_count(app, {"--table", "table entries on each rank", 1, most}, options.table);
  add_bytes(app, {"--payload", "bytes of an increment", 8, 1 << 20}, options.payload_bytes);
  add_count(app, {"--seed", "of the random entries"}, options.seed);
  add_method(app, options.method);
  app.add_switch_off("--no-prefetch", "do not prefetch table entries", options.prefetch);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::histogram
