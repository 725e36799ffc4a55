#include "tools/inspect/counter_view.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include "arena/counter_file.hpp"
#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "launch/process/process_list.hpp"

namespace buddy::tools {
namespace {

namespace fs = std::filesystem;
using arena::CounterPage;

/// "/dev/shm/buddy-UID-PID-HEX/counters-AGENT", with or without " (deleted)".
bool is_counter_file(std::string_view target) {
  return target.starts_with("/dev/shm/buddy-") && target.find("/counters-") != target.npos;
}

/// A page mapped for reading only.
class PageView {
 public:
  explicit PageView(const fs::path& file) {
    const UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!fd || fstat(fd.get(), &info) != 0) return;
    bytes_ = static_cast<std::size_t>(info.st_size);
    if (bytes_ < sizeof(CounterPage)) return;
    void* at = mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (at != MAP_FAILED) page_ = static_cast<const CounterPage*>(at);
  }
  ~PageView() {
    if (page_ != nullptr) munmap(const_cast<CounterPage*>(page_), bytes_);
  }
  PageView(const PageView&) = delete;
  PageView& operator=(const PageView&) = delete;

  const CounterPage* get() const {
    const bool known = page_ != nullptr && page_->magic == CounterPage::magic_value &&
                       page_->version == arena::counter_page_version &&
                       page_->counters == counter_count;
    return known ? page_ : nullptr;
  }
  /// \pre get() gave a page
  std::span<const arena::RankSlot> slots() const {
    const std::size_t ranks = page_->local_ranks;
    if (bytes_ < arena::counter_file_bytes(ranks)) return {};
    const auto* first = reinterpret_cast<const std::byte*>(page_) + arena::rank_slots_offset;
    return {reinterpret_cast<const arena::RankSlot*>(first), ranks};
  }

 private:
  const CounterPage* page_ = nullptr;
  std::size_t bytes_ = 0;
};

std::optional<CounterSample> read_sample(const fs::path& file, pid_t holder) {
  const PageView view(file);
  const CounterPage* page = view.get();
  // Others may hold the file too; the one that steps the engine is asked. It has written down the
  // number by which it knows itself.
  if (page == nullptr || page->pid != static_cast<std::uint32_t>(launch::own_number(holder))) {
    return std::nullopt;
  }
  CounterSample sample;
  sample.pid = holder;
  sample.agent = page->agent;
  sample.node = page->node;
  sample.embedded = page->embedded != 0;
  sample.ranks = page->ranks;
  sample.local_ranks = page->local_ranks;
  const std::uint64_t now = monotonic_ns();
  sample.up_ns = now - page->start_ns;
  for (const arena::RankSlot& slot : view.slots()) sample.places.push_back(slot.read(now));
  for (std::size_t i = 0; i < counter_count; ++i) {
    sample.values[i] = page->table.get(static_cast<Counter>(i));
  }
  return sample;
}

void sample_process(pid_t pid, std::vector<CounterSample>& samples) {
  std::error_code error;
  for (fs::directory_iterator it(launch::proc_path(pid, "fd"), error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(it->path(), gone);
    if (gone || !is_counter_file(target.native())) continue;
    if (const auto sample = read_sample(it->path(), pid)) samples.push_back(*sample);
  }
}

}  // namespace

std::vector<CounterSample> sample_engines() {
  std::vector<CounterSample> samples;
  for (const pid_t pid : launch::all_processes()) sample_process(pid, samples);
  const auto order = [](const CounterSample& sample) {
    return std::tuple(sample.embedded, sample.node, sample.agent, sample.pid);
  };
  std::sort(samples.begin(), samples.end(),
            [&](const CounterSample& a, const CounterSample& b) { return order(a) < order(b); });
  return samples;
}

}  // namespace buddy::tools
