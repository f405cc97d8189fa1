// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/answer_spec.h"

namespace sqlicorn {

// "/issues/{id}" in its parts. "{{" and "}}" stand for the braces themselves. The error says what
// is wrong with the text.
[[nodiscard]] Result<std::vector<TemplatePart>> ParseTemplate(std::string_view text);

// As TOML, a line for each key of the endpoint.
[[nodiscard]] std::string PrintAnswer(const AnswerSpec& answer);

}  // namespace sqlicorn
