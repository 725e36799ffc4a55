// Reports as pages: what --html writes.
#pragma once

#include <string>
#include <string_view>

#include "base/status.hpp"
#include "tools/report/json_fwd.hpp"

namespace buddy::tools {

/// \p document as it stands in a page: JSON that holds no character which could end the element
/// around it, or a line of JavaScript. Bytes that are not UTF-8 (a command line may have some)
/// become U+FFFD.
std::string embedded(const Json& document);

/// Fails early if no page can be written to \p path: this buddy has none, or the file cannot be
/// opened.
Status check_html(const std::string& path);

/// Writes one self-contained page that shows \p document, which has one of the schemas of
/// docs/formats.
/// \param advice what to do where it cannot be written
/// Errors: as of check_html(), and what goes wrong while writing.
Status write_html(const Json& document, const std::string& path,
                  std::string_view advice = "choose another file after --html");

}  // namespace buddy::tools
