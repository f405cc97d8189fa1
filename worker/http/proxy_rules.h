// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/base/ip_list.h"
#include "common/config/server_config.h"
#include "common/http/message.h"
#include "common/http/proxy_header.h"

namespace sqlicorn {

// How a client reached the proxy in front of us, as far as we know.
enum class Scheme {
  kHttp,
  kHttps,
  kContradictory,  // the proxy says both
};

// What a proxy in front may tell about its clients, from the settings of the server.
class ProxyRules {
 public:
  // REQUIRES: `settings` have passed their checks.
  explicit ProxyRules(const ServerSettings& settings);

  // Whether `peer` may say by secure_scheme_headers how its client came.
  [[nodiscard]] bool TrustsSchemeOf(const SocketAddress& peer) const {
    return forwarded_.Contains(peer);
  }

  // By the headers of a peer that is trusted. Without any: http.
  [[nodiscard]] Scheme SchemeOf(const Message& request) const;

  // The client of a proxy that has connected by a unix socket, and so has no address of its own:
  // the last address of X-Forwarded-For, which is what that proxy has seen; those before it are
  // what others told it. "" when there is none.
  [[nodiscard]] static std::string_view ClientOf(const Message& request);

  // Whether `peer` may send a PROXY header, and which versions are read.
  [[nodiscard]] bool TrustsProxyHeaderOf(const SocketAddress& peer) const {
    return proxies_.Contains(peer);
  }

  [[nodiscard]] ProxyProtocol protocol() const { return protocol_; }

 private:
  struct SchemeHeader {
    std::string name;
    std::string https;  // the value that means it, in this case
  };

  IpList forwarded_;
  IpList proxies_;
  std::vector<SchemeHeader> scheme_headers_;
  ProxyProtocol protocol_;
};

}  // namespace sqlicorn
