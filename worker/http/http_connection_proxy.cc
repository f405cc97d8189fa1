// SPDX-License-Identifier: MIT
// What a connection lets a proxy in front of it say.
#include <fmt/format.h>

#include "worker/http/http_connection.h"

namespace sqlicorn {

void HttpConnection::OnPreface(std::string_view data) {
  preface_.append(data);
  const ProxyHeader header = ReadProxyHeader(preface_, services_.proxies.protocol());
  if (header.kind == ProxyHeader::Kind::kUndecided) {
    return;
  }
  preface_due_ = false;
  head_began_ = services_.loop.now();
  std::string octets;
  octets.swap(preface_);
  if (header.kind == ProxyHeader::Kind::kMalformed) {
    Refuse(400, header.complaint);
  } else if (header.kind == ProxyHeader::Kind::kPresent &&
             !services_.proxies.TrustsProxyHeaderOf(socket_peer_)) {
    Refuse(403, fmt::format("Proxy request from '{}' not allowed", peer_));
  } else if (!header.client.empty()) {
    peer_ = header.client;
    exchange_.peer = peer_;
  }
  Serve(std::string_view(octets).substr(header.size));
}

void HttpConnection::BeginExchange(TimePoint started) {
  exchange_.Begin(parser_.message(), started);
  if (peer_.empty()) {
    exchange_.peer = services_.proxies.ClientOf(parser_.message());
  }
}

bool HttpConnection::ReadScheme() {
  switch (services_.proxies.SchemeOf(parser_.message())) {
    case Scheme::kContradictory:
      Refuse(400, "Contradictory scheme headers");
      return false;
    case Scheme::kHttps:
      exchange_.scheme = "https";
      break;
    case Scheme::kHttp:
      exchange_.scheme = "http";
      break;
  }
  return true;
}

}  // namespace sqlicorn
