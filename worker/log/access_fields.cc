// SPDX-License-Identifier: MIT
#include "worker/log/access_fields.h"

#include <algorithm>

#include "common/http/ascii.h"
#include "worker/log/access_line.h"

namespace sqlicorn {
namespace {

int SextetOf(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (IsDigit(c)) {
    return c - '0' + 52;
  }
  return c == '+' ? 62 : (c == '/' ? 63 : -1);
}

// Up to the first octet that is no base64.
void DecodeBase64(std::string_view text, std::string& out) {
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int sextet = SextetOf(c);
    if (sextet < 0) {
      return;
    }
    bits = bits << 6U | static_cast<unsigned>(sextet);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
}

// A header of the request whose name is written as in CGI: "x_foo".
std::string_view HeaderOfVariable(const Message& request, std::string_view name) {
  const auto same = [](char a, char b) { return ToLowerAscii(a == '-' ? '_' : a) == b; };
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    const HeaderView header = request.header(i);
    if (std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(), same)) {
      return header.value;
    }
  }
  return {};
}

}  // namespace

std::string_view ProtocolOf(const Message& request) {
  if (request.method().empty()) {
    return {};
  }
  return request.http_minor() == 0 ? "HTTP/1.0" : "HTTP/1.1";
}

std::string_view DecodedPath(const Message& request, std::string& scratch) {
  if (request.method().empty()) {
    return {};
  }
  const std::string_view path = request.path();
  if (path.find('%') == std::string_view::npos) {
    return path;
  }
  scratch.clear();
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size() && HexValue(path[i + 1]) >= 0 &&
                        HexValue(path[i + 2]) >= 0;
    scratch +=
        escape ? static_cast<char>(HexValue(path[i + 1]) * 16 + HexValue(path[i + 2])) : path[i];
    i += escape ? 2 : 0;
  }
  return scratch;
}

std::string_view BasicUser(std::string_view authorization, std::string& scratch) {
  constexpr std::string_view kScheme = "basic ";
  if (!EqualsIgnoreCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  scratch.clear();
  DecodeBase64(TrimBlanks(authorization.substr(kScheme.size())), scratch);
  return std::string_view(scratch).substr(0, scratch.find(':'));
}

std::string_view ResponseHeader(const AccessRecord& record, std::string_view name) {
  const Reply& reply = record.reply;
  if (name == "content-type") {
    return reply.content_type;
  }
  if (name == "server") {
    return "sqlicorn";
  }
  if (name == "content-length") {
    record.scratch = std::to_string(reply.body_bytes());
    return record.scratch;
  }
  const auto found = std::find_if(
      reply.headers.begin(), reply.headers.end(),
      [name](const HeaderView& header) { return EqualsIgnoreCase(header.name, name); });
  return found == reply.headers.end() ? std::string_view() : found->value;
}

std::string_view Variable(const AccessRecord& record, std::string_view name) {
  const Message& request = record.request;
  if (name.starts_with("http_")) {
    return HeaderOfVariable(request, name.substr(5));
  }
  if (name == "content_type" || name == "content_length") {
    return HeaderOfVariable(request, name);
  }
  if (name == "request_method") {
    return request.method();
  }
  if (name == "path_info") {
    return DecodedPath(request, record.scratch);
  }
  if (name == "query_string") {
    return request.query();
  }
  if (name == "raw_uri") {
    return request.target();
  }
  if (name == "server_protocol") {
    return ProtocolOf(request);
  }
  if (name == "wsgi.url_scheme") {
    return record.scheme;
  }
  return name == "remote_addr" ? record.peer : std::string_view();
}

}  // namespace sqlicorn
