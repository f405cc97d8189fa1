// SPDX-License-Identifier: MIT
#include "loadgen/selftest/toy_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/base/numbers.h"
#include "common/base/process.h"
#include "common/base/socket_address.h"
#include "common/base/unique_fd.h"
#include "common/http/url.h"
#include "common/uv/watchers.h"
#include "loadgen/serve/small_server.h"
#include "loadgen/server/guard.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kServer = "toy-server";
constexpr std::string_view kRival = "toy-rival";
constexpr std::string_view kNoFile = "-";

// Its rows, and the one that it forgets.
class ToyTable {
 public:
  explicit ToyTable(std::uint64_t forgets) : forgets_(forgets) {}

  SmallAnswer Take(const Message& request) {
    if (request.method() == "POST") {
      Insert(request.body());
    }
    return {200, "text/plain", "ok", SmallAnswer::Then::kKeep};
  }

  [[nodiscard]] const std::string& rows() const { return rows_; }

 private:
  void Insert(std::string_view body) {
    if (form_.Decode(body) != FormOutcome::kOk) {
      return;
    }
    for (const auto& [name, value] : form_.fields()) {
      if (name == "name" && ++writes_ != forgets_) {
        rows_ += fmt::format("{}\n", value);
      }
    }
  }

  std::uint64_t forgets_;
  std::uint64_t writes_ = 0;
  FormDecoder form_;
  std::string rows_;
};

int Serve(UniqueFd listener, const ToyServer::Behaviour& behaviour) {
  ToyTable table(behaviour.forgets);
  Loop loop;
  const SmallServer server(loop, std::move(listener),
                           [&](const Message& request) { return table.Take(request); });
  const SignalWatcher terminate(loop, SIGTERM, [&] { loop.Stop(); });
  loop.Run();
  const Status written =
      behaviour.rows_file == kNoFile ? Status() : WriteFile(behaviour.rows_file, table.rows());
  return static_cast<int>(written ? ExitCode::kOk : ExitCode::kError);
}

int NeverRest(pid_t parent) {
  std::atomic<std::uint64_t> turns = 0;
  for (bool goes_on = AskForSignalOfParent(SIGKILL, parent); goes_on;) {
    ++turns;
  }
  return static_cast<int>(ExitCode::kError);
}

}  // namespace

Result<ToyServer> ToyServer::Start(Loop& loop, const Behaviour& behaviour) {
  const Result<SocketAddress> anywhere = SocketAddress::Ip("127.0.0.1", 0);
  Result<UniqueFd> listener = anywhere ? ListenAt(*anywhere) : anywhere.error();
  if (!listener) {
    return listener.error();
  }
  // The child takes the socket along, which already queues whoever connects.
  fcntl(listener->get(), F_SETFD, 0);
  const ChildProcess::Command command{
      {kThisProgram, std::string(kServer), fmt::to_string(getpid()),
       fmt::to_string(listener->get()), fmt::to_string(behaviour.forgets),
       behaviour.rows_file.empty() ? std::string(kNoFile) : behaviour.rows_file},
      "",
      ""};
  ToyServer toy;
  toy.url_ = fmt::format("http://127.0.0.1:{}", SocketAddress::LocalOf(listener->get()).port());
  toy.on_end_ = std::make_shared<std::function<void()>>();
  auto process = ChildProcess::Start(loop, command, [on_end = toy.on_end_](ProcessExit) {
    if (*on_end) {
      (*on_end)();
    }
  });
  if (!process) {
    return process.error();
  }
  toy.process_ = *std::move(process);
  return toy;
}

void ToyServer::Freeze() {
  process_->Kill(SIGSTOP);
}

void ToyServer::Thaw() {
  process_->Kill(SIGCONT);
}

void ToyServer::End(std::function<void()> on_end) {
  if (!process_->running()) {
    on_end();
    return;
  }
  *on_end_ = std::move(on_end);
  process_->Kill(SIGTERM);
}

std::vector<std::string> RivalCommand() {
  return {kThisProgram, std::string(kRival), fmt::to_string(getpid())};
}

std::optional<int> RunToy(int argc, char** argv) {
  const std::string_view word = argc > 2 ? argv[1] : "";
  const pid_t parent = argc > 2 ? ParseWhole<pid_t>(argv[2]).value_or(0) : 0;
  if (word == kRival && argc == 3) {
    return NeverRest(parent);
  }
  if (word != kServer || argc != 6) {
    return std::nullopt;
  }
  const auto fd = ParseWhole<int>(argv[3]);
  const auto forgets = ParseWhole<std::uint64_t>(argv[4]);
  // The one signal that ends it while it is frozen, too.
  return fd && forgets && AskForSignalOfParent(SIGKILL, parent)
             ? Serve(UniqueFd(*fd), {*forgets, argv[5]})
             : static_cast<int>(ExitCode::kError);
}

Result<std::vector<std::string>> ReadToyRows(const std::string& rows_file) {
  const Result<std::string> text = ReadFile(rows_file);
  if (!text) {
    return text.error();
  }
  std::vector<std::string> rows;
  for (std::size_t from = 0; from < text->size();) {
    const std::size_t end = text->find('\n', from);
    rows.push_back(text->substr(from, end - from));
    from = end == std::string::npos ? text->size() : end + 1;
  }
  return rows;
}

}  // namespace sqlicorn::loadgen
