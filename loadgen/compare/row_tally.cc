// SPDX-License-Identifier: MIT
#include "loadgen/compare/row_tally.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/numbers.h"
#include "common/http/url.h"
#include "common/json/json_text.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kCounterDigits = 10;
constexpr std::string_view kDrawn = "________drawn________";  // stands for a value of each request
constexpr std::size_t kShownBytes = 60;                       // of a value, in a sentence

struct RowMatch {
  std::size_t columns = 0;  // that were compared, beside the first
  std::string difference;   // the first; "" = none
};

bool SameValue(const std::string& one, const std::string& other) {
  if (one == other) {
    return true;
  }
  const auto a = ParseWhole<double>(one);
  const auto b = ParseWhole<double>(other);
  return a && b && *a == *b;
}

std::string Shown(std::string_view value) {
  return value.size() <= kShownBytes
             ? fmt::format("'{}'", value)
             : fmt::format("'{}' and {} bytes more", value.substr(0, kShownBytes),
                           value.size() - kShownBytes);
}

std::string DifferenceText(const std::string& name, const std::string& value,
                           const std::string& wanted) {
  return fmt::format("{} = {} for {}", name, Shown(value), Shown(wanted));
}

RowMatch MatchOf(const Row& row, const std::string& unique, const Fields& fields) {
  RowMatch match;
  if (const auto& [name, value] = row.front(); !unique.empty() && value != unique) {
    match.difference = DifferenceText(name, value, unique);
  }
  for (std::size_t i = 1; i < row.size(); ++i) {
    const auto& [name, value] = row[i];
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&name = name](const auto& one) { return one.first == name; });
    if (field == fields.end()) {
      continue;
    }
    ++match.columns;
    if (match.difference.empty() && !SameValue(value, field->second)) {
      match.difference = DifferenceText(name, value, field->second);
    }
  }
  return match;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Without what stands in it for values, which would be no form and no JSON.
std::string WithoutMarks(std::string_view encoded) {
  std::string text;
  for (std::size_t at = encoded.find(kMarkBegin); at != std::string_view::npos;
       at = encoded.find(kMarkBegin)) {
    const bool whole = ReadMark(encoded.substr(at)).encoding == Encoding::kJsonWhole;
    text += encoded.substr(0, at);
    text += whole ? fmt::format("\"{}\"", kDrawn) : std::string(kDrawn);
    encoded.remove_prefix(at + kMarkSize);
  }
  return text.append(encoded);
}

Fields FormFields(const std::string& encoded) {
  FormDecoder form;
  Fields fields;
  if (form.Decode(encoded) == FormOutcome::kOk) {
    fields.assign(form.fields().begin(), form.fields().end());
  }
  return fields;
}

// Of a form, or the texts and numbers of a JSON object.
Fields BodyFields(const TaskSpec& task) {
  const std::string body = WithoutMarks(task.body);
  if (task.content_type == "application/x-www-form-urlencoded") {
    return FormFields(body);
  }
  Fields fields;
  const auto json = JsonOf(body);
  if (json.is_object()) {
    for (const auto& [name, value] : json.items()) {
      if (value.is_string()) {
        fields.emplace_back(name, value.get<std::string>());
      } else if (value.is_number()) {
        fields.emplace_back(name, TextOf(value));
      }
    }
  }
  return fields;
}

// What else stands in a query need be no column.
Fields UniqueOfQuery(const TaskSpec& task) {
  const std::size_t at = task.path.find('?');
  Fields fields =
      at == std::string::npos ? Fields() : FormFields(WithoutMarks(task.path.substr(at + 1)));
  std::erase_if(fields, [](const auto& field) { return !Contains(field.second, kUniqueMark); });
  return fields;
}

ExpectedRow ExpectedOf(const TaskSpec& task) {
  ExpectedRow expected;
  expected.fields = BodyFields(task);
  const Fields query = UniqueOfQuery(task);
  expected.fields.insert(expected.fields.end(), query.begin(), query.end());
  std::erase_if(expected.fields, [&expected](const auto& field) {
    const bool drawn = Contains(field.second, kDrawn);
    const bool unique = Contains(field.second, kUniqueMark);
    if (unique && !drawn) {
      expected.unique = field.second;
    }
    return drawn || unique;
  });
  return expected;
}

std::string RowText(const Row& row) {
  std::string text;
  for (const auto& [name, value] : row) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, Shown(value));
  }
  return text;
}

}  // namespace

std::vector<ExpectedRow> ExpectedRows(const Scenario& scenario) {
  std::vector<ExpectedRow> expected;
  for (const TaskSpec& task : scenario.tasks) {
    if (task.weight > 0 && task.writes && task.effect == Effect::kInsert && task.unique) {
      expected.push_back(ExpectedOf(task));
    }
  }
  return expected;
}

void RowsBefore::Close() {
  std::sort(digests_.begin(), digests_.end());
}

bool RowsBefore::Has(std::uint64_t digest) const {
  return std::binary_search(digests_.begin(), digests_.end(), digest);
}

std::uint64_t RowsBefore::DigestOf(const Row& row) {
  constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15;
  std::uint64_t digest = row.size();
  for (const auto& [name, value] : row) {
    for (const std::string* text : {&name, &value}) {
      digest = digest * kPrime + std::hash<std::string_view>()(*text);
    }
  }
  return digest;
}

RowTally::RowTally(std::string_view run_id, std::uint64_t issued, const RowsBefore& before,
                   std::vector<ExpectedRow> expected)
    : mark_(std::string(run_id) + "-"),
      seen_(issued),
      before_(before),
      expected_(std::move(expected)) {}

void RowTally::Add(const Row& row) {
  ++rows_;
  if (const std::uint64_t id = IdIn(row.front().second); id == 0) {
    AddOther(row);
  } else {
    ++seen_[id - 1];
    Compare(id, row);
  }
}

void RowTally::AddOther(const Row& row) {
  others_.push_back(RowsBefore::DigestOf(row));
  if (!before_.Has(others_.back()) && strange_example_.empty()) {
    strange_example_ = fmt::format("{}{}", RowText(row),
                                   HasCutId(row.front().second) ? ", with its id cut short" : "");
  }
}

RowTally::Others RowTally::CompareOthers() const {
  std::vector<std::uint64_t> now = others_;
  std::sort(now.begin(), now.end());
  const std::vector<std::uint64_t>& then = before_.digests();
  std::vector<std::uint64_t> both;
  std::set_intersection(then.begin(), then.end(), now.begin(), now.end(), std::back_inserter(both));
  return {
      then.size() - both.size(), now.size() - both.size(),
      strange_example_.empty() ? "one from before that is there more often now" : strange_example_};
}

void RowTally::Compare(std::uint64_t id, const Row& row) {
  const std::string own = fmt::format("{}{:0{}}", mark_, id, kCounterDigits);
  std::string difference;
  for (const ExpectedRow& expected : expected_) {
    std::string unique = expected.unique;
    if (const std::size_t at = unique.find(kUniqueMark); at != std::string::npos) {
      unique.replace(at, own.size(), own);
    }
    const RowMatch match = MatchOf(row, unique, expected.fields);
    compares_ = compares_ || match.columns > 0;
    if (match.difference.empty()) {
      return;
    }
    difference = match.difference;
  }
  if (!difference.empty()) {
    ++altered_;
    altered_example_ = fmt::format("write {} is there with {}", id, difference);
  }
}

std::uint64_t RowTally::IdIn(std::string_view value) const {
  const std::size_t at = value.rfind(mark_);
  if (at == std::string_view::npos) {
    return 0;
  }
  const std::string_view digits = value.substr(at + mark_.size(), kCounterDigits);
  const std::uint64_t id = ParseWhole<std::uint64_t>(digits).value_or(0);
  return digits.size() == kCounterDigits && id <= seen_.size() ? id : 0;
}

// Whether the value ends within an id of the run.
bool RowTally::HasCutId(std::string_view value) const {
  if (const std::size_t at = value.rfind(mark_); at != std::string_view::npos) {
    return value.size() - at - mark_.size() < kCounterDigits;
  }
  return std::any_of(expected_.begin(), expected_.end(), [&](const ExpectedRow& expected) {
    const std::string_view begin =
        std::string_view(expected.unique).substr(0, expected.unique.find(kUniqueMark));
    return value.size() > begin.size() && value.starts_with(begin) &&
           mark_.starts_with(value.substr(begin.size()));
  });
}

}  // namespace sqlicorn::loadgen
