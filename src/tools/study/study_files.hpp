// The files that show a study: its record with all figures, the same as text, and as a page.
#pragma once

#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "tools/report/json_fwd.hpp"
#include "tools/study/study_folder.hpp"

namespace buddy::tools {

/// What to do where a study cannot be written.
inline constexpr std::string_view study_advice =
    "make room for it, then type the same command again: what is done is kept";

/// docs/formats/study_json.md: the record, the steps and their state, and all figures of the steps
/// that are done.
Json study_document(const StudyFolder& folder, const StudyRecord& record,
                    const std::vector<StudyStep>& steps);

/// Writes study.json, study.md and study.html; the latter only if this buddy has pages.
/// Errors: system; each file is the old one then, or the new one.
Status write_study_files(const StudyFolder& folder, const StudyRecord& record,
                         const std::vector<StudyStep>& steps);

}  // namespace buddy::tools
