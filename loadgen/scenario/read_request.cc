// SPDX-License-Identifier: MIT
#include "loadgen/scenario/read_request.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/text.h"
#include "loadgen/scenario/read_answer.h"
#include "loadgen/scenario/request_body.h"
#include "loadgen/scenario/wait.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::array<std::string_view, 5> kOwnHeaders = {"host", "content-length", "content-type",
                                                         "transfer-encoding", "connection"};

bool IsVisibleAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool IsOwnHeader(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::find(kOwnHeaders.begin(), kOwnHeaders.end(), name) != kOwnHeaders.end();
}

// `writes` is true, false or a word. A task that does not say is judged by its method.
void ReadEffect(TableReader& reader, TaskSpec* task) {
  constexpr std::array<std::pair<std::string_view, Effect>, 4> kEffects = {
      {{"insert", Effect::kInsert},
       {"update", Effect::kChange},
       {"delete", Effect::kChange},
       {"elsewhere", Effect::kElsewhere}}};
  const Value* value = reader.Find("writes");
  if (value == nullptr) {
    task->writes = task->method != "GET" && task->method != "HEAD" && task->method != "OPTIONS";
    task->effect = task->writes ? Effect::kUnsaid : Effect::kInsert;
    return;
  }
  if (const auto* flag = std::get_if<bool>(&value->data)) {
    task->writes = *flag;
    return;
  }
  const auto* word = std::get_if<std::string>(&value->data);
  for (const auto& [name, effect] : kEffects) {
    if (word != nullptr && *word == name) {
      task->writes = true;
      task->effect = effect;
      return;
    }
  }
  reader.FailWanted("writes",
                    "true or \"insert\" (one row more), \"update\" or \"delete\" (rows change or "
                    "go), \"elsewhere\" (nothing that the audit reads), or false");
}

// A value at the very beginning is a whole path, which an answer has named.
void ReadPath(TableReader& reader, const KnownValues& known, TaskSpec* task) {
  std::string text;
  if (!reader.Require("path", &text)) {
    return;
  }
  task->name = text;
  if (!(text.starts_with('/') || text.starts_with("${")) || !IsVisibleAscii(text)) {
    reader.FailWanted("path", "a path that begins with '/', other than ASCII as %XX");
    return;
  }
  const Result<std::vector<TextPiece>> pieces = ParseText(text, known);
  if (!pieces) {
    reader.Fail(reader.Find("path")->place, pieces.error().message);
    return;
  }
  for (const TextPiece& piece : pieces.value()) {
    if (piece.value) {
      AppendMark(*piece.value, task->path.empty() ? Encoding::kTarget : Encoding::kPart,
                 &task->path);
    } else {
      task->path += piece.text;
    }
  }
}

void ReadRequestLine(TableReader& reader, const KnownValues& known, TaskSpec* task) {
  if (reader.Read("method", &task->method) && !IsHeaderName(task->method)) {
    reader.FailWanted("method", "a method such as \"GET\"");
  }
  ReadPath(reader, known, task);
  if (reader.Read("name", &task->name) && task->name.find_first_of("\r\n") != std::string::npos) {
    reader.FailWanted("name", "one line");
  }
  ReadEffect(reader, task);
}

void ReadHeader(TableReader& reader, const TableMember& header, const KnownValues& known,
                TaskSpec* task) {
  const auto& [name, value] = header;
  const auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr || text->find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    reader.Fail(value.place, fmt::format("the header '{}' must be a string of one line", name));
    return;
  }
  if (!IsHeaderName(name) || IsOwnHeader(name)) {
    reader.Fail(value.place, fmt::format("the header '{}' cannot be set", name));
    return;
  }
  Result<std::string> encoded = EncodeText(*text, Encoding::kLine, known);
  if (encoded) {
    task->headers.emplace_back(name, *std::move(encoded));
  } else {
    reader.Fail(value.place, encoded.error().message);
  }
}

void ReadHeaders(TableReader& reader, const KnownValues& known, TaskSpec* task) {
  const Value* table = reader.ReadTable("headers");
  if (table == nullptr) {
    return;
  }
  for (const TableMember& header : std::get<Table>(table->data)) {
    ReadHeader(reader, header, known, task);
  }
}

// The form a task names, or carries itself.
const Value* FindForm(TableReader& reader, const Value* forms) {
  const Value* form = reader.Find("form");
  if (form == nullptr || std::holds_alternative<Table>(form->data)) {
    return form;
  }
  const auto* name = std::get_if<std::string>(&form->data);
  if (name == nullptr) {
    reader.FailWanted("form", "a table, or the name of one in [forms]");
    return nullptr;
  }
  std::vector<std::string> names;
  for (const auto& [key, value] : forms != nullptr ? std::get<Table>(forms->data) : Table()) {
    names.push_back(key);
  }
  const Value* named = forms != nullptr ? FindMember(std::get<Table>(forms->data), *name) : nullptr;
  if (named == nullptr) {
    reader.Fail(form->place,
                fmt::format("there is no form '{}' in [forms]{}", *name, DidYouMean(*name, names)));
  } else if (!std::holds_alternative<Table>(named->data)) {
    reader.Fail(named->place, fmt::format("forms.{} must be a table", *name));
    return nullptr;
  }
  return named;
}

// The body as it is, of any type.
bool ReadRawBody(TableReader& reader, const KnownValues& known, TaskSpec* task) {
  std::string text;
  const bool raw = reader.Read("body", &text);
  const bool typed = reader.Read("content_type", &task->content_type);
  if (typed && (task->content_type.empty() || !raw)) {
    reader.Fail(reader.place(), "'content_type' says what 'body' is; a task without has none");
  } else if (raw && !typed) {
    task->content_type = "text/plain";
  }
  if (Result<std::string> encoded = EncodeText(text, Encoding::kRaw, known)) {
    task->body = *std::move(encoded);
  } else {
    reader.Fail(reader.Find("body")->place, encoded.error().message);
  }
  return raw;
}

// Encodes the body and puts the mark of the unique field into it, or into the query.
void ReadBody(TableReader& reader, const Value* forms, const KnownValues& known, TaskSpec* task) {
  std::string unique;
  task->unique = reader.Read("unique", &unique);
  const Value* form = FindForm(reader, forms);
  const Value* json = reader.Find("json");
  const bool raw = ReadRawBody(reader, known, task);
  if ((form != nullptr) + (json != nullptr) + (raw ? 1 : 0) > 1) {
    reader.Fail(reader.place(), "a task has one of 'form', 'json' and 'body'");
    return;
  }
  const Value* fields = form != nullptr ? form : json;
  Status encoded;
  if (form != nullptr) {
    encoded = EncodeFormBody(*form, unique, known, task);
  } else if (json != nullptr) {
    encoded = EncodeJsonBody(*json, unique, known, task);
  }
  if (!encoded) {
    reader.Fail(encoded.error());
  } else if (task->unique && (fields == nullptr || !HasUniqueMark(task->body)) &&
             !MarkQueryField(unique, task)) {
    reader.FailWanted("unique", "a text field of the form, the JSON object or the query");
  }
}

}  // namespace

TaskSpec ReadRequest(TableReader& reader, const Value* forms, ValueTable* values,
                     KnownValues* known) {
  TaskSpec task;
  ReadRequestLine(reader, *known, &task);
  ReadHeaders(reader, *known, &task);
  ReadBody(reader, forms, *known, &task);
  ReadExpectation(reader, &task.expect);
  task.take = ReadTake(reader, values);
  for (const TakenFrom& taken : task.take) {
    known->Admit(taken.value);
  }
  if (Wait wait; ReadWait(reader, "wait", &wait)) {
    task.wait = wait;
  }
  return task;
}

}  // namespace sqlicorn::loadgen
