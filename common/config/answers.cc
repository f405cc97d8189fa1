// SPDX-License-Identifier: MIT
#include "common/config/answers.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/config/answer_text.h"
#include "common/config/choices.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kAnswer = "endpoint.respond";

// What the server writes by itself, in lower case.
constexpr std::array<std::string_view, 8> kOwnHeaders = {
    "connection", "content-length", "content-type", "date",
    "keep-alive", "server",         "trailer",      "transfer-encoding"};

bool IsHeaderName(std::string_view name) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || kSymbols.find(c) != std::string_view::npos;
  });
}

bool IsOwnHeader(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(kOwnHeaders.begin(), kOwnHeaders.end(), name) != kOwnHeaders.end();
}

// Reads the table of `respond`.
class AnswerReader {
 public:
  AnswerReader(const Value& table, AnswerSpec* answer)
      : reader_(table, std::string(kAnswer)), answer_(*answer) {}

  void Read(Faults* faults) {
    const bool has_results = ReadResults();
    if (!has_results) {
      reader_.NoteMissing("as");
    }
    if (reader_.ReadChoice("as", kResponds, &answer_.as) && has_results) {
      reader_.FailWanted("as", "absent where there are results");
    }
    ReadStatuses();
    ReadContentType();
    ReadHeaders();
    reader_.Read("etag", &answer_.etag);
    reader_.Read("json_columns", &answer_.json_columns);
    reader_.ReadChoice("big_integers", kBigIntegers, &answer_.big_integers);
    ReadPage();
    reader_.FinishInto(faults);
  }

 private:
  bool ReadResults() {
    const Value* table = reader_.ReadTable("results");
    if (table == nullptr) {
      return false;
    }
    answer_.as = Respond::kResults;
    TableReader results(*table, reader_.Label("results"));
    for (const TableMember& member : results.members()) {
      NamedResult result{member.key};
      if (results.ReadChoice(member.key, kResultKinds, &result.as)) {
        answer_.results.push_back(std::move(result));
      }
    }
    if (results.members().empty()) {
      reader_.FailWanted("results", "a table of step names, each \"row\" or \"rows\"");
    }
    results.FinishInto(reader_.faults());
    return true;
  }

  void ReadStatuses() {
    const bool redirects = answer_.as == Respond::kRedirect;
    const auto range = redirects ? Range<std::int64_t>{300, 399} : Range<std::int64_t>{200, 299};
    std::int64_t status = answer_.status;
    std::int64_t missing = answer_.missing;
    if (reader_.ReadInRange("status", range, &status)) {
      answer_.status = static_cast<int>(status);
      if (redirects && status != 301 && status != 302 && status != 303 && status != 307 &&
          status != 308) {
        reader_.FailWanted("status", "301, 302, 303, 307 or 308");
      }
    }
    if (reader_.ReadInRange("missing", {400, 499}, &missing)) {
      answer_.missing = static_cast<int>(missing);
    }
  }

  void ReadContentType() {
    const bool typed = reader_.Read("content_type", &answer_.content_type);
    const bool by_column = reader_.Read("content_type_column", &answer_.content_type_column);
    const char* const key = typed ? "content_type" : "content_type_column";
    if ((typed || by_column) && answer_.as != Respond::kValue) {
      reader_.FailWanted(key, "absent unless the answer is a value");
    }
  }

  void ReadHeaders() {
    const Value* table = reader_.ReadTable("headers");
    if (table == nullptr) {
      return;
    }
    TableReader headers(*table, reader_.Label("headers"));
    for (const TableMember& member : headers.members()) {
      ReadHeader(headers, member.key);
    }
    headers.FinishInto(reader_.faults());
  }

  void ReadHeader(TableReader& headers, const std::string& name) {
    std::string text;
    if (!headers.Read(name, &text)) {
      return;
    }
    const Place& place = headers.Find(name)->place;
    if (!IsHeaderName(name) || IsOwnHeader(name)) {
      headers.Fail(place, fmt::format("'{}' is {}", name,
                                      IsHeaderName(name) ? "a header that the server itself writes"
                                                         : "no name of a header"));
      return;
    }
    auto parts = ParseTemplate(text);
    if (!parts) {
      headers.Fail(place, fmt::format("{}: {}", headers.Label(name), parts.error().message));
      return;
    }
    answer_.headers.push_back({name, *std::move(parts)});
  }

  void ReadPage() {
    const Value* table = reader_.ReadTable("page");
    if (table == nullptr) {
      return;
    }
    PageSpec& page = answer_.page;
    TableReader reader(*table, reader_.Label("page"));
    reader.Require("limit", &page.limit);
    reader.ReadInRange("max", {1, 1000000}, &page.max);
    const bool by_offset = reader.Read("offset", &page.offset);
    const bool by_key = reader.Read("key", &page.key);
    const bool after = reader.Read("after", &page.after);
    if (by_offset == by_key || by_key != after) {
      reader.Fail(reader.place(),
                  "a page has either `offset`, the field that says behind how many rows it begins, "
                  "or `key`, a column, with `after`, the field that gets its last value");
    }
    if (answer_.as != Respond::kRows) {
      reader.Fail(reader.place(), "only rows have pages");
    }
    reader.FinishInto(reader_.faults());
  }

  TableReader reader_;
  AnswerSpec& answer_;
};

}  // namespace

void ReadAnswer(TableReader& endpoint, AnswerSpec* answer) {
  std::int64_t raise = answer->raise_status;
  if (endpoint.ReadInRange("raise_status", {400, 499}, &raise)) {
    answer->raise_status = static_cast<int>(raise);
  }
  const Value* value = endpoint.Find("respond");
  if (value != nullptr && std::holds_alternative<Table>(value->data)) {
    AnswerReader(*value, answer).Read(endpoint.faults());
  } else {
    endpoint.ReadChoice("respond", kResponds, &answer->as);
  }
}

}  // namespace sqlicorn
