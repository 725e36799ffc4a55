// Which matrix or graph a program works on: the options that those on matrices share.
#pragma once

#include <optional>
#include <string>

#include "common/command_line.hpp"
#include "common/details.hpp"
#include "common/kronecker.hpp"
#include "common/matrix_source.hpp"

namespace workloads {

struct MatrixOptions {
  std::optional<std::string> input;  ///< a file; none: generate
  KroneckerOptions generated;        ///< what to generate
  Values values = Values::used;      ///< the program's
};

/// Adds --input, --scale, --edgefactor, and --field where values are used, to \p app; --seed is the
/// program's. \p options must outlive the parsing. Values that are ignored are not generated
/// either. \return the option --input, which excludes those that describe a generated graph
Option add_matrix_options(CommandLine& app, MatrixOptions& options, Values values);

/// Where the matrix comes from and its size, as the input's entries of a result's details.
void describe_input(const MatrixOptions& options, const MatrixHeader& header, Details& details);

}  // namespace workloads
