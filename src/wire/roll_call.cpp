#include "wire/roll_call.hpp"

#include <cstring>

namespace buddy::wire {

std::vector<std::byte> encode_roll_answer(const RollAnswer& answer) {
  const std::size_t bytes = answer.places.size() * sizeof(RankPlace);
  std::vector<std::byte> body(sizeof(RollAnswerHeader) + bytes);
  store(body.data(),
        RollAnswerHeader{answer.rank, static_cast<std::uint32_t>(answer.places.size())});
  if (bytes != 0) std::memcpy(body.data() + sizeof(RollAnswerHeader), answer.places.data(), bytes);
  return body;
}

std::optional<RollAnswer> decode_roll_answer(std::span<const std::byte> body) {
  if (body.size() < sizeof(RollAnswerHeader)) return std::nullopt;
  const auto header = load<RollAnswerHeader>(body.data());
  const std::size_t bytes = body.size() - sizeof(RollAnswerHeader);
  if (bytes != std::size_t{header.count} * sizeof(RankPlace)) return std::nullopt;
  RollAnswer answer{header.rank, std::vector<RankPlace>(header.count)};
  if (bytes != 0) std::memcpy(answer.places.data(), body.data() + sizeof(RollAnswerHeader), bytes);
  for (const RankPlace& place : answer.places) {
    if (place.where >= where_count) return std::nullopt;
  }
  return answer;
}

}  // namespace buddy::wire
