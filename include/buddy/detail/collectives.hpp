// Definitions of Comm's reductions and broadcast.
#pragma once

#include <buddy/comm.hpp>
#include <buddy/serialize.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace buddy {
namespace detail {

/// MPI's name of an arithmetic type, or MPI_DATATYPE_NULL.
template <class T>
MPI_Datatype mpi_datatype() {
  if constexpr (std::is_same_v<T, float>) {
    return MPI_FLOAT;
  } else if constexpr (std::is_same_v<T, double>) {
    return MPI_DOUBLE;
  } else if constexpr (std::is_same_v<T, long double>) {
    return MPI_LONG_DOUBLE;
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    constexpr bool is_signed = std::is_signed_v<T>;
    if constexpr (sizeof(T) == 1) return is_signed ? MPI_INT8_T : MPI_UINT8_T;
    if constexpr (sizeof(T) == 2) return is_signed ? MPI_INT16_T : MPI_UINT16_T;
    if constexpr (sizeof(T) == 4) return is_signed ? MPI_INT32_T : MPI_UINT32_T;
    if constexpr (sizeof(T) == 8) return is_signed ? MPI_INT64_T : MPI_UINT64_T;
  }
  return MPI_DATATYPE_NULL;
}

}  // namespace detail

template <class T, class Op>
T Comm::all_reduce(const T& value, Op op) {
  if constexpr (!detail::sendable<T>) {
    static_cast<void>(detail::Refused<T>());
    std::terminate();
  } else {
    std::vector<std::byte> mine;
    OutputBytes archive(mine);
    put_value(archive, value);
    const auto all = all_gather(mine);
    const auto load = [](const std::vector<std::byte>& bytes) {
      InputBytes input(bytes);
      return take_value<T>(input);
    };
    std::optional<T> result(load(all.front()));  // T may have no assignment
    const detail::UserCode scope(user_code_);
    for (std::size_t i = 1; i < all.size(); ++i) {
      result.emplace(static_cast<T>(op(std::move(*result), load(all[i]))));
    }
    return std::move(*result);
  }
}

template <class T>
T Comm::all_reduce_sum(const T& value) {
  if (const MPI_Datatype type = detail::mpi_datatype<T>(); type != MPI_DATATYPE_NULL) {
    T result = value;
    all_reduce_in_place(&result, type, MPI_SUM);
    return result;
  }
  return all_reduce(value, [](const T& a, const T& b) { return static_cast<T>(a + b); });
}

template <class T>
T Comm::all_reduce_min(const T& value) {
  if (const MPI_Datatype type = detail::mpi_datatype<T>(); type != MPI_DATATYPE_NULL) {
    T result = value;
    all_reduce_in_place(&result, type, MPI_MIN);
    return result;
  }
  return all_reduce(value, [](const T& a, const T& b) { return b < a ? b : a; });
}

template <class T>
T Comm::all_reduce_max(const T& value) {
  if (const MPI_Datatype type = detail::mpi_datatype<T>(); type != MPI_DATATYPE_NULL) {
    T result = value;
    all_reduce_in_place(&result, type, MPI_MAX);
    return result;
  }
  return all_reduce(value, [](const T& a, const T& b) { return a < b ? b : a; });
}

template <class T>
void Comm::broadcast(T& value, int root) {
  if constexpr (!detail::sendable<T>) {
    static_cast<void>(detail::Refused<T>());
  } else {
    std::vector<std::byte> bytes;
    if (rank() == root) {
      OutputBytes archive(bytes);
      put_value(archive, value);
    }
    broadcast_bytes(bytes, root);
    if (rank() != root) {
      InputBytes archive(bytes);
      get_value(archive, value);
    }
  }
}

}  // namespace buddy
