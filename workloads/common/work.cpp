#include "common/work.hpp"

#include "common/count.hpp"
#include "common/report.hpp"

namespace workloads {

void add_work(CommandLine& app, WorkOptions& options) {
  add_count(app,
            {"--work",
             "units of extra work per message where it is handled; a unit changes a random "
             "64-byte line of the rank's work memory",
             0, 1 << 20},
            options.units);
  add_bytes(app,
            {"--work-memory", "bytes of work memory on each rank", 64, std::uint64_t{1} << 40U},
            options.memory_bytes);
}

Work::Work(const WorkOptions& options) : units_(options.units) {
  if (units_ == 0) return;
  lines_ = HugeArray<Line>(static_cast<std::size_t>(options.memory_bytes / sizeof(Line)));
  RandomStream random(stream_key(0, lines_.size()));
  for (Line& line : lines_) line = {0, random.next()};
}

void Work::do_units(std::uint64_t key) noexcept {
  std::uint64_t place = mix64(key + (++messages_ << 32U));
  for (std::uint64_t unit = 0; unit < units_; ++unit) {
    Line& line = lines_[static_cast<std::size_t>(multiply_high(place, lines_.size()))];
    ++line.units_done;
    line.next = mix64(line.next + place);
    place = line.next;
  }
}

std::uint64_t Work::units_done() const noexcept {
  std::uint64_t sum = 0;
  for (const Line& line : lines_) sum += line.units_done;
  return sum;
}

bool all_work_done(const Work& work, std::uint64_t messages, MPI_Comm comm) {
  return sum_over_ranks(work.units_done(), comm) == messages * work.units();
}

void describe_work(const WorkOptions& options, Details& details) {
  details["work_units_per_message"] = options.units;
  details["work_memory_bytes"] = options.memory_bytes;
}

}  // namespace workloads
