// The document of `buddy bench model`: schema "buddy.model.v1".
#pragma once

#include <string>
#include <vector>

#include "predict/evaluation.hpp"
#include "tools/calibrate/calibration.hpp"
#include "tools/predict/model_run.hpp"
#include "tools/report/json_fwd.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {

inline constexpr const char* model_schema = "buddy.model.v1";

/// A sweep with the machine it was measured on, and models fitted on all of it.
struct Model {
  JsonValue machine = JsonValue::object();
  /// Of that machine: {ring_ns_per_byte, wake_us}; empty if it was not calibrated.
  JsonValue calibration = JsonValue::object();
  std::vector<ModelPoint> points;
  predict::FittedModels fitted;
  predict::Evaluation unseen;             ///< how the models predict what they were not fitted on
  std::vector<MissingProgram> missing{};  ///< of the sweep, and outside

  /// A report of another version says that programs are missing, and not which.
  bool stopped = false;

  bool partial() const { return stopped || !missing.empty(); }
};

/// Fits the models on the points, and judges them.
void fit_and_judge(Model& model);

/// CPU model and topology, of a document's machine.
std::string machine_words(const Json& machine);

/// Everything: points, fitted models, and how they predict what they have not seen.
/// docs/formats/model_json.md
Json model_report(const Model& model, const std::vector<std::string>& command);

/// Reads the points back and fits again. Errors: invalid_argument for another schema, corrupt.
Result<Model> read_model(const Json& document);

/// Reads the file. Errors: invalid_argument if it cannot be read or is no JSON; those of
/// read_model.
Result<Model> load_model(const std::string& path);

/// The sweep that comes with this version, measured on the machine it names.
const Model& reference_model();

/// What a model keeps of a calibration.
Json calibration_figures(const Calibration& calibration);
/// This machine against the model's; 1 where either was not calibrated.
predict::MachineScale machine_scale(const Model& model, const Calibration& here);

/// Table of all points and the summary, for people.
std::string format_model(const Json& report);

}  // namespace buddy::tools
