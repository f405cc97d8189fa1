// SPDX-License-Identifier: MIT
#include "loadgen/web_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/base/numbers.h"
#include "loadgen/page/live_page.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kHere = "127.0.0.1";
constexpr Duration kPeriod = std::chrono::seconds(1);

// Without port and brackets.
std::string NameIn(std::string_view host) {
  return std::string(host.starts_with('[') ? host.substr(1, host.find(']') - 1)
                                           : host.substr(0, host.find(':')));
}

}  // namespace

Result<SocketAddress> ParseWebAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view host = colon == text.npos ? "" : text.substr(0, colon);
  const auto port = ParseWhole<std::uint16_t>(text.substr(colon == text.npos ? 0 : colon + 1));
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  Result<SocketAddress> address =
      SocketAddress::Ip(std::string(host.empty() ? kHere : host), port.value_or(0));
  if (!port || !address) {
    return Error{fmt::format("'{}' is not a port or ADDRESS:PORT, such as 127.0.0.1:8089", text)};
  }
  return address;
}

bool IsOwnName(std::string_view host) {
  const std::string name = NameIn(host);
  return !name.empty() && SocketAddress::Ip(name, 0);  // which knows no name but localhost
}

Result<std::unique_ptr<WebView>> WebView::Open(Loop& loop, const SocketAddress& address,
                                               std::function<std::string()> numbers) {
  Result<UniqueFd> listener = ListenAt(address);
  if (!listener) {
    return listener.error();
  }
  return std::unique_ptr<WebView>(new WebView(loop, *std::move(listener), std::move(numbers)));
}

WebView::WebView(Loop& loop, UniqueFd listener, std::function<std::string()> numbers)
    : url_(fmt::format("http://{}/", SocketAddress::LocalOf(listener.get()).ToString())),
      numbers_(std::move(numbers)),
      server_(loop, std::move(listener),
              [this](const Message& request) { return Answer(request); }),
      timer_(loop, [this] { Publish(); }) {
  timer_.Start(kPeriod, kPeriod);
}

std::string WebView::Event() const {
  return fmt::format("data: {}\n\n", numbers_());
}

void WebView::Publish() {
  if (server_.listeners() > 0) {
    server_.Publish(Event());
  }
}

SmallAnswer WebView::Answer(const Message& request) const {
  if (!IsOwnName(request.Header("Host"))) {
    return {403, "text/plain; charset=utf-8", "Ask for this page by its address.\n"};
  }
  if (request.method() != "GET" && request.method() != "HEAD") {
    return {405, "text/plain; charset=utf-8", "This page is only looked at.\n"};
  }
  if (request.path() == "/events") {
    return {200, "text/event-stream", Event(), SmallAnswer::Then::kStream};
  }
  if (request.path() == "/") {
    return {200, "text/html; charset=utf-8", LivePage(numbers_())};
  }
  return {404, "text/plain; charset=utf-8", "There is / and /events.\n"};
}

}  // namespace sqlicorn::loadgen
