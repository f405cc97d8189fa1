// SPDX-License-Identifier: MIT
// What a connection lets a proxy in front of it say.
#include <string>
#include <utility>

#include "worker/http/http_connection.h"

namespace sqlicorn {

void HttpConnection::OnPreface(std::string_view data) {
  preface_.append(data);
  Preface preface = services_.proxies.ReadPreface(preface_, socket_peer_);
  if (preface.kind == Preface::Kind::kUndecided) {
    return;
  }
  state_ = State::kReading;
  head_began_ = services_.loop.now();
  if (preface.kind == Preface::Kind::kRefused) {
    Refuse(preface.status, preface.complaint);
  } else if (!preface.client.empty()) {
    peer_ = std::move(preface.client);
    exchange_.peer = peer_;
  }
  const std::string octets = std::exchange(preface_, {});
  Serve(std::string_view(octets).substr(preface.size));
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
