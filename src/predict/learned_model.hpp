// What the physical model leaves over, learned from features of the profile.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "predict/fit.hpp"

namespace buddy::predict {

inline constexpr std::size_t feature_count = 10;
/// Logarithms are natural ones.
inline constexpr std::array<std::string_view, feature_count> feature_names = {
    "application_share",    ///< of the ranks' CPU time
    "handlers_share",       ///< likewise
    "buddy_share",          ///< likewise
    "engine_share",         ///< likewise
    "network_share",        ///< likewise
    "partial_share",        ///< of the ranks' blocks
    "idle_share",           ///< of the run
    "log_own_per_message",  ///< CPU time of application and handlers per message, seconds
    "log_bytes_per_message",
    "log_predicted"};  ///< speedup by the physical model

/// Regression by support vectors on the logarithm of measured / predicted speedup, with a radial
/// kernel. Source: Drucker and others, Support Vector Regression Machines, NIPS 9, 1997; the
/// library is libsvm (Chang and Lin, ACM TIST 2, 2011). Nothing is tuned: cost 1 and gamma
/// 1 / feature_count are the library's defaults, and errors below 2 % count as none, because
/// measurements repeat no better.
/// Threads: const members from any.
class LearnedModel {
 public:
  /// \return nothing if the library is not there, or the sweep has fewer than ten points
  static std::optional<LearnedModel> fit(const Sweep& sweep, const EngineDescription& engine,
                                         const Coefficients& coefficients);
  /// Factor on the predicted speedup of the point's run.
  double correction(const SweepPoint& point, const EngineDescription& engine,
                    const Coefficients& coefficients) const;
  /// "libsvm 3.24"; empty if Buddy was built without it.
  static std::string library();

 private:
  struct Fitted;
  explicit LearnedModel(std::shared_ptr<const Fitted> fitted) : fitted_(std::move(fitted)) {}
  std::shared_ptr<const Fitted> fitted_;
};

}  // namespace buddy::predict
