// SPDX-License-Identifier: MIT
#include "loadgen/scenario/read_answer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "loadgen/scenario/read_values.h"
#include "loadgen/scenario/request_body.h"

namespace sqlicorn::loadgen {
namespace {

void ReadStatuses(TableReader& reader, Expectation* expect) {
  const Value* value = reader.Find("status");
  if (value == nullptr) {
    return;
  }
  const auto* list = std::get_if<Array>(&value->data);
  for (const Value& element : list != nullptr ? *list : Array{*value}) {
    const auto* status = std::get_if<std::int64_t>(&element.data);
    if (status == nullptr || *status < 100 || *status > 599) {
      reader.FailWanted("status", "a status from 100 to 599, or a list of them");
      return;
    }
    expect->statuses.push_back(static_cast<int>(*status));
  }
}

void ReadJson(TableReader& reader, Expectation* expect) {
  const Value* table = reader.ReadTable("json");
  if (table == nullptr) {
    return;
  }
  for (const auto& [text, value] : std::get<Table>(table->data)) {
    Result<JsonPointer> pointer = JsonPointer::Parse(text);
    if (pointer) {
      expect->json.push_back({*std::move(pointer), ToJsonText(value)});
    } else {
      reader.Fail(value.place, fmt::format("'{}': {}", text, pointer.error().message));
    }
  }
}

// What is wrong with it is the reader's.
void ReadSource(TableReader& reader, TakenFrom* taken) {
  std::string pointer;
  const bool json = reader.Read("json", &pointer);
  const bool header = reader.Read("header", &taken->header);
  if (json == header) {
    reader.Fail(reader.place(),
                "what is taken needs one of json = \"/pointer\" and header = \"Name\"");
    return;
  }
  if (header) {
    taken->kind = TakenFrom::Kind::kHeader;
    if (!IsHeaderName(taken->header)) {
      reader.FailWanted("header", "the name of a header");
    }
    return;
  }
  Result<JsonPointer> parsed = JsonPointer::Parse(pointer);
  if (parsed) {
    taken->pointer = *std::move(parsed);
  } else {
    reader.FailWanted("json", parsed.error().message);
  }
}

}  // namespace

bool IsHeaderName(std::string_view text) {
  const auto is_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token);
}

void ReadExpectation(TableReader& reader, Expectation* expect) {
  const Value* table = reader.ReadTable("expect");
  if (table == nullptr) {
    return;
  }
  TableReader fields(*table, reader.Label("expect"));
  ReadStatuses(fields, expect);
  fields.Read("contains", &expect->contains);
  std::string whole;
  if (fields.Read("equals", &whole)) {
    expect->equals = {whole};
  }
  ReadJson(fields, expect);
  fields.FinishInto(reader.faults());
}

std::vector<TakenFrom> ReadTake(TableReader& reader, ValueTable* values) {
  std::vector<TakenFrom> all;
  const Value* table = reader.ReadTable("take");
  if (table == nullptr) {
    return all;
  }
  for (const auto& [name, value] : std::get<Table>(table->data)) {
    const auto index = IsValueName(name) ? AddTaken(name, values) : std::nullopt;
    if (!index) {
      reader.Fail(value.place, fmt::format("'{}' cannot be the name of what is taken: letters, "
                                           "digits, '_' and '-', and no name in [values]",
                                           name));
      continue;
    }
    if (!std::holds_alternative<Table>(value.data)) {
      reader.Fail(value.place, fmt::format("{}.{} must be a table such as {{ json = \"/id\" }}",
                                           reader.Label("take"), name));
      continue;
    }
    TakenFrom taken;
    taken.value = *index;
    TableReader source(value, fmt::format("{}.{}", reader.Label("take"), name));
    ReadSource(source, &taken);
    source.FinishInto(reader.faults());
    all.push_back(std::move(taken));
  }
  return all;
}

}  // namespace sqlicorn::loadgen
