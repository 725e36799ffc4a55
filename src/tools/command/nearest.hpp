// What a mistyped word was meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace buddy::tools {

/// Letters to add, leave out, replace or swap with their neighbour until \p a is \p b.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the fewest slips, the first of several; empty if even that one takes more
/// than a third of its letters.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// \p otherwise, or "did you mean 'X'?" if there is a near one.
std::string advice(std::string_view word, std::span<const std::string> candidates,
                   std::string_view otherwise);

/// Why \p word is none of \p names, of which there are at least two: "there is no fabric 'ucxx'
/// (shm and ucx exist) did you mean 'ucx'?"; empty if it is one. \param kind what they are
std::string check_choice(std::string_view kind, std::string_view word,
                         std::span<const std::string> names);

}  // namespace buddy::tools
