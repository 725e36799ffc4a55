// Which matrix or graph a program works on: the options that those on matrices share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/command_line.hpp"
#include "common/details.hpp"
#include "common/generated_graph.hpp"
#include "common/matrix_source.hpp"

namespace workloads {

/// What a program can work on.
struct MatrixLimits {
  Values values = Values::used;
  bool square = false;  ///< as a graph's matrix is
  std::uint64_t most_rows = max_rows;
};

struct MatrixOptions {
  std::optional<std::string> input;  ///< a file; none: generate
  GeneratedGraph generated;          ///< what to generate
  MatrixLimits limits{};             ///< the program's
};

/// Adds --input, --graph, --scale, --edgefactor, and --field where values are used, to \p app;
/// --seed is the program's. \p options must outlive the parsing. Values that are ignored, and
/// weights, are not generated. Where options are only checked, the beginning of the file is, too.
/// \return the option
/// --input, which excludes those that describe a generated graph
Option add_matrix_options(CommandLine& app, MatrixOptions& options, const MatrixLimits& limits);

/// Why a matrix of this size is beyond the limits of \p options; empty if it is not.
std::string why_unusable(const MatrixOptions& options, const MatrixHeader& header);

/// Where the matrix comes from and its size, as the input's entries of a result's details.
void describe_input(const MatrixOptions& options, const MatrixHeader& header, Details& details);

}  // namespace workloads
