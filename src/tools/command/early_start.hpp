// What has to happen in the command before its libraries are initialised.
#pragma once

namespace buddy::tools {

/// Before any library is initialised, descriptors 0 to 2 have been filled and the signals that ask
/// a program to stop have been blocked: UCX catches one of them for a moment, and a job would run
/// on. This gives UCX's back and lets those in that have come meanwhile, which then end the command
/// as they would have done. First thing in main().
void finish_early_start() noexcept;

/// Whether the command was started without a stdout.
bool stdout_was_closed() noexcept;

}  // namespace buddy::tools
