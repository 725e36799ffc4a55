// Options for the sizes of blocks and rings, and for how long blocks are held.
#pragma once

#include "launch/job_plan.hpp"
#include "tools/command/parser.hpp"

namespace buddy::tools {

/// Adds --block, --ring and --hold.
void add_knob_options(Parser app, launch::JobOptions& options);

}  // namespace buddy::tools
