#include "predict/learned_model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#ifdef BUDDY_HAS_LIBSVM
#include <libsvm/svm.h>
#endif

namespace buddy::predict {

#ifdef BUDDY_HAS_LIBSVM
namespace {

using Features = std::array<double, feature_count>;

constexpr std::size_t least_points = 10;
constexpr double insensitive = 0.02;

double log_per(double amount, double messages) {
  constexpr double least = 1e-12;  // of a run without messages, or without own work
  return std::log(std::max(least, amount / std::max(1.0, messages)));
}

Features features_of(const SweepPoint& point, double predicted) {
  const HostRun& run = point.run;
  const RankWork all = run.total();
  const double cpu = std::max(1e-12, all.sum());
  return {all.application / cpu,
          all.handlers / cpu,
          all.buddy / cpu,
          all.engine / cpu,
          all.network / cpu,
          run.blocks > 0 ? std::min(1.0, run.partial_blocks / run.blocks) : 0.0,
          run.idle_seconds() / run.seconds,
          log_per(all.application + all.handlers, run.messages),
          log_per(run.payload_bytes, run.messages),
          std::log(predicted)};
}

/// A vector as the library wants it.
using Nodes = std::array<svm_node, feature_count + 1>;

struct Destroy {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};

svm_parameter parameters() {
  svm_parameter with{};
  with.svm_type = EPSILON_SVR;
  with.kernel_type = RBF;
  with.gamma = 1.0 / feature_count;
  with.C = 1;
  with.p = insensitive;
  with.eps = 1e-4;
  with.cache_size = 4;
  with.shrinking = 1;
  return with;
}

}  // namespace

struct LearnedModel::Fitted {
  Features mean{};
  Features deviation{};
  std::vector<Nodes> vectors;  ///< the model points into them
  std::unique_ptr<svm_model, Destroy> model;

  /// Each feature on a scale of its own.
  Nodes nodes_of(const Features& features) const {
    Nodes nodes{};
    for (std::size_t i = 0; i < feature_count; ++i) {
      nodes[i] = {static_cast<int>(i + 1), (features[i] - mean[i]) / deviation[i]};
    }
    nodes.back().index = -1;
    return nodes;
  }
  void scale_by(const std::vector<Features>& all) {
    const auto count = static_cast<double>(all.size());
    for (std::size_t i = 0; i < feature_count; ++i) {
      for (const Features& one : all) mean[i] += one[i] / count;
      double squares = 0;
      for (const Features& one : all) squares += (one[i] - mean[i]) * (one[i] - mean[i]) / count;
      deviation[i] = squares > 1e-18 ? std::sqrt(squares) : 1.0;
    }
  }
};

std::optional<LearnedModel> LearnedModel::fit(const Sweep& sweep, const EngineDescription& engine,
                                              const Coefficients& coefficients) {
  if (sweep.size() < least_points) return std::nullopt;
  auto fitted = std::make_shared<Fitted>();
  std::vector<Features> all;
  std::vector<double> left_over;
  for (const SweepPoint& point : sweep) {
    const double predicted = predicted_speedup(point, engine, coefficients);
    all.push_back(features_of(point, predicted));
    left_over.push_back(std::log(point.speedup / predicted));
  }
  fitted->scale_by(all);
  for (const Features& one : all) fitted->vectors.push_back(fitted->nodes_of(one));
  std::vector<svm_node*> rows;
  for (Nodes& nodes : fitted->vectors) rows.push_back(nodes.data());
  const svm_problem problem{static_cast<int>(rows.size()), left_over.data(), rows.data()};
  const svm_parameter with = parameters();
  svm_set_print_string_function([](const char*) {});
  fitted->model.reset(svm_train(&problem, &with));
  return LearnedModel(std::move(fitted));
}

double LearnedModel::correction(const SweepPoint& point, const EngineDescription& engine,
                                const Coefficients& coefficients) const {
  const double predicted = predicted_speedup(point, engine, coefficients);
  const Nodes nodes = fitted_->nodes_of(features_of(point, predicted));
  return std::exp(svm_predict(fitted_->model.get(), nodes.data()));
}

std::string LearnedModel::library() {
  return "libsvm " + std::to_string(LIBSVM_VERSION / 100) + "." +
         std::to_string(LIBSVM_VERSION % 100);
}

#else

struct LearnedModel::Fitted {};

std::optional<LearnedModel> LearnedModel::fit(const Sweep&, const EngineDescription&,
                                              const Coefficients&) {
  return std::nullopt;
}

double LearnedModel::correction(const SweepPoint&, const EngineDescription&,
                                const Coefficients&) const {
  return 1;
}

std::string LearnedModel::library() { return {}; }

#endif

}  // namespace buddy::predict
