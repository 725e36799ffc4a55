// Slips of the pen on the command line of a workload, named before the line is parsed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace workloads {

/// An option of a program, as far as a slip can be about it.
struct KnownOption {
  std::string name;                     ///< "--updates"
  std::string type{};                   ///< of its value, as in "COUNT"; empty: it takes none
  std::vector<std::string> excludes{};  ///< names of options that it is wrong to give as well
};

/// What is wrong with \p words, the arguments of a program with the options \p known: "problem
/// (why) what to do". Empty if nothing is, values aside. \param path of the program, whose help is
/// named
std::string find_slip(const std::vector<std::string>& words, const std::vector<KnownOption>& known,
                      std::string_view path);

/// "did you mean 'X'?" if there is a near candidate, else \p otherwise.
std::string advice(std::string_view word, const std::vector<std::string>& candidates,
                   std::string_view otherwise);

}  // namespace workloads
