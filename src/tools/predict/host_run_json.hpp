// A profile as the models want it.
#pragma once

#include "base/status.hpp"
#include "measure/verdict.hpp"
#include "predict/host_run.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// The run described by a document of schema buddy.profile.v1.
/// Errors: invalid_argument for another schema or placement, corrupt for what is missing, of
/// another type or outside its range (docs/formats/profile_json.md).
Result<predict::HostRun> host_run_of(const Json& profile);

/// What speaks against predicting from \p profile: its ranks had not their CPUs, or it is too
/// short. \pre host_run_of() has read it
measure::Doubts doubts_about(const Json& profile);

/// The run itself as JSON, and back, for documents that hold many.
Json to_json(const predict::HostRun& run);
/// Errors: corrupt, with what is wrong as its whole message.
Result<predict::HostRun> host_run_from_json(const Json& json);

}  // namespace buddy::tools
