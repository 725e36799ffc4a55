// The page that reports are shown in; made from web/ when Buddy is built.
#pragma once

#include <span>
#include <string_view>

namespace buddy::tools {

/// HTML around a report, in pieces that follow each other; both are empty if Buddy was built
/// without pages.
struct PageTemplate {
  std::span<const std::string_view> before;
  std::span<const std::string_view> after;
};

PageTemplate page_template();

}  // namespace buddy::tools
