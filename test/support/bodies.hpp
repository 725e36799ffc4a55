// Random bodies of runs, and what is in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "support/seeds.hpp"
#include "wire/block_builder.hpp"
#include "wire/run.hpp"

namespace buddy::test {

using Bytes = std::vector<std::byte>;

/// One message as a test sees it.
struct Letter {
  std::uint32_t dest = 0;
  std::uint32_t handler = 0;
  bool is_fixed = false;
  Bytes payload;
  friend bool operator==(const Letter&, const Letter&) = default;
};

inline Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.bits());
  return bytes;
}

/// A builder with its memory, which ends where the slack does.
class Block {
 public:
  Block(std::size_t body_bytes, wire::Form form)
      : memory_(body_bytes + wire::BlockBuilder::slack_bytes) {
    builder_.attach(memory_, form);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  wire::BlockBuilder& operator*() noexcept { return builder_; }
  wire::BlockBuilder* operator->() noexcept { return &builder_; }

 private:
  Bytes memory_;
  wire::BlockBuilder builder_;
};

/// Appends as the hot path does. \return false if the block is full
inline bool append(wire::BlockBuilder& builder, const Letter& letter) {
  const auto bytes = static_cast<std::uint32_t>(letter.payload.size());
  if (!letter.is_fixed) {
    return builder.append_variable(letter.handler, {letter.dest, letter.payload});
  }
  const bool routed = builder.form() == wire::Form::routed;
  const std::size_t stride = wire::item_stride(bytes, builder.form());
  const std::uint64_t key = wire::BlockBuilder::key(letter.handler, bytes);
  std::byte* item = builder.try_extend(key, stride);
  if (item == nullptr) {
    if (!builder.open_run(letter.handler, bytes, stride)) return false;
    item = builder.try_extend(key, stride);
  }
  if (routed) wire::store(item, letter.dest);
  if (bytes != 0) std::memcpy(item + (routed ? 4 : 0), letter.payload.data(), bytes);
  return true;
}

/// Reads a sound body.
inline std::vector<Letter> read_letters(std::span<const std::byte> body, wire::Form form) {
  std::vector<Letter> letters;
  wire::RunReader reader(body, form);
  wire::Run run;
  while (reader.next(run) == wire::RunReader::Next::run) {
    const wire::RunHeader& header = run.header;
    const bool is_fixed = header.item_bytes != wire::variable_items;
    wire::ItemReader items(run, form);
    for (std::uint32_t i = 0; i < header.count; ++i) {
      wire::Item item;
      if (is_fixed) {
        const std::byte* at =
            run.items + std::size_t{i} * wire::item_stride(header.item_bytes, form);
        const std::size_t skip = form == wire::Form::routed ? 4 : 0;
        item.dest = form == wire::Form::routed ? wire::load<std::uint32_t>(at) : 0;
        item.payload = {at + skip, header.item_bytes};
      } else if (!items.next(item)) {
        return {};
      }
      letters.push_back(
          {item.dest, header.handler, is_fixed, Bytes(item.payload.begin(), item.payload.end())});
    }
  }
  return letters;
}

/// Mostly runs of equal kind, as programs send them.
class LetterSource {
 public:
  LetterSource(Random& random, std::uint32_t ranks, std::uint32_t most_bytes)
      : random_(random), ranks_(ranks), most_bytes_(most_bytes) {}

  Letter next() {
    if (random_.one_in(12)) {
      static constexpr std::uint32_t common[] = {0, 1, 4, 8, 12, 16, 20, 24, 32, 64};  // NOLINT
      handler_ = random_.below(4);
      is_fixed_ = !random_.one_in(3);
      bytes_ = random_.one_in(3) ? random_.below(most_bytes_ + 1)
                                 : std::min(most_bytes_, common[random_.below(10)]);
    }
    const std::uint32_t bytes = is_fixed_ ? bytes_ : random_.below(most_bytes_ + 1);
    return {random_.below(ranks_), handler_, is_fixed_, random_bytes(random_, bytes)};
  }

 private:
  Random& random_;
  std::uint32_t ranks_;
  std::uint32_t most_bytes_;
  std::uint32_t handler_ = 0;
  bool is_fixed_ = true;
  std::uint32_t bytes_ = 8;
};

/// Breaks a body: bytes flipped, fields set to edge values, or cut short.
inline void mutate(Bytes& body, Random& random) {
  if (body.empty()) return;
  for (std::uint32_t edits = 1 + random.below(4); edits > 0 && !body.empty(); --edits) {
    const std::size_t at = random.below(body.size());
    switch (random.below(4)) {
      case 0: body[at] ^= static_cast<std::byte>(1u << random.below(8)); break;
      case 1: body[at] = static_cast<std::byte>(random.bits()); break;
      case 2: {
        static constexpr std::uint32_t edges[] = {0, 1, 0x7fffffff, 0xfffffffe,
                                                  0xffffffff};  // NOLINT
        const std::uint32_t value = edges[random.below(5)] + random.below(3);
        const std::size_t word = at / 4 * 4;
        std::memcpy(body.data() + word, &value, std::min<std::size_t>(4, body.size() - word));
        break;
      }
      default: body.resize(at);
    }
  }
}

}  // namespace buddy::test
