// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// One part of a multipart/form-data body (RFC 7578).
struct FormPart {
  std::string name;
  std::optional<std::string> file_name = {};
  std::string_view type = {};  // its Content-Type, "" = none
  std::string_view octets = {};
};

constexpr std::size_t kMaxFormParts = 1000;

// The boundary that a Content-Type names; "" when it names none that RFC 2046 allows.
[[nodiscard]] std::string_view BoundaryOf(std::string_view content_type);

// Replaces *parts by those of the body, into which their views point. The result says in one
// sentence what is wrong with it, "" when nothing is: a body that does not end as it should, a part
// without a name, one that is coded, more than kMaxFormParts. Takes time in proportion to the body.
[[nodiscard]] std::string ReadMultipart(std::string_view body, std::string_view boundary,
                                        std::vector<FormPart>* parts);

}  // namespace sqlicorn
