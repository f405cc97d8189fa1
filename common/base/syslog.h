// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"

namespace sqlicorn {

// kEither: datagrams, and a stream where the socket takes none.
enum class SyslogTransport { kDatagram, kStream, kEither };

struct SyslogTarget {
  SyslogTransport transport;
  SocketAddress address;
};

// "udp://IP[:PORT]", "tcp://IP[:PORT]" or "unix://PATH[#dgram|#stream]"; the port is 514, the host
// may be localhost, and names are not resolved.
[[nodiscard]] Result<SyslogTarget> ParseSyslogTarget(std::string_view text);

// The number of "user", "daemon", "local0" and so on, in any case.
[[nodiscard]] Result<int> ParseSyslogFacility(std::string_view name);

struct SyslogOptions {
  SyslogTarget target;
  int facility;
  std::string program;  // "sqlicorn.NAME"
};

// Severities of RFC 5424 that we use.
enum class SyslogSeverity { kCritical = 2, kError = 3, kWarning = 4, kInfo = 6, kDebug = 7 };

// One stream of lines to a syslog daemon, in gunicorn's form:
//   <PRI>PROGRAM.STREAM: [PID] message, and a NUL
// Never blocks: what the daemon does not take at once is lost, and a daemon that has gone is tried
// again, a stream once a second. Goes on working across a fork: each process connects for itself.
class Syslog {
 public:
  // `stream` is "error" or "access".
  Syslog(const SyslogOptions& options, std::string_view stream);

  void Send(SyslogSeverity severity, std::string_view message);

 private:
  [[nodiscard]] bool Ready();
  void OpenDatagram();
  void OpenStream();
  void SendDatagram();
  void SendStream();

  SyslogTarget target_;
  int facility_;
  std::string program_;
  std::string message_;
  UniqueFd fd_;
  pid_t owner_ = 0;  // the process that connected fd_
  TimePoint next_try_{};
  std::string rest_;  // of a message that a stream took in part
};

// Whether a syslog daemon is there to take lines, as far as a moment tells: at most a fifth of a
// second. Sends one line by UDP, where only an answer to it says that nobody listens, and only if
// he is near; nothing otherwise.
[[nodiscard]] Status ProbeSyslog(const SyslogOptions& options);

}  // namespace sqlicorn
