#include "common/matrix_input.hpp"

#include <algorithm>
#include <string>

#include "common/flat_graph.hpp"
#include "common/input_error.hpp"
#include "common/kronecker.hpp"

namespace workloads {
namespace {

Input open_file(const MatrixOptions& options, MPI_Comm comm) {
  Input input;
  std::string problem;
  if (comm_rank(comm) == 0) {
    try {
      input.source = open_matrix_file(*options.input, options.limits.values);
      input.header = input.source->header();
      problem = why_unusable(options, input.header);
    } catch (const InputError& error) {
      problem = error.what();
    }
  }
  agree(comm, problem);
  MPI_Bcast(&input.header, sizeof input.header, MPI_BYTE, 0, comm);
  return input;
}

Input generate(const GeneratedGraph& options, MPI_Comm comm) {
  const auto rank = static_cast<std::uint64_t>(comm_rank(comm));
  const auto ranks = static_cast<std::uint64_t>(comm_size(comm));
  const std::uint64_t edges = options.edges();
  const auto begin_of = [&](std::uint64_t r) {
    return edges / ranks * r + std::min(r, edges % ranks);
  };
  Input input;
  const std::uint64_t begin = begin_of(rank);
  const std::uint64_t end = begin_of(rank + 1);
  if (options.shape == GraphShape::flat) {
    input.source = std::make_unique<FlatSource>(options, begin, end);
  } else {
    input.source = std::make_unique<KroneckerSource>(options, begin, end);
  }
  input.header = input.source->header();
  return input;
}

}  // namespace

Input open_input(const MatrixOptions& options, MPI_Comm comm) {
  return options.input ? open_file(options, comm) : generate(options.generated, comm);
}

Input open_square_input(const MatrixOptions& options, MPI_Comm comm) {
  MatrixOptions square = options;
  square.limits.square = true;
  return open_input(square, comm);
}

bool read_some(Input& input, std::vector<Nonzero>& nonzeros, MPI_Comm comm) {
  enum State : int { at_end, reading, failed };
  std::size_t count = 0;
  std::string problem;
  try {
    if (input.source) count = input.source->read(nonzeros);
  } catch (const InputError& error) {
    problem = error.what();
  }
  int state = !problem.empty() ? failed : count > 0 ? reading : at_end;
  MPI_Allreduce(MPI_IN_PLACE, &state, 1, MPI_INT, MPI_MAX, comm);
  if (state == failed) agree(comm, problem);  // only rank 0 reads what can fail
  nonzeros.resize(count);
  return state == reading;
}

}  // namespace workloads
