// Between which factors of a prediction the truth lies.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "predict/accuracy.hpp"

namespace buddy::predict {

/// How far a prediction of an application was off that the model had not seen.
struct Miss {
  std::string application;
  double factor = 1;  ///< measured / predicted speedup
};

/// Part of all programs that an interval is to hold.
inline constexpr double interval_part = 0.9;

/// The narrowest interval between misses that holds nine in ten programs of an application that is
/// not among them. Programs of one application resemble each other, so each application weighs the
/// same, and as one more is asked about, (k + 1) / k of nine in ten have to be held of k
/// applications: with fewer than ten, all.
/// Source: split conformal prediction with pooled groups (Dunn, Wasserman, Ramdas:
/// Distribution-Free Prediction Sets for Two-Layer Hierarchical Models, JASA 118, 2023,
/// section 3.2). There the tails are equal; here both ends are drawn in where it costs least.
/// \return nothing of no misses
std::optional<Interval> interval_of(const std::vector<Miss>& misses);

}  // namespace buddy::predict
