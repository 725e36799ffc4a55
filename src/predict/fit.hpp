// Finding the coefficients that explain a sweep best.
#pragma once

#include "predict/physical_model.hpp"
#include "predict/sweep.hpp"

namespace buddy::predict {

/// Speedup that the model predicts for a point.
double predicted_speedup(const SweepPoint& point, const EngineDescription& engine,
                         const Coefficients& coefficients);

/// Coefficients with the least sum of absolute logarithmic errors of the speedup, each drawn
/// towards its plain value so that what a sweep says nothing about stays there. Deterministic:
/// pattern search (Hooke and Jeeves, JACM 8, 1961) from the plain values.
Coefficients fit(const Sweep& sweep, const EngineDescription& engine);

}  // namespace buddy::predict
