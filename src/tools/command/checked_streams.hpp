// stdout and stderr of the command: what does not get through is noticed, once, at the end.
#pragma once

namespace buddy::tools {

/// Puts streams in the place of stdout and stderr on which printing never fails: the first problem
/// with stdout is kept for finish_streams(), and what stderr does not take is lost. Without it a
/// full disk ends the command in the middle, since libraries throw or forget.
/// \param stdout_was_closed when the command started: nothing gets through then
void watch_streams(bool stdout_was_closed);

/// What went wrong with stdout up to now, everything printed being on its way: an errno, or 0.
int stdout_problem() noexcept;

/// Says on stderr that not everything could be printed. \return 1 then, unless \p exit_code is
/// another error already
int finish_streams(int exit_code);

}  // namespace buddy::tools
