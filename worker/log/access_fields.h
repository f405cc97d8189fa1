// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/http/message.h"

namespace sqlicorn {

struct AccessRecord;

// What the access log may tell of a request and its answer, raw: whoever writes it escapes it. ""
// is what is not there. Views are valid until `scratch` is used again.

// "HTTP/1.1"
[[nodiscard]] std::string_view ProtocolOf(const Message& request);

// With its %XX decoded, where they are some.
[[nodiscard]] std::string_view DecodedPath(const Message& request, std::string& scratch);

// The user name in the value of an Authorization header, when it is of the Basic scheme.
[[nodiscard]] std::string_view BasicUser(std::string_view authorization, std::string& scratch);

// `name` is in lower case.
[[nodiscard]] std::string_view ResponseHeader(const AccessRecord& record, std::string_view name);

// An entry of the environment that CGI would have: REQUEST_METHOD, PATH_INFO, HTTP_X_FOO and so on.
// `name` is in lower case.
[[nodiscard]] std::string_view Variable(const AccessRecord& record, std::string_view name);

}  // namespace sqlicorn
