// SPDX-License-Identifier: MIT
#include "common/config/answer_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/config/choices.h"
#include "common/config/toml.h"

namespace sqlicorn {
namespace {

std::string TextOf(const std::vector<TemplatePart>& parts) {
  std::string text;
  for (const TemplatePart& part : parts) {
    for (const char c : part.text) {
      text += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
    }
    text += part.name.empty() ? "" : fmt::format("{{{}}}", part.name);
  }
  return text;
}

std::string PrintPage(const PageSpec& page) {
  std::string text = fmt::format("{{ limit = {}, max = {}", TomlString(page.limit), page.max);
  if (page.offset.empty()) {
    text += fmt::format(", key = {}, after = {}", TomlString(page.key), TomlString(page.after));
  } else {
    text += fmt::format(", offset = {}", TomlString(page.offset));
  }
  return text + " }";
}

std::vector<std::string> PrintLists(const AnswerSpec& answer) {
  std::vector<std::string> parts;
  std::vector<std::string> headers;
  for (const HeaderTemplate& header : answer.headers) {
    headers.push_back(
        fmt::format("{} = {}", TomlKey(header.name), TomlString(TextOf(header.parts))));
  }
  if (!headers.empty()) {
    parts.push_back(fmt::format("headers = {{ {} }}", fmt::join(headers, ", ")));
  }
  if (!answer.json_columns.empty()) {
    parts.push_back(fmt::format("json_columns = {}", TomlList(answer.json_columns)));
  }
  return parts;
}

std::string PrintAs(const AnswerSpec& answer) {
  if (answer.as != Respond::kResults) {
    return fmt::format("as = \"{}\"", NameOf(kResponds, answer.as));
  }
  std::vector<std::string> results;
  for (const NamedResult& result : answer.results) {
    results.push_back(
        fmt::format("{} = \"{}\"", TomlKey(result.step), NameOf(kResultKinds, result.as)));
  }
  return fmt::format("results = {{ {} }}", fmt::join(results, ", "));
}

}  // namespace

Result<std::vector<TemplatePart>> ParseTemplate(std::string_view text) {
  std::vector<TemplatePart> parts(1);
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find_first_of("{}"), text.size());
    parts.back().text += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.size() > 1 && text[0] == text[1]) {
      parts.back().text += text[0];
      text.remove_prefix(2);
    } else if (!text.empty()) {
      const std::size_t end = text.find('}');
      if (text.front() == '}' || end == std::string_view::npos || end == 1) {
        return Error{"a brace opens or closes no name; \"{{\" and \"}}\" stand for braces"};
      }
      parts.back().name = text.substr(1, end - 1);
      parts.emplace_back();
      text.remove_prefix(end + 1);
    }
  }
  if (parts.size() > 1 && parts.back().text.empty()) {
    parts.pop_back();
  }
  return parts;
}

std::string PrintAnswer(const AnswerSpec& answer) {
  const AnswerSpec plain;
  std::vector<std::string> parts = {PrintAs(answer)};
  const auto add = [&parts](std::string_view key, const std::string& value) {
    if (!value.empty()) {
      parts.push_back(fmt::format("{} = {}", key, TomlString(value)));
    }
  };
  if (answer.status != plain.status) {
    parts.push_back(fmt::format("status = {}", answer.status));
  }
  if (answer.missing != plain.missing) {
    parts.push_back(fmt::format("missing = {}", answer.missing));
  }
  add("content_type", answer.content_type);
  add("content_type_column", answer.content_type_column);
  add("etag", answer.etag);
  const std::vector<std::string> lists = PrintLists(answer);
  parts.insert(parts.end(), lists.begin(), lists.end());
  if (answer.big_integers != plain.big_integers) {
    parts.push_back(
        fmt::format("big_integers = \"{}\"", NameOf(kBigIntegers, answer.big_integers)));
  }
  if (!answer.page.limit.empty()) {
    parts.push_back("page = " + PrintPage(answer.page));
  }
  const bool simple = parts.size() == 1 && answer.as != Respond::kResults;
  std::string text = simple ? fmt::format("respond = \"{}\"\n", NameOf(kResponds, answer.as))
                            : fmt::format("respond = {{ {} }}\n", fmt::join(parts, ", "));
  if (answer.raise_status != plain.raise_status) {
    text += fmt::format("raise_status = {}\n", answer.raise_status);
  }
  return text;
}

}  // namespace sqlicorn
