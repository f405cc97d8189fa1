// SPDX-License-Identifier: MIT
#include "common/config/param_limits.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/date_time.h"

namespace sqlicorn {
namespace {

template <typename T>
std::string Between(const ParamLimits& limits, T value) {
  if (const T* min = std::get_if<T>(&limits.min); min != nullptr && value < *min) {
    return fmt::format("must be at least {}", *min);
  }
  if (const T* max = std::get_if<T>(&limits.max); max != nullptr && value > *max) {
    return fmt::format("must be at most {}", *max);
  }
  return "";
}

std::optional<std::int64_t> MomentOf(ParamType type, std::string_view text) {
  return type == ParamType::kDate ? ReadDate(text) : ReadTimestamp(text);
}

std::string InTime(const ParamSpec& spec, std::string_view text) {
  const auto moment = MomentOf(spec.type, text);
  const auto* min = std::get_if<std::string>(&spec.limits->min);
  if (min != nullptr && moment < MomentOf(spec.type, *min)) {
    return fmt::format("must not be before {}", *min);
  }
  const auto* max = std::get_if<std::string>(&spec.limits->max);
  if (max != nullptr && moment > MomentOf(spec.type, *max)) {
    return fmt::format("must not be after {}", *max);
  }
  return "";
}

// Characters of UTF-8, as in HTML and JSON Schema.
std::size_t LengthOf(ParamType type, std::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return type == ParamType::kText
             ? static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins))
             : text.size();
}

std::string Count(std::int64_t count, ParamType type) {
  const char* const unit = type == ParamType::kText ? "character" : "octet";
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

std::string OfLength(const ParamSpec& spec, std::string_view text) {
  const ParamLimits& limits = *spec.limits;
  if (!limits.min_length && !limits.max_length) {
    return "";
  }
  const auto length = static_cast<std::int64_t>(LengthOf(spec.type, text));
  if (limits.min_length && length < *limits.min_length) {
    return fmt::format("must have at least {}", Count(*limits.min_length, spec.type));
  }
  if (limits.max_length && length > *limits.max_length) {
    return fmt::format("must have at most {}", Count(*limits.max_length, spec.type));
  }
  return "";
}

struct Shower {
  std::string operator()(std::monostate) const { return "null"; }

  std::string operator()(std::int64_t value) const { return std::to_string(value); }

  std::string operator()(double value) const { return fmt::format("{}", value); }

  std::string operator()(const std::string& value) const { return value; }
};

template <typename T, typename Given>
std::string Chosen(const ParamLimits& limits, const Given& value) {
  const auto same = [&value](const ParamValue& choice) {
    const T* typed = std::get_if<T>(&choice);
    return typed != nullptr && *typed == value;
  };
  const auto& choices = limits.choices;
  if (choices.empty() || std::any_of(choices.begin(), choices.end(), same)) {
    return "";
  }
  std::vector<std::string> names;
  for (const ParamValue& choice : choices) {
    names.push_back(std::visit(Shower(), choice));
  }
  return fmt::format("must be one of {}", fmt::join(names, ", "));
}

}  // namespace

std::string Misfit(const ParamLimits& limits, std::int64_t value) {
  std::string misfit = Between(limits, value);
  return misfit.empty() ? Chosen<std::int64_t>(limits, value) : misfit;
}

std::string Misfit(const ParamLimits& limits, double value) {
  return Between(limits, value);
}

std::string Misfit(const ParamSpec& spec, std::string_view text) {
  if (!spec.limits) {
    return "";
  }
  if (spec.type == ParamType::kDate || spec.type == ParamType::kTimestamp) {
    return InTime(spec, text);
  }
  std::string misfit = OfLength(spec, text);
  if (misfit.empty() && spec.limits->pattern && !spec.limits->pattern->MatchesAllOf(text)) {
    misfit = fmt::format("must match the pattern {}", spec.limits->pattern->expression());
  }
  return misfit.empty() ? Chosen<std::string>(*spec.limits, text) : misfit;
}

std::string_view Wanted(ParamType type) {
  switch (type) {
    case ParamType::kText:
      return "text";
    case ParamType::kInteger:
      return "an integer";
    case ParamType::kReal:
      return "a number";
    case ParamType::kBoolean:
      return "true or false";
    case ParamType::kBlob:
      return "base64";
    case ParamType::kJson:
      return "JSON";
    case ParamType::kDate:
      return "a date, as 2026-11-28";
    case ParamType::kTimestamp:
      return "a timestamp, as 2026-11-28T18:46:00Z";
  }
  return "";
}

}  // namespace sqlicorn
