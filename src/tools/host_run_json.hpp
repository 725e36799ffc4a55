// A profile as the models want it.
#pragma once

#include "base/status.hpp"
#include "predict/host_run.hpp"
#include "tools/json.hpp"

namespace buddy::tools {

/// The run described by a document of schema buddy.profile.v1.
/// Errors: invalid_argument for another schema or placement, corrupt for what is missing, null or
/// of another type although the models need it.
Result<predict::HostRun> host_run_of(const Json& profile);

/// The run itself as JSON, and back, for documents that hold many.
Json to_json(const predict::HostRun& run);
/// Errors: corrupt.
Result<predict::HostRun> host_run_from_json(const Json& json);

}  // namespace buddy::tools
