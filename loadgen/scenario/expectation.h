// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/http/message.h"

// What a scenario wants of an answer, and what it keeps of it.
namespace sqlicorn::loadgen {

// RFC 6901: "" is the whole document, "/rows/0/id" a value in it.
class JsonPointer {
 public:
  [[nodiscard]] static Result<JsonPointer> Parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }

  // Unescaped.
  [[nodiscard]] const std::vector<std::string>& tokens() const { return tokens_; }

 private:
  std::string text_;
  std::vector<std::string> tokens_;
};

struct JsonExpectation {
  JsonPointer pointer;
  std::string value;  // as compact JSON
};

// An answer is good when all of this holds; what is empty is not asked for.
struct Expectation {
  std::vector<int> statuses;  // none: all below 400
  std::vector<std::string> contains;
  std::vector<std::string> equals;  // at most one
  std::vector<JsonExpectation> json;

  [[nodiscard]] bool Takes(int status) const;

  // Anything below 400 will do.
  [[nodiscard]] bool empty() const { return statuses.empty() && !LooksAtBody(); }

  [[nodiscard]] bool LooksAtBody() const {
    return !contains.empty() || !equals.empty() || !json.empty();
  }
};

// One value that is kept for the texts of later requests.
struct TakenFrom {
  enum class Kind { kJson, kHeader };

  std::size_t value = 0;  // index into ValueTable::values
  Kind kind = Kind::kJson;
  JsonPointer pointer;
  std::string header;
};

struct TakenText {
  std::string text;
  bool is_number = false;
};

// A body of which more than this arrives is not looked at.
inline constexpr std::size_t kLongestCheckedBody = 4 * 1024 * 1024;

// What is wrong with an answer, in words without what differs from answer to answer, so that they
// can be counted; "" when nothing is. `body_bytes` is what arrived of the body.
[[nodiscard]] std::string JudgeAnswer(const Expectation& expected, const Message& answer,
                                      std::uint64_t body_bytes);

// In the order of `wanted`. The error is one such text.
[[nodiscard]] Result<std::vector<TakenText>> TakeValues(const std::vector<TakenFrom>& wanted,
                                                        const Message& answer,
                                                        std::uint64_t body_bytes);

}  // namespace sqlicorn::loadgen
