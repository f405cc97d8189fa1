// SPDX-License-Identifier: MIT
#include "loadgen/scenario/scenario.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/text.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"
#include "common/http/url.h"
#include "loadgen/scenario/request_body.h"
#include "loadgen/scenario/seed_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 365);

void ReadHost(TableReader& reader, Scenario* scenario) {
  std::string host;
  if (!reader.Read("host", &host)) {
    return;
  }
  if (!SplitUrl(host)) {
    reader.FailWanted("host", "a URL such as \"http://127.0.0.1:8000\"");
  }
  scenario->host = std::move(host);
}

void ReadLoad(TableReader& reader, Scenario* scenario) {
  std::int64_t users = 0;
  if (reader.ReadInRange("users", Range<std::int64_t>{1, 1'000'000}, &users)) {
    scenario->users = static_cast<std::uint32_t>(users);
  }
  double spawn_rate = 0;
  if (reader.ReadInRange("spawn_rate", Range<double>{0.001, 1e6}, &spawn_rate)) {
    scenario->spawn_rate = spawn_rate;
  }
  Duration run_time{};
  if (reader.ReadInRange("run_time", Range<Duration>{std::chrono::milliseconds(1), kLongest},
                         &run_time)) {
    scenario->run_time = run_time;
  }
  reader.ReadInRange("wait", Range<Duration>{Duration::zero(), kLongest}, &scenario->wait);
}

Status ReadTasks(TableReader& reader, Scenario* scenario) {
  const Value* forms = reader.ReadTable("forms");
  std::uint64_t weights = 0;
  for (const Value* table : reader.ReadTables("task")) {
    Result<TaskSpec> task = ReadTask(*table, forms);
    if (!task) {
      return task.error();
    }
    weights += task->weight;
    scenario->tasks.push_back(*std::move(task));
  }
  if (const Value* tasks = reader.Find("task"); tasks != nullptr && weights == 0) {
    reader.Fail(tasks->place, "a scenario needs a [[task]] with a weight above 0");
  }
  reader.NoteMissing("task");
  return {};
}

Result<Scenario> FromToml(const Value& root, const std::string& source) {
  Scenario scenario;
  scenario.source = source;
  TableReader reader(root, "");
  ReadHost(reader, &scenario);
  ReadLoad(reader, &scenario);
  if (const Status tasks = ReadTasks(reader, &scenario); !tasks) {
    return tasks.error();
  }
  if (const Status all = reader.Finish(); !all) {
    return all.error();
  }
  return scenario;
}

constexpr std::array<std::string_view, 5> kOwnHeaders = {"host", "content-length", "content-type",
                                                         "transfer-encoding", "connection"};

bool IsToken(std::string_view text) {
  const auto is_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token);
}

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

void ReadRequestLine(TableReader& reader, TaskSpec* task) {
  if (reader.Read("method", &task->method) && !IsToken(task->method)) {
    reader.FailWanted("method", "a method such as \"GET\"");
  }
  if (reader.Require("path", &task->path) &&
      (task->path.empty() || task->path[0] != '/' || !IsVisibleAscii(task->path))) {
    reader.FailWanted("path", "a path that begins with '/', other than ASCII as %XX");
  }
  task->name = task->path;
  if (reader.Read("name", &task->name) && task->name.find_first_of("\r\n") != std::string::npos) {
    reader.FailWanted("name", "one line");
  }
  std::int64_t weight = 1;
  if (reader.ReadInRange("weight", Range<std::int64_t>{0, 1000}, &weight)) {
    task->weight = static_cast<std::uint32_t>(weight);
  }
  ReadEffect(reader, task);
}

void ReadHeaders(TableReader& reader, TaskSpec* task) {
  const Value* table = reader.ReadTable("headers");
  if (table == nullptr) {
    return;
  }
  for (const auto& [name, value] : std::get<Table>(table->data)) {
    const auto* text = std::get_if<std::string>(&value.data);
    if (text == nullptr ||
        text->find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      reader.Fail(value.place, fmt::format("the header '{}' must be a string of one line", name));
    } else if (!IsToken(name) || IsOwnHeader(name)) {
      reader.Fail(value.place, fmt::format("the header '{}' cannot be set", name));
    } else {
      task->headers.emplace_back(name, *text);
    }
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

// Encodes the body and puts the mark of the unique field into it, or into the query.
void ReadBody(TableReader& reader, const Value* forms, TaskSpec* task) {
  std::string unique;
  task->unique = reader.Read("unique", &unique);
  const Value* form = FindForm(reader, forms);
  const Value* json = reader.Find("json");
  const bool raw = reader.Read("body", &task->body);
  const bool typed = reader.Read("content_type", &task->content_type);
  if ((form != nullptr) + (json != nullptr) + (raw ? 1 : 0) > 1) {
    reader.Fail(reader.place(), "a task has one of 'form', 'json' and 'body'");
    return;
  }
  if (typed && (task->content_type.empty() || !raw)) {
    reader.Fail(reader.place(), "'content_type' says what 'body' is; a task without has none");
  } else if (raw && !typed) {
    task->content_type = "text/plain";
  }
  const Value* fields = form != nullptr ? form : json;
  Status encoded;
  if (form != nullptr) {
    encoded = EncodeFormBody(*form, unique, task);
  } else if (json != nullptr) {
    EncodeJsonBody(*json, unique, task);
  }
  if (!encoded) {
    reader.Fail(encoded.error());
  } else if (task->unique && (fields == nullptr || !HasUniqueMark(task->body)) &&
             !MarkQueryField(unique, task)) {
    reader.FailWanted("unique", "a text field of the form, the JSON object or the query");
  }
}

}  // namespace

Result<Scenario> LoadScenario(const std::string& path) {
  const Result<Value> root = ReadTomlFile(path);
  if (!root) {
    return root.error();
  }
  return FromToml(root.value(), path);
}

Result<Scenario> SeedScenario() {
  const std::string source = "seed (built in)";
  const Result<Value> root = ParseToml(kSeedText, source);
  if (!root) {
    return root.error();
  }
  return FromToml(root.value(), source);
}

Result<TaskSpec> ReadTask(const Value& table, const Value* forms) {
  TaskSpec task;
  TableReader reader(table, "[task]");
  ReadRequestLine(reader, &task);
  ReadHeaders(reader, &task);
  ReadBody(reader, forms, &task);
  if (const Status all = reader.Finish(); !all) {
    return all.error();
  }
  return task;
}

}  // namespace sqlicorn::loadgen
