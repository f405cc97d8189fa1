// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/config/endpoint_spec.h"
#include "common/config/value.h"

namespace sqlicorn {

// The configuration of a server as plain, validated data: no file, no socket, no SQLite behind it.

// Permissions of a file: 0600 and the like.
struct FileMode {
  std::uint32_t bits = 0;
};

// What is taken from the permissions of a file that is made: 0022 and the like.
struct Umask {
  std::uint32_t bits = 0;
};

// [server]: gunicorn's names, units and defaults where gunicorn has the setting.
struct ServerSettings {
  std::vector<std::string> bind = {"127.0.0.1:8000"};
  std::int64_t backlog = 2048;
  bool reuse_port = false;
  std::int64_t workers = 1;
  std::int64_t max_requests = 0;           // of one worker, then it is replaced; 0 = for ever
  std::int64_t max_requests_jitter = 0;    // up to so many more, drawn for each worker
  std::int64_t worker_connections = 1000;  // simultaneous clients of one worker
  double spawn_jitter = 0;           // at most so many seconds between two forks, drawn each time
  double timeout = 30;               // seconds of worker silence before it is killed; 0 = never
  double boot_timeout = 30;          // seconds a worker may take until it serves; 0 = for ever
  double graceful_timeout = 30;      // seconds a stopping worker may finish its requests
  double keepalive = 2;              // seconds an idle connection is kept; 0 = no keep-alive
  double header_timeout = 10;        // seconds from the first byte to the end of the headers
  double body_timeout = 30;          // seconds between two reads of a body, or two writes
  std::int64_t body_min_rate = 500;  // bytes a second, beyond body_timeout; 0 = any
  std::int64_t limit_request_line = 8190;  // bytes
  std::int64_t limit_request_fields = 100;
  std::int64_t limit_request_field_size = 8190;   // bytes of one header line
  std::int64_t limit_request_body = 1048576;      // bytes
  std::int64_t limit_worker_buffers = 268435456;  // bytes; 0 = no limit
  std::string header_map = "drop";                // names with "_": drop or refuse
  std::string slash = "exact";  // a path without its last "/", or with one: exact or redirect
  std::string forwarded_allow_ips = "127.0.0.1,::1";  // whose secure_scheme_headers count
  std::vector<std::string> secure_scheme_headers = {
      "X-Forwarded-Protocol=ssl", "X-Forwarded-Proto=https", "X-Forwarded-Ssl=on"};
  std::string proxy_protocol = "off";             // off, v1, v2 or auto
  std::string proxy_allow_ips = "127.0.0.1,::1";  // who may send its header
  std::string user;        // name or number of who the workers are, "" = who the master is
  std::string group;       // "" = the user's own
  bool initgroups = true;  // with the other groups of the user
  Umask umask;             // of the files of unix sockets
  std::string chdir;       // where relative paths start, "" = where the program was started
  std::vector<std::string> raw_env;  // "NAME=value", for the environment
  bool daemon = false;
  bool enable_stdio_inheritance = false;  // of a daemon: stdout and stderr stay
  std::string pidfile;                    // "" = none
  std::string accesslog;                  // "" = none, "-" = stdout
  bool disable_redirect_access_to_syslog = false;
  std::string access_log_format =  // see access_format.h
      R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")";
  std::string errorlog = "-";  // "-" = stderr
  std::string loglevel = "info";
  std::string syslog_addr = "udp://localhost:514";
  bool syslog = false;        // to both logs, beside their files
  std::string syslog_prefix;  // "" = proc_name
  std::string syslog_facility = "user";
  std::string proc_name;       // "" = the configuration file's name
  std::string control_socket;  // "" = none
  FileMode control_socket_mode{0600};
};

// How a writer that finds the database locked waits (DESIGN.md, "Who writes when").
enum class SchedulerKind { kNone, kBusy, kConstant, kRetry, kFifo, kGroup };

// Whether writes wait for a turn in the line of all workers, and not each for SQLite's lock.
[[nodiscard]] constexpr bool Queues(SchedulerKind scheduler) {
  return scheduler == SchedulerKind::kFifo || scheduler == SchedulerKind::kGroup;
}

// Who copies the write-ahead log back into the database. kAuto: a process of its own where that is
// safe and worth it (checkpoint_policy.h); else each worker, at the end of a COMMIT.
enum class CheckpointerKind { kAuto, kInline };

// What may be done to the file. Where it is only read, nothing is made beside it either, except
// that a database in WAL mode needs its -shm; an immutable one needs nothing and no lock.
enum class DatabaseAccess { kReadWrite, kReadOnly, kImmutable };

// One `name = value` of [database.pragmas], validated and in one spelling: words in lower case,
// "normal" for 1, "on" for true.
struct PragmaSpec {
  std::string name;
  std::string value;  // "wal", "normal", "134217728", "on"
  Place place;
};

struct DatabaseSettings {
  std::string path;                 // absolute
  std::vector<std::string> schema;  // absolute paths of SQL files, applied in order
  DatabaseAccess access = DatabaseAccess::kReadWrite;
  TransactionMode transaction_mode = TransactionMode::kDeferred;
  double timeout = 5.0;  // seconds a writer waits for a lock
  int busy_status = 503;
  SchedulerKind scheduler = SchedulerKind::kGroup;
  double write_queue_timeout = 0;          // seconds a write waits for its turn; 0 = `timeout`
  std::int64_t max_pending_writes = 1000;  // of one worker; beyond them writes are refused
  std::int64_t max_batch = 64;             // writes in one transaction of scheduler = "group"
  Duration max_hold = std::chrono::milliseconds(5);    // a batch that has taken this long commits
  Duration read_slice = std::chrono::milliseconds(1);  // a read of one; 0 = reads are not sliced
  std::int64_t long_reads = 8;   // of one worker that run at once; those beyond wait in line
  double statement_timeout = 0;  // seconds the statements of a request may take; 0 = as they like,
                                 // reads server.timeout
  std::int64_t max_answer = 0;   // bytes of rows that one request is answered; 0 = as many as come
  CheckpointerKind checkpointer = CheckpointerKind::kAuto;
  bool double_quoted_text = false;  // "x" is text where no column x is, as SQLite does by itself
  bool unsafe = false;  // allows pragmas that corrupt the database or lose commits in a crash
  std::vector<PragmaSpec> pragmas;
  Place place;  // of [database]
};

struct ServerConfig {
  std::string file;  // where it was read, absolute; "" = it is of no file
  ServerSettings server;
  DatabaseSettings database;
  std::vector<StatementSpec> statements;
  std::vector<ParamSetSpec> param_sets;
  std::vector<EndpointSpec> endpoints;
};

}  // namespace sqlicorn
