// The command's side of the report channel: who connects, and who is let in.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/job_key.hpp"
#include "base/key_proof.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "launch/report/report_stream.hpp"

namespace buddy::launch {

/// Is told what callers say. Its functions must not call the listener's step().
class ReportReader {
 public:
  virtual ~ReportReader() = default;
  /// A caller that knows the key wants to speak for a rank. \return the answer, or nothing if there
  /// is no such rank, or somebody speaks for it already
  virtual std::optional<report::Welcome> admit(const report::Join& join) = 0;
  virtual void heard(std::uint32_t rank, report::Message message) = 0;
  /// \param how closed or vanished
  virtual void lost(std::uint32_t rank, ReportStream::State how) = 0;
};

/// Listens on all addresses of this machine. A caller has to prove the key within ten seconds, may
/// send 4 KiB until then, and is never waited for; of those that have not, there are so many at
/// most as there are ranks and a hundred more, and the oldest makes room. Threads: one.
class ReportListener {
 public:
  struct Options {
    JobKey key{};
    int ranks = 1;
    int peer_timeout_s = 10;
  };
  /// Errors: system.
  static Result<ReportListener> open(const Options& options);

  std::uint16_t port() const noexcept { return port_; }
  /// Becomes readable when step() has something to do.
  int fd() const noexcept { return poll_.get(); }
  /// Does what there is to do, without waiting.
  void step(ReportReader& reader);
  /// To the caller who speaks for \p rank; nothing if there is none.
  void send(std::uint32_t rank, report::Message message);
  /// Ends the connection of \p rank, without telling the reader.
  void forget(std::uint32_t rank);
  /// Connections that came to nothing.
  std::uint64_t refused() const noexcept { return refused_; }

 private:
  struct Stranger {
    ReportStream stream;
    std::uint64_t since_ns = 0;
    NoncePair nonces{};
    bool challenged = false;
  };
  using Strangers = std::list<Stranger>;

  ReportListener(Options options, UniqueFd socket, UniqueFd poll, std::uint16_t port);
  void accept_all();
  enum class Verdict { undecided, admitted, refused };
  Verdict listen_to(Stranger& stranger, ReportReader& reader);
  bool take_in(Stranger& stranger, const report::Join& join, ReportReader& reader);
  void look_at_strangers(ReportReader& reader);
  void look_at_callers(ReportReader& reader);
  void watch(int fd, bool writable);

  Options options_;
  UniqueFd socket_;
  UniqueFd poll_;
  std::uint16_t port_;
  Strangers strangers_;  ///< the oldest first
  std::map<std::uint32_t, ReportStream> callers_;
  std::uint64_t refused_ = 0;
};

}  // namespace buddy::launch
