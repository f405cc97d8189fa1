// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sqlicorn {

// The PROXY protocol, versions 1 (text) and 2 (binary), as HAProxy's proxy-protocol.txt defines it:
// what a proxy sends in front of the first request to say who its client is.

enum class ProxyProtocol { kOff, kV1, kV2, kAuto };

struct ProxyHeader {
  enum class Kind {
    kUndecided,  // more octets are needed
    kAbsent,     // what comes is something else
    kPresent,
    kMalformed,
  };

  Kind kind = Kind::kUndecided;
  std::size_t size = 0;        // of kPresent: octets to skip
  std::string client = {};     // of kPresent: "192.0.2.1", "2001:db8::1"; "" = whoever connected
  std::string complaint = {};  // of kMalformed, quoted for a log
};

// `octets` are all that has come so far on a connection.
[[nodiscard]] ProxyHeader ReadProxyHeader(std::string_view octets, ProxyProtocol accepted);

}  // namespace sqlicorn
