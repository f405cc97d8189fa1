// SPDX-License-Identifier: MIT
#include "loadgen/plan/plan_command.h"

#include <csignal>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/http/url.h"
#include "loadgen/plan/plan_settings.h"

namespace sqlicorn::loadgen {
namespace {

// With a port in it.
Result<Url> UrlFrom(std::string text) {
  if (const std::size_t at = text.find("{port}"); at != std::string::npos) {
    text.replace(at, 6, "8000");
  }
  return SplitUrl(text);
}

void ReadUrl(const char* key, TableReader* reader, std::string* url) {
  if (reader->Read(key, url) && !UrlFrom(*url)) {
    reader->FailWanted(key, "an http:// URL such as \"http://127.0.0.1:{port}\"");
  }
}

void ReadEnvironment(TableReader* reader, std::vector<std::string>* environment) {
  const Value* table = reader->ReadTable("environment");
  if (table == nullptr) {
    return;
  }
  for (const auto& [name, value] : std::get<Table>(table->data)) {
    const auto* text = std::get_if<std::string>(&value.data);
    const Result<std::string> other = SettingText(value);
    if (name.find('=') != std::string::npos || !other) {
      reader->Fail(value.place, fmt::format("'{}' is no variable of the environment", name));
    } else {
      environment->push_back(name + "=" + (text != nullptr ? *text : *other));
    }
  }
}

// A command starts one server, on this machine.
void CheckUrlBesideCommand(const PlanCommand& command, TableReader* reader) {
  const Result<Url> url = UrlFrom(command.url);
  const Result<Url> ready = UrlFrom(command.ready_url.empty() ? command.url : command.ready_url);
  if (!url || !ready) {
    return;
  }
  if (url->address != "127.0.0.1" && url->address != "localhost") {
    reader->FailWanted("url", "at 127.0.0.1 beside a command, which starts a server here");
  } else if (url->port != ready->port) {
    reader->FailWanted("url", "at the port of 'ready_url', because a command is one server");
  }
}

}  // namespace

std::optional<PlanCommand> ReadCommand(const std::string& directory, TableReader* reader) {
  const Choices<int> signals = {{"TERM", SIGTERM}, {"INT", SIGINT},   {"QUIT", SIGQUIT},
                                {"HUP", SIGHUP},   {"USR1", SIGUSR1}, {"KILL", SIGKILL}};
  PlanCommand command;
  const bool starts = reader->Read("command", &command.argv);
  const bool has_url = reader->Find("url") != nullptr;
  ReadUrl("url", reader, &command.url);
  ReadUrl("ready_url", reader, &command.ready_url);
  reader->ReadChoice("stop", signals, &command.stop);
  ReadEnvironment(reader, &command.environment);
  command.directory = directory;
  if (reader->Read("directory", &command.directory)) {
    command.directory = ResolvePath(directory, command.directory);
  }
  if (starts && command.argv.empty()) {
    reader->FailWanted("command", "a list of the program and its arguments");
  }
  if (!starts && has_url && command.url.find("{port}") != std::string::npos) {
    reader->FailWanted("url", "that of a running server where there is no command");
  }
  if (starts && has_url) {
    CheckUrlBesideCommand(command, reader);
  }
  for (const char* key : {"ready_url", "stop", "environment", "directory"}) {
    if (!starts && reader->Find(key) != nullptr) {
      reader->Fail(reader->Find(key)->place, fmt::format("'{}' belongs to a command", key));
    }
  }
  return starts || has_url ? std::make_optional(std::move(command)) : std::nullopt;
}

}  // namespace sqlicorn::loadgen
