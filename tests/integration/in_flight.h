// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "tests/integration/site.h"

namespace sqlicorn {

// Requests that are in a worker's hand when these return.

// A write that holds its worker's loop and the lock while it takes its time: /slow_add/ and the
// like.
[[nodiscard]] std::unique_ptr<RawClient> BeginWrite(Site& site, const char* path);

// A note whose body has not come; its worker's loop goes on. FinishBody sends the body.
[[nodiscard]] std::unique_ptr<RawClient> BeginBody(int port);
[[nodiscard]] HttpAnswer FinishBody(RawClient& client);

}  // namespace sqlicorn
