// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/clock.h"
#include "common/http/message.h"
#include "common/http/reply.h"

namespace sqlicorn {

// One request and what becomes of it, as far as somebody who tells of it has to know.
struct ServedRequest {
  std::string_view peer;             // IP address of the client, "" of a unix socket
  std::string_view scheme = "http";  // as the client reached the proxy in front, else ours
  const Message* request = nullptr;
  TimePoint started{};
  Reply reply;
};

}  // namespace sqlicorn
