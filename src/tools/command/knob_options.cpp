#include "tools/command/knob_options.hpp"

#include <fmt/core.h>

#include <limits>

#include "tools/command/sizes.hpp"

namespace buddy::tools {

void add_knob_options(Parser app, launch::JobOptions& options) {
  const auto take_block = [&options](const std::string& text) -> std::string {
    const auto bytes = parse_bytes(text);
    if (!bytes || *bytes == 0 || *bytes > std::numeric_limits<std::uint32_t>::max()) {
      return fmt::format("'{}' is no size of a block write it like 32K or 65536", text);
    }
    options.block_bytes = static_cast<std::uint32_t>(*bytes);
    return {};
  };
  app.add_option("--block", take_block,
                 "bytes of a block, which messages are collected in: a power of two, 4K to 1M "
                 "(default: 32K; 16K for more than 256 engines)")
      .type_name("BYTES");
  app.add_option("--ring", options.ring_blocks,
                 "blocks that a ring holds, which are under way: a power of two, 4 to 4096 "
                 "(default: what fits in 512K, in 256K on an emulated DPU, less for more than 16 "
                 "engines)")
      .type_name("BLOCKS");
  app.add_option("--hold", options.hold_us,
                 "microseconds for which an engine holds a block that is not full, for more "
                 "messages, up to 1000000 (default: 0)")
      .type_name("US");
}

}  // namespace buddy::tools
