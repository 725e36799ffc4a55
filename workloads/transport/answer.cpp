#include "transport/answer.hpp"

#include <algorithm>
#include <numeric>

namespace workloads::transport {
namespace {

/// Linear in the tallies, so that the sum over ranks does not depend on who tallied what.
std::uint64_t weigh(const Tallies::Cell& cell, std::uint64_t number) {
  return cell.path * (mix64(2 * number) | 1U) + cell.deposit * (mix64(2 * number + 1) | 1U);
}

void add_cells(const Mesh& mesh, const Domain& domain, const Tallies& tallies, Answer& answer) {
  CellIndex cell{};
  for (cell[2] = domain.first[2]; cell[2] < domain.end[2]; ++cell[2]) {
    for (cell[1] = domain.first[1]; cell[1] < domain.end[1]; ++cell[1]) {
      for (cell[0] = domain.first[0]; cell[0] < domain.end[0]; ++cell[0]) {
        const Tallies::Cell& tally = tallies.cells[static_cast<std::size_t>(domain.place(cell))];
        answer.path += tally.path;
        answer.deposit += tally.deposit;
        answer.cell_mark += weigh(tally, mesh.number(cell));
      }
    }
  }
}

/// Calls \p visit on every figure, always in the same order.
template <class SomeAnswer, class Visit>
void for_each_figure(SomeAnswer& answer, Visit visit) {
  for (auto& cycle : answer.cycles) {
    for (auto& count : cycle.counts()) visit(count);
  }
  for (auto& group : answer.spectrum) visit(group);
  visit(answer.path);
  visit(answer.deposit);
  visit(answer.cell_mark);
  visit(answer.histories);
}

}  // namespace

std::uint64_t Answer::total(Event event) const noexcept {
  std::uint64_t sum = 0;
  for (const Events& cycle : cycles) sum += cycle[event];
  return sum;
}

std::uint64_t Answer::checksum() const noexcept {
  std::uint64_t mark = 0;
  for_each_figure(*this, [&](std::uint64_t figure) { mark = mix64(mark + figure + 1); });
  return mark;
}

bool Answer::balanced() const noexcept {
  std::uint64_t left = 0;
  for (const Events& cycle : cycles) {
    if (!cycle.balanced() || cycle[Event::started] != left) return false;
    left = cycle[Event::census];
  }
  return path == std::accumulate(spectrum.begin(), spectrum.end(), std::uint64_t{0});
}

Answer gather(MPI_Comm comm, const Mesh& mesh, const Decomposition& decomposition, int rank,
              const Tallies& tallies, const std::vector<Events>& cycles) {
  Answer answer;
  answer.cycles = cycles;
  answer.spectrum = tallies.spectrum;
  answer.histories = tallies.histories;
  for (const Domain& domain : decomposition.domains()) {
    if (domain.owner == rank) add_cells(mesh, domain, tallies, answer);
  }
  std::vector<std::uint64_t> figures;
  for_each_figure(answer, [&](std::uint64_t figure) { figures.push_back(figure); });
  MPI_Allreduce(MPI_IN_PLACE, figures.data(), static_cast<int>(figures.size()), MPI_UINT64_T,
                MPI_SUM, comm);
  std::size_t next = 0;
  for_each_figure(answer, [&](std::uint64_t& figure) { figure = figures[next++]; });
  return answer;
}

}  // namespace workloads::transport
