// Checksum of a matrix that does not depend on the order of its nonzeros.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>

#include "common/matrix.hpp"
#include "common/random.hpp"

namespace workloads {

inline std::uint64_t hash_value(NoValue) noexcept { return 0; }
inline std::uint64_t hash_value(double value) noexcept {
  return mix64(std::bit_cast<std::uint64_t>(value) + 1);
}
inline std::uint64_t hash_value(const std::complex<double>& value) noexcept {
  return mix64(hash_value(value.real()) + 2 * hash_value(value.imag()));
}

/// The checksum of a matrix is the sum of this over its nonzeros, modulo 2^64: repeated nonzeros
/// count as often as they occur.
template <class Value>
std::uint64_t hash_nonzero(std::uint64_t row, std::uint64_t column, const Value& value) noexcept {
  // The offset keeps place (0, 0) without a value from counting nothing: mix64(0) is 0.
  constexpr std::uint64_t offset = 0x9e3779b97f4a7c15U;
  return mix64(mix64((row << 32 | column) + offset) + hash_value(value));
}

/// Of this rank's block, as it is or with rows and columns swapped.
template <class Value>
std::uint64_t checksum(const DistributedMatrix<Value>& matrix, bool swapped) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < matrix.local.rows(); ++i) {
    const std::uint64_t row = matrix.first_row + i;
    for (const Cell<Value>& cell : matrix.local.row(i)) {
      sum += swapped ? hash_nonzero(cell.column, row, cell.value)
                     : hash_nonzero(row, cell.column, cell.value);
    }
  }
  return sum;
}

}  // namespace workloads
