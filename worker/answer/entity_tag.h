// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace sqlicorn {

// Entity tags (RFC 9110 8.8.3), with their quotes.

// Of these octets and no others.
[[nodiscard]] std::string TagOfBody(std::string_view body);

// Of whatever the application calls a version. Weak, as one version has several forms.
[[nodiscard]] std::string TagOfVersion(std::string_view version);

// Whether a client that sends this If-None-Match has what `tag` names already.
[[nodiscard]] bool HasAlready(std::string_view if_none_match, std::string_view tag);

}  // namespace sqlicorn
