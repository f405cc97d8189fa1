// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// Where the lines of a log go: a file to append to, or standard output or error, whatever that is.
// Never blocks and never fails its caller: what a full pipe, a full disk or a reader that has gone
// does not take is lost, in whole lines.
//
// Files are written as they are. A socket (journald) is asked with MSG_DONTWAIT. A pipe or a
// terminal that is shared with other programs keeps its mode: it is opened anew by way of
// /proc/self/fd, which gives us a description of our own to set O_NONBLOCK on. Where that is
// refused, poll(2) is asked before each write of at most PIPE_BUF octets.
class LogOutput {
 public:
  // `fd` as it is, not owned.
  explicit LogOutput(int fd) : fd_(fd) {}

  // "-" is `standard_fd`; a name is opened for appending, and created with 0644.
  // Errors are "'name': reason".
  [[nodiscard]] static Result<LogOutput> Open(const std::string& path, int standard_fd);

  // Opens the file anew, after a rotation; a standard output stays. On error the old one is kept.
  [[nodiscard]] Status Reopen();

  // It was opened as "-".
  [[nodiscard]] bool standard() const { return path_ == "-"; }

  [[nodiscard]] const std::string& path() const { return path_; }

  // The name does not lead to the open file any more.
  [[nodiscard]] bool Moved() const;

  // How many of the lines were not taken. REQUIRES: `lines` ends with '\n', or is empty.
  std::size_t Write(std::string_view lines);

  // The octets that were taken. Async-signal-safe.
  [[nodiscard]] std::size_t TryWrite(std::string_view bytes) const;

 private:
  enum class Kind { kFile, kSocket, kOwnPipe, kSharedPipe };

  [[nodiscard]] static Kind KindOf(int fd);
  void OpenAnew();
  [[nodiscard]] long WriteOnce(std::string_view bytes) const;

  std::string path_ = "-";
  UniqueFd own_;  // empty while fd_ is borrowed
  int fd_;
  Kind kind_ = KindOf(fd_);
  std::string rest_;  // of a line that was taken in part
};

// Whether what is written to `fd` goes straight to systemd's journal, as $JOURNAL_STREAM says
// (systemd.exec(5)): it puts time and process to each line itself, and reads a priority in front.
[[nodiscard]] bool LeadsToJournal(int fd);

}  // namespace sqlicorn
