// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/socket_address.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"
#include "loadgen/serve/small_server.h"

namespace sqlicorn::loadgen {

// "8089" or ":8089" on this machine alone, "127.0.0.1:8089", "[::1]:8089", "localhost:8089"; any
// other address is listened at because it was named.
[[nodiscard]] Result<SocketAddress> ParseWebAddress(std::string_view text);

// Whether a page that is asked for under this name is ours to show: an address, or localhost. A
// name of somebody else's that leads here could let his page read ours.
[[nodiscard]] bool IsOwnName(std::string_view host);

// The live page of a run: GET / is the page, GET /events its numbers as server-sent events, one
// each second. Nothing can be changed through it.
class WebView {
 public:
  // `numbers` gives the data of one event, a line of JSON, and is asked for only when somebody
  // looks. `loop` outlives the view.
  [[nodiscard]] static Result<std::unique_ptr<WebView>> Open(Loop& loop,
                                                             const SocketAddress& address,
                                                             std::function<std::string()> numbers);

  WebView(const WebView&) = delete;
  WebView& operator=(const WebView&) = delete;
  ~WebView() = default;

  // "http://127.0.0.1:8089/"
  [[nodiscard]] const std::string& url() const { return url_; }

  // Now, to whoever looks.
  void Publish();

 private:
  WebView(Loop& loop, UniqueFd listener, std::function<std::string()> numbers);

  [[nodiscard]] SmallAnswer Answer(const Message& request) const;
  [[nodiscard]] std::string Event() const;

  std::string url_;
  std::function<std::string()> numbers_;
  SmallServer server_;
  Timer timer_;
};

}  // namespace sqlicorn::loadgen
