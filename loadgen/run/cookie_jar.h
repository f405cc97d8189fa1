// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn::loadgen {

// The cookies of one user at one server (RFC 6265): there is one host, so domains are not looked
// at, and no TLS, so what is for secure connections is not kept.
class CookieJar {
 public:
  // The value of a Set-Cookie header of the answer to a request for `path`, which has no query.
  // `now` is the unix time. Nonsense is ignored, as browsers do.
  void Store(std::string_view set_cookie, std::string_view path, std::int64_t now);

  // What the Cookie header of a request for `path` has to be, those with the longest paths first;
  // "" = none. Valid until the next call.
  [[nodiscard]] std::string_view For(std::string_view path, std::int64_t now);

 private:
  struct Cookie {
    std::string name;
    std::string value;
    std::string path;
    std::int64_t expires = INT64_MAX;  // unix time
  };

  std::vector<Cookie> cookies_;  // the longest paths first
  std::string header_;
};

// `request` with a Cookie header; itself where `cookies` is "". REQUIRES: a whole HTTP request.
// Valid as long as both `request` and `scratch`.
[[nodiscard]] std::string_view WithCookies(std::string_view request, std::string_view cookies,
                                           std::string* scratch);

// What a request asks for, without its query.
[[nodiscard]] std::string_view PathOf(std::string_view request);

}  // namespace sqlicorn::loadgen
