// SPDX-License-Identifier: MIT
#include "common/config/server_setting_table.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

#include "common/base/cores.h"
#include "common/base/log.h"
#include "common/base/socket_address.h"
#include "common/base/syslog.h"
#include "common/config/bind_address.h"
#include "common/config/log_options.h"

namespace sqlicorn {
namespace {

using S = ServerSettings;

constexpr double kYear = 365.0 * 24 * 3600;

Status CheckBind(const std::string& text) {
  const auto address = ParseBindAddress(text);
  return address ? Status() : address.error();
}

Status CheckWord(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end()
             ? Status()
             : Status(Error{fmt::format("'{}' is not one of: {}", text, fmt::join(words, ", "))});
}

Status CheckNotEmpty(const std::string& text) {
  return text.empty() ? Status(Error{"must not be empty"}) : Status();
}

Status CheckLogLevel(const std::string& text) {
  const auto level = ParseLogLevel(text);
  return level ? Status() : level.error();
}

Status CheckIpList(const std::string& text) {
  const auto list = IpList::Parse(text);
  return list ? Status() : list.error();
}

Status CheckHeaderMap(const std::string& text) {
  return CheckWord(text, {"drop", "refuse"});
}

Status CheckSlash(const std::string& text) {
  return CheckWord(text, {"exact", "redirect"});
}

Status CheckProxyProtocol(const std::string& text) {
  return CheckWord(text, {"off", "v1", "v2", "auto"});
}

Status CheckPair(const std::string& text, std::string_view example) {
  const std::size_t equals = text.find('=');
  const bool good = equals != 0 && equals != std::string::npos;
  return good ? Status() : Error{fmt::format("'{}': write NAME=VALUE, such as {}", text, example)};
}

Status CheckSchemeHeader(const std::string& text) {
  return CheckPair(text, "X-Forwarded-Proto=https");
}

Status CheckVariable(const std::string& text) {
  return CheckPair(text, "TZ=UTC");
}

Status CheckAccessFormat(const std::string& text) {
  const auto format = ParseAccessFormat(text);
  return format ? Status() : format.error();
}

Status CheckSyslogAddress(const std::string& text) {
  const auto target = ParseSyslogTarget(text);
  return target ? Status() : target.error();
}

Status CheckSyslogFacility(const std::string& text) {
  const auto facility = ParseSyslogFacility(text);
  return facility ? Status() : facility.error();
}

// Names, units and ranges are gunicorn's, but there is a limit to all that a client may send: where
// 0 means "no limit" to gunicorn, it is the greatest one here.
const std::vector<ServerSetting> kSettings = {
    {"bind", "-b,--bind",
     "Listen here: IP:PORT, [IPv6]:PORT, :PORT, unix:PATH or fd://N; repeatable", &S::bind, 1, 64,
     CheckBind},
    {"backlog", "--backlog", "Connections the kernel queues until they are accepted", &S::backlog,
     1, 65535},
    {"reuse_port", "--reuse-port", "Let other servers of this user listen at the same ports",
     &S::reuse_port},
    {"workers", "-w,--workers",
     "Number N of worker processes, auto = one for each core; room is for max(16, 2 N + 8)",
     &S::workers, 0, 1024, nullptr, false, UsableCores},
    {"worker_connections", "--worker-connections", "Simultaneous clients of one worker",
     &S::worker_connections, 1, 1000000},
    {"max_requests", "--max-requests", "Requests after which a worker is replaced; 0 = never",
     &S::max_requests, 0, 1e12},
    {"max_requests_jitter", "--max-requests-jitter",
     "Up to so many requests more, drawn for each worker", &S::max_requests_jitter, 0, 1e12},
    {"spawn_jitter", "--spawn-jitter", "Up to so many seconds between the starts of two workers",
     &S::spawn_jitter, 0, 60},
    {"timeout", "-t,--timeout", "Seconds of silence before a worker is killed; 0 = never",
     &S::timeout, 0, kYear},
    {"boot_timeout", "--boot-timeout", "Seconds a worker may take until it serves; 0 = for ever",
     &S::boot_timeout, 0, kYear},
    {"graceful_timeout", "--graceful-timeout",
     "Seconds a stopping worker may take to finish its requests", &S::graceful_timeout, 0, kYear},
    {"keepalive", "--keep-alive", "Seconds an idle connection is kept; 0 = no keep-alive",
     &S::keepalive, 0, kYear},
    {"header_timeout", "--header-timeout", "Seconds a client may take to send its headers",
     &S::header_timeout, 0.001, kYear},
    {"body_timeout", "--body-timeout", "Seconds a client may pause within a body or an answer",
     &S::body_timeout, 0.001, kYear},
    {"body_min_rate", "--body-min-rate",
     "Bytes a second that a body must bring, beyond body_timeout; 0 = any", &S::body_min_rate, 0,
     1e9},
    {"limit_request_line", "--limit-request-line",
     "Greatest length of a request line in bytes; 0 = 8190", &S::limit_request_line, 0, 8190,
     nullptr, true},
    {"limit_request_fields", "--limit-request-fields",
     "Greatest number of header fields; 0 = 32768", &S::limit_request_fields, 0, 32768, nullptr,
     true},
    {"limit_request_field_size", "--limit-request-field_size,--limit-request-field-size",
     "Greatest length of a header line in bytes; 0 = 65536", &S::limit_request_field_size, 0, 65536,
     nullptr, true},
    {"limit_request_body", "--limit-request-body",
     "Greatest length of a request body in bytes; 0 = 1 GiB", &S::limit_request_body, 0, 1073741824,
     nullptr, true},
    {"limit_worker_buffers", "--limit-worker-buffers",
     "Bytes of requests and unsent answers in one worker, beyond which it answers 503; 0 = any",
     &S::limit_worker_buffers, 0, 1e12},
    {"header_map", "--header-map", "Header names with an underscore: drop or refuse",
     &S::header_map, 0, 0, CheckHeaderMap},
    {"slash", "--slash", "A path that is there but for its last /: exact (404) or redirect (308)",
     &S::slash, 0, 0, CheckSlash},
    {"forwarded_allow_ips", "--forwarded-allow-ips",
     "Proxies whose word about https counts: addresses, networks or *, comma-separated",
     &S::forwarded_allow_ips, 0, 0, CheckIpList},
    {"secure_scheme_headers", "--secure-scheme-header",
     "NAME=VALUE: the request came by https; repeatable", &S::secure_scheme_headers, 0, 64,
     CheckSchemeHeader},
    {"proxy_protocol", "--proxy-protocol", "Take the client from a PROXY header: off, v1, v2, auto",
     &S::proxy_protocol, 0, 0, CheckProxyProtocol},
    {"proxy_allow_ips", "--proxy-allow-from", "Who may send a PROXY header", &S::proxy_allow_ips, 0,
     0, CheckIpList},
    {"user", "-u,--user", "Run the workers as this user, a name or a number; empty = as the master",
     &S::user},
    {"group", "-g,--group", "Run the workers with this group; empty = that of the user", &S::group},
    {"initgroups", "--initgroups", "Give the workers the other groups of the user, too",
     &S::initgroups},
    {"umask", "-m,--umask", "Permissions that the files of unix sockets do not get: 0022",
     &S::umask},
    {"chdir", "--chdir", "Work in this directory: paths of sockets, logs and pid file start there",
     &S::chdir},
    {"raw_env", "-e,--env", "Set a variable of the environment: NAME=VALUE; repeatable",
     &S::raw_env, 0, 1000, CheckVariable},
    {"daemon", "-D,--daemon", "Run in the background; the start is reported first", &S::daemon},
    {"enable_stdio_inheritance", "-R,--enable-stdio-inheritance",
     "A daemon keeps standard output and standard error", &S::enable_stdio_inheritance},
    {"pidfile", "-p,--pid", "Write the process id of the master here; empty = nowhere",
     &S::pidfile},
    {"accesslog", "--access-logfile", "Log requests here; - = standard output, empty = nowhere",
     &S::accesslog},
    {"disable_redirect_access_to_syslog", "--disable-redirect-access-to-syslog",
     "Keep the access log out of syslog", &S::disable_redirect_access_to_syslog},
    {"access_log_format", "--access-logformat",
     "Line of the access log, with gunicorn's atoms; json = one object per line",
     &S::access_log_format, 0, 0, CheckAccessFormat},
    {"errorlog", "--error-logfile,--log-file", "Log messages here; - = standard error",
     &S::errorlog, 0, 0, CheckNotEmpty},
    {"loglevel", "--log-level", "Log from here up: debug, info, warning, error, critical",
     &S::loglevel, 0, 0, CheckLogLevel},
    {"syslog_addr", "--log-syslog-to",
     "Daemon to log to: udp://IP:PORT, tcp://IP:PORT or unix://PATH[#dgram|#stream]",
     &S::syslog_addr, 0, 0, CheckSyslogAddress},
    {"syslog", "--log-syslog", "Log to a syslog daemon too", &S::syslog},
    {"syslog_prefix", "--log-syslog-prefix", "Program name in syslog: sqlicorn.PREFIX.error",
     &S::syslog_prefix},
    {"syslog_facility", "--log-syslog-facility", "Facility of what goes to syslog",
     &S::syslog_facility, 0, 0, CheckSyslogFacility},
    {"proc_name", "-n,--name",
     "Name of the processes in ps; empty = that of the configuration file", &S::proc_name},
    {"control_socket", "--control-socket",
     "Answer sqlicornctl at this unix socket, relative to $RUNTIME_DIRECTORY; empty = nowhere",
     &S::control_socket},
    {"control_socket_mode", "--control-socket-mode", "Permissions of the control socket, octal",
     &S::control_socket_mode},
};

}  // namespace

const std::vector<ServerSetting>& ServerSettingTable() {
  return kSettings;
}

}  // namespace sqlicorn
