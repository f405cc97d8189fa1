// SPDX-License-Identifier: MIT
#include "loadgen/scenario/wait.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "common/base/numbers.h"

namespace sqlicorn::loadgen {
namespace {

Duration Between(const Wait& wait, Random& random) {
  const auto width = static_cast<std::uint64_t>((wait.most - wait.least).count());
  return wait.least + Duration(static_cast<Duration::rep>(random.Below(width + 1)));
}

constexpr Duration kLongest = std::chrono::hours(24 * 365);

constexpr std::string_view kWanted =
    "a duration such as \"2s\", or a table of one of uniform = [\"1s\", \"3s\"], "
    "exponential = \"2s\" and pace = \"5s\"";

std::optional<Duration> ToDuration(const Value& value) {
  const auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) {
    return std::nullopt;
  }
  const Result<Duration> duration = ParseDuration(*text);
  const bool usable = duration && *duration >= Duration::zero() && *duration <= kLongest;
  return usable ? std::optional(duration.value()) : std::nullopt;
}

std::optional<Wait> ToUniform(const Value& value) {
  const auto* ends = std::get_if<Array>(&value.data);
  if (ends == nullptr || ends->size() != 2) {
    return std::nullopt;
  }
  const auto least = ToDuration(ends->front());
  const auto most = ToDuration(ends->back());
  if (!least || !most) {
    return std::nullopt;
  }
  return Wait{Wait::Kind::kUniform, *least, *most};
}

std::optional<Wait> ToWait(Wait::Kind kind, const Value& value) {
  if (kind == Wait::Kind::kUniform) {
    return ToUniform(value);
  }
  const auto duration = ToDuration(value);
  return duration ? std::optional(Wait{kind, *duration, Duration::zero()}) : std::nullopt;
}

std::optional<Wait> FromTable(const Table& table) {
  constexpr std::array<std::pair<std::string_view, Wait::Kind>, 3> kKinds = {
      {{"uniform", Wait::Kind::kUniform},
       {"exponential", Wait::Kind::kExponential},
       {"pace", Wait::Kind::kPace}}};
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& entry) {
    return table.size() == 1 && entry.first == table.front().key;
  });
  return kind == kKinds.end() ? std::nullopt : ToWait(kind->second, table.front().value);
}

}  // namespace

Duration PauseAfter(const Wait& wait, TimePoint began, TimePoint now, Random& random) {
  switch (wait.kind) {
    case Wait::Kind::kConstant:
      return wait.least;
    case Wait::Kind::kUniform:
      return Between(wait, random);
    case Wait::Kind::kExponential:
      return FromSeconds(-std::log(random.Unit()) * ToSeconds(wait.least));
    case Wait::Kind::kPace:
      return std::max(began + wait.least - now, Duration::zero());
  }
  return Duration::zero();
}

bool ReadWait(TableReader& reader, std::string_view key, Wait* wait) {
  const Value* value = reader.Find(key);
  if (value == nullptr) {
    return false;
  }
  const auto* table = std::get_if<Table>(&value->data);
  const auto read = table != nullptr ? FromTable(*table) : ToWait(Wait::Kind::kConstant, *value);
  if (!read) {
    return reader.FailWanted(key, kWanted);
  }
  if (read->kind == Wait::Kind::kUniform && read->least > read->most) {
    return reader.Fail(
        value->place,
        fmt::format("{}: uniform = [\"{}\", \"{}\"] has the longer pause first", reader.Label(key),
                    FormatDuration(read->least), FormatDuration(read->most)));
  }
  *wait = *read;
  return true;
}

}  // namespace sqlicorn::loadgen
