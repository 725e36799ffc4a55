#include "sssp/options.hpp"

#include <fmt/core.h>

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/replicate.hpp"
#include "common/rounds.hpp"

namespace workloads::sssp {
namespace {

void add_source(CommandLine& app, std::optional<std::uint64_t>& source) {
  const auto set = [&source](const std::string& text) -> std::string {
    source = parse_count(text);
    if (source) return {};
    return fmt::format("'{}' is no vertex (they are numbered from 0) give a number", text);
  };
  app.add({"--source", "COUNT",
           "vertex that paths begin at, from 0 (default: the first that an edge leaves)"},
          set);
}

/// Whether a file must have weights depends on it.
void add_weights(CommandLine& app, Options& options) {
  app.add({"--weights", "NAME",
           "lengths of the edges: file (default with --input), or random: uniform in (0, 1], in "
           "steps of 2^-20, by --seed"},
          [&options](const std::string& text) -> std::string {
            if (text != "file" && text != "random") {
              return fmt::format("'{}' is unknown (choices: file, random) {}", text,
                                 advice(text, {"file", "random"}, "use one of them"));
            }
            options.weights = text == "file" ? Weights::file : Weights::random;
            if (options.weights == Weights::random) options.matrix.limits.values = Values::ignored;
            return {};
          });
  app.add_check([&options]() -> std::string {
    if (options.weights == Weights::file && !options.matrix.input) {
      return "--weights file needs --input (a generated graph has random ones) leave it out, or "
             "name a file";
    }
    if (!options.random_weights() && options.matrix.generated.seed != 1) {
      return "--seed changes nothing (graph and weights are those of the file) leave it out, or "
             "add --weights random";
    }
    return {};
  });
}

}  // namespace

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-sssp",
       .description =
           "Shortest paths from one vertex of a directed graph, by Bellman and Ford: whenever a "
           "vertex comes nearer, each of its edges is a message to the owner of the far end.\n"
           "Every distance is checked on every edge in every run, and small graphs by Dijkstra's "
           "algorithm, too.",
       .examples =
           "Examples: mpirun -n 2 buddy-sssp --graph flat --edgefactor 10\n"
           "          mpirun -n 2 buddy-sssp --input web-NotreDame.txt.gz --weights random"});
  add_matrix_options(app, options.matrix,
                     {.values = Values::weights, .square = true, .most_rows = most_replicated});
  add_weights(app, options);
  add_source(app, options.source);
  add_count(app, {"--seed", "of the generated graph and of random weights"},
            options.matrix.generated.seed);
  add_choice<Method>(
      app, "--method",
      {{"rounds", Method::rounds}, {"cascade", Method::cascade}, {"alltoallv", Method::alltoallv}},
      "rounds: vertices that came nearer in a round send in the next one; cascade: "
      "handlers send at once; alltoallv: rounds, by MPI alone",
      options.method);
  add_rounds(app, options.rounds);
  add_work(app, options.work);
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::sssp
