// SPDX-License-Identifier: MIT
#include "common/config/foreign_settings.h"

#include <variant>

#include <fmt/format.h>

namespace sqlicorn {
namespace {

using enum ForeignSetting::Form;

constexpr const char* kPython = "it is about Python, and no Python runs here";
constexpr const char* kReloader =
    "files are not watched; SIGHUP or sqlicornctl reload reads the configuration again";
constexpr const char* kLogging =
    "logs are set by errorlog, loglevel, accesslog, access_log_format and syslog";
constexpr const char* kStatsd = "there is no statsd; sqlicornctl show stats has the numbers";
constexpr const char* kHooks = "there are no hooks; endpoints and statements are data";
constexpr const char* kTls = "TLS is left to a proxy in front";
constexpr const char* kHttp2 = "HTTP/2 is left to a proxy in front";
constexpr const char* kStrict =
    "it lets requests through that two servers read differently; they stay refused";
constexpr const char* kDirty = "there is no second pool of workers";

// Those of gunicorn's table that server_setting_table.cc does not have.
const std::vector<ForeignSetting> kForeign = {
    {"wsgi_app", "", kValue, "", kPython},
    {"worker_class", "-k,--worker-class", kValue, "sync",
     "there is one kind of worker, an event loop in a process of its own; leave it out"},
    {"threads", "--threads", kValue, "1", "a worker is one thread; use workers"},
    {"worker_tmp_dir", "--worker-tmp-dir", kValue, "*", "heartbeats are in shared memory"},
    {"preload_app", "--preload", kSwitch, "false",
     "the configuration is always checked before workers are forked; leave it out"},
    {"sendfile", "--no-sendfile", kSwitch, "*", "there are no files to send"},
    {"reload", "--reload", kSwitch, "false", kReloader},
    {"reload_engine", "--reload-engine", kValue, "", kReloader},
    {"reload_extra_files", "--reload-extra-file", kValue, "", kReloader},
    {"spew", "--spew", kSwitch, "false", kPython},
    {"capture_output", "--capture-output", kSwitch, "false",
     "standard output and standard error carry the logs alone"},
    {"logger_class", "--logger-class", kValue, "", kLogging},
    {"logconfig", "--log-config", kValue, "", kLogging},
    {"logconfig_dict", "", kValue, "", kLogging},
    {"logconfig_json", "--log-config-json", kValue, "", kLogging},
    {"statsd_host", "--statsd-host", kValue, "", kStatsd},
    {"statsd_prefix", "--statsd-prefix", kValue, "", kStatsd},
    {"dogstatsd_tags", "--dogstatsd-tags", kValue, "", kStatsd},
    {"enable_backlog_metric", "--enable-backlog-metric", kSwitch, "false", kStatsd},
    {"pythonpath", "--pythonpath", kValue, "", kPython},
    {"paste", "--paste,--paster", kValue, "", kPython},
    {"raw_paste_global_conf", "--paste-global", kValue, "", kPython},
    {"tmp_upload_dir", "", kValue, "", "request bodies stay in memory: limit_request_body"},
    {"on_starting", "", kValue, "", kHooks},
    {"on_reload", "", kValue, "", kHooks},
    {"when_ready", "", kValue, "", kHooks},
    {"pre_fork", "", kValue, "", kHooks},
    {"post_fork", "", kValue, "", kHooks},
    {"post_worker_init", "", kValue, "", kHooks},
    {"worker_int", "", kValue, "", kHooks},
    {"worker_abort", "", kValue, "", kHooks},
    {"pre_exec", "", kValue, "", kHooks},
    {"pre_request", "", kValue, "", kHooks},
    {"post_request", "", kValue, "", kHooks},
    {"child_exit", "", kValue, "", kHooks},
    {"worker_exit", "", kValue, "", kHooks},
    {"nworkers_changed", "", kValue, "", kHooks},
    {"on_exit", "", kValue, "", kHooks},
    {"protocol", "--protocol", kValue, "http", "HTTP is all that is spoken"},
    {"uwsgi_allow_ips", "--uwsgi-allow-from", kValue, "", "HTTP is all that is spoken"},
    {"keyfile", "--keyfile", kValue, "", kTls},
    {"certfile", "--certfile", kValue, "", kTls},
    {"ssl_version", "--ssl-version", kValue, "", kTls},
    {"cert_reqs", "--cert-reqs", kValue, "", kTls},
    {"ca_certs", "--ca-certs", kValue, "", kTls},
    {"ciphers", "--ciphers", kValue, "", kTls},
    {"suppress_ragged_eofs", "--suppress-ragged-eofs", kSwitch, "false", kTls},
    {"do_handshake_on_connect", "--do-handshake-on-connect", kSwitch, "false", kTls},
    {"ssl_context", "", kValue, "", kTls},
    {"http_protocols", "--http-protocols", kValue, "h1", kHttp2},
    {"http2_cleartext", "--http2-cleartext", kValue, "off", kHttp2},
    {"http2_max_concurrent_streams", "--http2-max-concurrent-streams", kValue, "", kHttp2},
    {"http2_initial_window_size", "--http2-initial-window-size", kValue, "", kHttp2},
    {"http2_max_frame_size", "--http2-max-frame-size", kValue, "", kHttp2},
    {"http2_max_header_list_size", "--http2-max-header-list-size", kValue, "", kHttp2},
    {"permit_obsolete_folding", "--permit-obsolete-folding", kSwitch, "false", kStrict},
    {"strip_header_spaces", "--strip-header-spaces", kSwitch, "false", kStrict},
    {"permit_unconventional_http_method", "--permit-unconventional-http-method", kSwitch, "false",
     kStrict},
    {"permit_unconventional_http_version", "--permit-unconventional-http-version", kSwitch, "false",
     kStrict},
    {"casefold_http_method", "--casefold-http-method", kSwitch, "false", kStrict},
    {"tolerate_dangerous_framing", "--tolerate-dangerous-framing", kSwitch, "false", kStrict},
    {"forwarder_headers", "--forwarder-headers", kValue, "",
     "header names with an underscore are dropped or refused: header_map"},
    {"root_path", "--root-path", kValue, "", "endpoints have their whole path: endpoint.path"},
    {"asgi_loop", "--asgi-loop", kValue, "", kPython},
    {"asgi_lifespan", "--asgi-lifespan", kValue, "", kPython},
    {"asgi_disconnect_grace_period", "--asgi-disconnect-grace-period", kValue, "", kPython},
    {"http_parser", "--http-parser", kValue, "", "there is one parser, llhttp; leave it out"},
    {"dirty_apps", "--dirty-app", kValue, "", kDirty},
    {"dirty_workers", "--dirty-workers", kValue, "", kDirty},
    {"dirty_timeout", "--dirty-timeout", kValue, "", kDirty},
    {"dirty_threads", "--dirty-threads", kValue, "", kDirty},
    {"dirty_graceful_timeout", "--dirty-graceful-timeout", kValue, "", kDirty},
    {"on_dirty_starting", "", kValue, "", kDirty},
    {"dirty_post_fork", "", kValue, "", kDirty},
    {"dirty_worker_init", "", kValue, "", kDirty},
    {"dirty_worker_exit", "", kValue, "", kDirty},
    {"control_socket_disable", "", kValue, "false",
     "an empty control_socket, or --no-control-socket, is none"},
};

std::string TextOf(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    return *text;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    return std::to_string(*number);
  }
  const auto* boolean = std::get_if<bool>(&value.data);
  return boolean == nullptr ? "" : *boolean ? "true" : "false";
}

}  // namespace

const std::vector<ForeignSetting>& ForeignSettingTable() {
  return kForeign;
}

bool IsTaken(const ForeignSetting& setting, const Value& value) {
  const std::string_view taken = setting.taken;
  return taken == "*" || (!taken.empty() && TextOf(value) == taken);
}

std::string Refusal(const ForeignSetting& setting, const std::string& label) {
  return fmt::format("{} is a setting of gunicorn without a meaning here: {}", label, setting.why);
}

}  // namespace sqlicorn
