// SPDX-License-Identifier: MIT
#include "loadgen/scenario/expectation.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/json/json_text.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTooLong = "the body is longer than 4 MiB, which is not looked at";
constexpr std::string_view kNoJson = "the body is no JSON";

// The value at the pointer, or nullptr.
const Json* FindIn(const Json& document, const JsonPointer& pointer) {
  const Json* at = &document;
  for (const std::string& token : pointer.tokens()) {
    if (at->is_object()) {
      const auto member = at->find(token);
      at = member == at->end() ? nullptr : &*member;
    } else if (at->is_array()) {
      const auto index = ParseWhole<std::size_t>(token);
      at = index && *index < at->size() ? &(*at)[*index] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

// The body as JSON, parsed when it is first asked for.
class ParsedBody {
 public:
  explicit ParsedBody(std::string_view body) : body_(body) {}

  // Nullptr when it is none.
  const Json* Get() {
    if (!parsed_) {
      parsed_ = OrderedJsonOf(body_);
    }
    return parsed_->is_discarded() ? nullptr : &*parsed_;
  }

 private:
  std::string_view body_;
  std::optional<Json> parsed_;
};

std::string Quoted(std::string_view text) {
  constexpr std::size_t kShown = 60;
  const std::string_view shown = text.substr(0, ValidPrefix(text.substr(0, kShown)));
  return fmt::format("'{}{}'", shown, shown.size() < text.size() ? "…" : "");
}

std::string Named(const JsonPointer& pointer) {
  return pointer.text().empty() ? "the body" : fmt::format("{} of the body", pointer.text());
}

std::string JudgeJson(const JsonExpectation& expected, ParsedBody& body) {
  const Json* document = body.Get();
  if (document == nullptr) {
    return std::string(kNoJson);
  }
  const Json* found = FindIn(*document, expected.pointer);
  if (found == nullptr) {
    return fmt::format("there is no {}", Named(expected.pointer));
  }
  return *found == OrderedJsonOf(expected.value)
             ? ""
             : fmt::format("{} is not {}", Named(expected.pointer), expected.value);
}

Result<TakenText> TakeJson(const JsonPointer& pointer, ParsedBody& body) {
  const Json* document = body.Get();
  if (document == nullptr) {
    return Error{std::string(kNoJson)};
  }
  const Json* found = FindIn(*document, pointer);
  if (found == nullptr || found->is_null()) {
    return Error{fmt::format("there is no {}", Named(pointer))};
  }
  return found->is_string() ? TakenText{found->get<std::string>(), false}
                            : TakenText{TextOf(*found), found->is_number()};
}

}  // namespace

Result<JsonPointer> JsonPointer::Parse(std::string_view text) {
  const Error malformed{
      "a JSON pointer such as \"/rows/0/id\" begins with '/', and has '~' as ~0 "
      "and '/' as ~1"};
  JsonPointer pointer;
  pointer.text_ = text;
  if (!text.empty() && text.front() != '/') {
    return malformed;
  }
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view escaped = text.substr(0, text.find('/'));
    text.remove_prefix(escaped.size());
    std::string token;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
      if (escaped[i] != '~') {
        token.push_back(escaped[i]);
      } else if (++i < escaped.size() && (escaped[i] == '0' || escaped[i] == '1')) {
        token.push_back(escaped[i] == '0' ? '~' : '/');
      } else {
        return malformed;
      }
    }
    pointer.tokens_.push_back(std::move(token));
  }
  return pointer;
}

bool Expectation::Takes(int status) const {
  return statuses.empty() ? status < 400
                          : std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

std::string JudgeAnswer(const Expectation& expected, const Message& answer,
                        std::uint64_t body_bytes) {
  if (!expected.Takes(answer.status())) {
    return fmt::format("status {} is not what the scenario expects", answer.status());
  }
  const std::string_view text = answer.body();
  if (!expected.LooksAtBody()) {
    return "";
  }
  if (body_bytes > text.size()) {
    return std::string(kTooLong);
  }
  for (const std::string& part : expected.contains) {
    if (text.find(part) == std::string_view::npos) {
      return fmt::format("the body does not contain {}", Quoted(part));
    }
  }
  for (const std::string& whole : expected.equals) {
    if (text != whole) {
      return fmt::format("the body is not {}", Quoted(whole));
    }
  }
  ParsedBody body(text);
  for (const JsonExpectation& json : expected.json) {
    if (std::string wrong = JudgeJson(json, body); !wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

Result<std::vector<TakenText>> TakeValues(const std::vector<TakenFrom>& wanted,
                                          const Message& answer, std::uint64_t body_bytes) {
  std::vector<TakenText> taken;
  ParsedBody body(answer.body());
  for (const TakenFrom& from : wanted) {
    if (from.kind == TakenFrom::Kind::kHeader) {
      if (!answer.HasHeader(from.header)) {
        return Error{fmt::format("the answer has no header {}", from.header)};
      }
      taken.push_back({std::string(answer.Header(from.header)), false});
      continue;
    }
    if (body_bytes > answer.body().size()) {
      return Error{std::string(kTooLong)};
    }
    Result<TakenText> text = TakeJson(from.pointer, body);
    if (!text) {
      return text.error();
    }
    taken.push_back(*std::move(text));
  }
  return taken;
}

}  // namespace sqlicorn::loadgen
