// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/http/url.h"

namespace sqlicorn::loadgen {

// The server of a run.
struct ServerUrl {
  Url url;
  std::string unix_path;  // of its socket; "" = it is at the URL's address
};

// "http://HOST[:PORT][/PATH]", "HOST:PORT[/PATH]", "unix:/path/of/socket", or the same as a URL,
// "http+unix://%2Fpath%2Fof%2Fsocket[/PATH]". A server behind a unix socket is called localhost.
[[nodiscard]] Result<ServerUrl> ParseServerUrl(std::string_view text);

}  // namespace sqlicorn::loadgen
