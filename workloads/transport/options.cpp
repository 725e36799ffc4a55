#include "transport/options.hpp"

#include <fmt/core.h>

#include "common/choice.hpp"
#include "common/count.hpp"
#include "common/rounds.hpp"
#include "transport/mesh.hpp"

namespace workloads::transport {
namespace {

Option add_mesh(CommandLine& app, CellIndex& mesh) {
  const auto set = [&mesh](const std::string& text) -> std::string {
    const auto parsed = parse_mesh(text);
    if (!parsed) {
      return fmt::format(
          "'{}' is not a mesh (it needs one number or three, of 1 to 2^24 cells together) write it "
          "like 16 or 16x8x8",
          text);
    }
    mesh = *parsed;
    return {};
  };
  return app.add({"--mesh", "CELLS", "cells along x, y and z; one number for all", "8"}, set);
}

void add_sizes(CommandLine& app, Options& options) {
  constexpr std::uint64_t most = std::uint64_t{1} << 32;
  add_count(
      app, {"--particles", "population on all ranks together, kept by population control", 1, most},
      options.particles);
  add_mesh(app, options.mesh);
  add_count(app,
            {"--cube", "deal cubes of so many cells to the ranks in turns; 0: one box per rank", 0,
             most_cells},
            options.block);
  add_count(app, {"--cycles", "of source, population control and tracking", 1, 100'000},
            options.cycles);
}

std::string check_cubes(const Options& options) {
  if (options.block == 0) return {};
  const std::uint64_t domains =
      Decomposition::count_domains({options.mesh, {}}, static_cast<std::uint32_t>(options.block));
  if (domains <= Decomposition::most_domains) return {};
  return fmt::format("--cube: {} cubes are too many (at most {}) make them larger", domains,
                     Decomposition::most_domains);
}

}  // namespace

std::optional<CellIndex> parse_mesh(const std::string& text) {
  CellIndex mesh{};
  std::uint64_t cells = 1;
  std::size_t at = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::size_t end = std::min(text.find('x', at), text.size());
    const auto count = parse_count(text.substr(at, end - at));
    if (!count || *count < 1 || *count > most_cells) return std::nullopt;
    mesh[a] = static_cast<std::int32_t>(*count);
    cells *= *count;
    if (end == text.size()) {
      if (a == 1) return std::nullopt;
      if (a == 0) cells = *count * *count * *count;
      if (a == 0) mesh = {mesh[0], mesh[0], mesh[0]};
      return cells <= most_cells ? std::optional(mesh) : std::nullopt;
    }
    at = end + 1;
  }
  return std::nullopt;
}

std::optional<int> parse_options(int argc, char** argv, MPI_Comm comm, Options& options) {
  CommandLine app(
      {.program = "buddy-transport",
       .description = "Monte Carlo particle transport: particles fly through a mesh that is spread "
                      "over all ranks, "
                      "and\nbecome a message where they enter another rank's cells. The answer is "
                      "checked against "
                      "a\ncomputation without communication, and against theory, in every run.",
       .examples = "Examples: mpirun -n 2 buddy-transport --particles 1M --mesh 16 --work 8\n"
                   "          mpirun -n 4 buddy-transport --problem slab"});
  add_choice<Kind>(app, "--problem", {{"core", Kind::core}, {"slab", Kind::slab}},
                   "core: scattering, absorption, fission; slab: absorption alone", options.kind);
  add_sizes(app, options);
  add_count(app, {"--work", "nuclides: reads of 64 bytes from their tables per segment", 1, 4096},
            options.work);
  add_count(app, {"--grid", "lines of 64 bytes in the table of a nuclide", 2, 1 << 24},
            options.grid);
  add_count(app, {"--albedo", "of 100 particles at the outside so many are thrown back", 0, 100},
            options.albedo_percent);
  add_count(app, {"--batch", "particles that a rank follows between two polls", 1}, options.batch);
  add_count(app, {"--seed", "of everything random"}, options.seed);
  add_rounds(app, options.rounds);
  add_method(app, options.method);
  app.add_check([&options] { return check_cubes(options); });
  return app.parse(argc, argv, comm);
}

}  // namespace workloads::transport
