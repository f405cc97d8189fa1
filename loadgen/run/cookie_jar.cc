// SPDX-License-Identifier: MIT
#include "loadgen/run/cookie_jar.h"

#include <algorithm>
#include <ctime>
#include <optional>
#include <utility>

#include "common/base/numbers.h"

namespace sqlicorn::loadgen {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

bool SameWord(std::string_view a, std::string_view lower_case) {
  return std::equal(a.begin(), a.end(), lower_case.begin(), lower_case.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
  });
}

struct Pair {
  std::string_view name;
  std::string_view value;
};

// The next of the parts between ';', which is taken off.
Pair TakePair(std::string_view* text) {
  const std::size_t end = std::min(text->find(';'), text->size());
  const std::string_view part = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  const std::size_t equals = std::min(part.find('='), part.size());
  return {Trim(part.substr(0, equals)),
          equals == part.size() ? std::string_view() : Trim(part.substr(equals + 1))};
}

// "Thu, 01 Jan 1970 00:00:00 GMT", and the form with dashes that old servers write.
std::optional<std::int64_t> ToUnixTime(const std::string& date) {
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%a, %d-%b-%Y %H:%M:%S GMT"}) {
    std::tm time{};
    const char* end = strptime(date.c_str(), form, &time);
    if (end != nullptr && *end == '\0') {
      return timegm(&time);
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> AfterSeconds(std::string_view text, std::int64_t now) {
  constexpr std::int64_t kLongest = 100LL * 366 * 86400;
  const auto seconds = ParseWhole<std::int64_t>(text);
  return seconds ? std::optional(now + std::clamp<std::int64_t>(*seconds, -1, kLongest))
                 : std::nullopt;
}

// Up to the last slash, which is not part of it unless it is the only one.
std::string DefaultPath(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

bool Covers(std::string_view cookie_path, std::string_view path) {
  return path.starts_with(cookie_path) &&
         (path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
          path[cookie_path.size()] == '/');
}

struct Attributes {
  std::string path;
  std::optional<std::int64_t> max_age;  // as the time at which it ends
  std::optional<std::int64_t> expires;
  bool secure = false;
};

Attributes ReadAttributes(std::string_view text, std::string_view path, std::int64_t now) {
  Attributes attributes;
  attributes.path = DefaultPath(path);
  while (!text.empty()) {
    const Pair pair = TakePair(&text);
    if (SameWord(pair.name, "path") && pair.value.starts_with('/')) {
      attributes.path = pair.value;
    } else if (SameWord(pair.name, "max-age")) {
      attributes.max_age = AfterSeconds(pair.value, now);
    } else if (SameWord(pair.name, "expires")) {
      attributes.expires = ToUnixTime(std::string(pair.value));
    } else if (SameWord(pair.name, "secure")) {
      attributes.secure = true;
    }
  }
  return attributes;
}

}  // namespace

void CookieJar::Store(std::string_view set_cookie, std::string_view path, std::int64_t now) {
  const Pair pair = TakePair(&set_cookie);
  const Attributes attributes = ReadAttributes(set_cookie, path, now);
  if (pair.name.empty() || attributes.secure) {
    return;
  }
  std::erase_if(cookies_, [&](const Cookie& known) {
    return known.name == pair.name && known.path == attributes.path;
  });
  // Max-Age is the younger attribute and wins.
  const std::int64_t expires = attributes.max_age.value_or(attributes.expires.value_or(INT64_MAX));
  if (expires <= now) {
    return;
  }
  const auto place = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& known) {
    return known.path.size() < attributes.path.size();
  });
  cookies_.insert(place,
                  {std::string(pair.name), std::string(pair.value), attributes.path, expires});
}

std::string_view CookieJar::For(std::string_view path, std::int64_t now) {
  header_.clear();
  for (const Cookie& cookie : cookies_) {
    if (cookie.expires > now && Covers(cookie.path, path)) {
      header_.append(header_.empty() ? "" : "; ");
      header_.append(cookie.name).append("=").append(cookie.value);
    }
  }
  return header_;
}

std::string_view WithCookies(std::string_view request, std::string_view cookies,
                             std::string* scratch) {
  if (cookies.empty()) {
    return request;
  }
  const std::size_t head_end = request.find("\r\n\r\n");
  scratch->assign(request.substr(0, head_end));
  scratch->append("\r\nCookie: ").append(cookies).append(request.substr(head_end));
  return *scratch;
}

std::string_view PathOf(std::string_view request) {
  const std::size_t begin = request.find(' ') + 1;
  const std::size_t end = request.find_first_of(" ?", begin);
  return request.substr(begin, end - begin);
}

}  // namespace sqlicorn::loadgen
