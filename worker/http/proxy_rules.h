// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/socket_address.h"
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

// What is to become of a connection by what has come of it in front of its first request.
struct Preface {
  enum class Kind {
    kUndecided,  // more octets are needed
    kOver,       // the first request follows
    kRefused,
  };

  Kind kind = Kind::kUndecided;
  std::size_t size = 0;        // kOver: octets to skip
  std::string client = {};     // kOver: whom the PROXY header names; "" = whoever connected
  int status = 0;              // kRefused: of the answer
  std::string complaint = {};  // kRefused: its words
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

  // Connections may begin with a PROXY header.
  [[nodiscard]] bool expect_preface() const { return protocol_ != ProxyProtocol::kOff; }

  // `octets`: all that has come so far from `peer`, who may be one of those that are trusted.
  [[nodiscard]] Preface ReadPreface(std::string_view octets, const SocketAddress& peer) const;

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
