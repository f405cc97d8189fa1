// SPDX-License-Identifier: MIT
#pragma once

#include "common/http/message.h"

namespace sqlicorn {

// What the body of a request says that it is. GET and HEAD have none, whatever they bring.
enum class BodyKind { kNone, kForm, kMultipart, kJson, kUnknown };

[[nodiscard]] BodyKind KindOf(const Message& request);

// Whether the body is as its Content-Type says, not compressed or the like.
[[nodiscard]] bool IsPlain(const Message& request);

}  // namespace sqlicorn
