// A TCP connection that carries messages of the report channel.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "launch/report/report_message.hpp"

namespace buddy::launch {

/// One end. Never waits. Threads: any, one at a time.
class ReportStream {
 public:
  enum class State {
    open,
    closed,   ///< by the other side, or damaged
    vanished  ///< the other machine does not answer, or cannot be reached
  };

  explicit ReportStream(UniqueFd socket) : socket_(std::move(socket)) {}

  int fd() const noexcept { return socket_.get(); }
  State state() const noexcept { return state_; }

  /// Takes what has arrived. Then next() until there is nothing.
  void receive();
  /// The next whole message. One that cannot be closes the stream.
  /// \param limit most bytes of its content
  std::optional<report::Message> next(std::size_t limit);

  void send(report::Message message);
  /// Sends what could not be sent at once. \return whether something is left
  bool flush();
  void close() noexcept;

 private:
  void broken(int error) noexcept;

  UniqueFd socket_;
  State state_ = State::open;
  bool ended_ = false;  ///< the other side has sent its last byte
  std::string in_;
  std::size_t read_ = 0;  ///< bytes of it that are done
  std::string out_;
};

}  // namespace buddy::launch
