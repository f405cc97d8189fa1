// SPDX-License-Identifier: MIT
#include "loadgen/compare/answer_check.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/http/url.h"
#include "loadgen/run/resolve_host.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

constexpr Duration kLimit = std::chrono::seconds(5);
constexpr std::size_t kMostBodyBytes = 1 << 20;

// FNV-1a, 64 bits: to tell answers apart, not to keep anybody out.
std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

bool IsConstantRead(const TaskSpec& task) {
  return task.weight > 0 && task.method == "GET" && !task.writes && !task.unique &&
         task.body.empty() && !HasMark(task.path) &&
         std::none_of(task.headers.begin(), task.headers.end(),
                      [](const auto& header) { return HasMark(header.second); });
}

std::string RequestFor(const TaskSpec& task, const Url& url) {
  const std::string prefix = url.target == "/" ? "" : url.target;
  std::string request = fmt::format("GET {}{} HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n", prefix,
                                    task.path, url.authority);
  for (const auto& [name, value] : task.headers) {
    request += fmt::format("{}: {}\r\n", name, value);
  }
  return request + "Connection: close\r\n\r\n";
}

std::string Text(const Answer& answer) {
  return fmt::format("{} with {} bytes", answer.status, answer.bytes);
}

}  // namespace

std::vector<std::string> DifferentAnswers(const std::vector<Answer>& first,
                                          const std::vector<Answer>& other) {
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < std::min(first.size(), other.size()); ++i) {
    const Answer& a = first[i];
    const Answer& b = other[i];
    if (a.name != b.name || a.status == 0 || b.status == 0) {
      continue;  // of another load; or it did not answer, which the failures under load tell
    }
    const bool stable = a.deterministic && b.deterministic;
    if (a.status != b.status || (stable && a.bytes != b.bytes)) {
      differences.push_back(fmt::format("{}: {}, not {}", b.name, Text(b), Text(a)));
    } else if (stable && a.hash != b.hash) {
      differences.push_back(fmt::format("{}: {}, but not the same ones", b.name, Text(b)));
    }
  }
  return differences;
}

AnswerCheck::AnswerCheck(Loop& loop, const Scenario& scenario, const std::string& url,
                         std::function<void(std::vector<Answer>)> on_end)
    : loop_(loop), on_end_(std::move(on_end)), turn_(loop, [this] {
        if (asked_) {
          TakeNothing();
        } else {
          Ask();
        }
      }) {
  const Result<Url> host = SplitUrl(url);
  Result<std::vector<SocketAddress>> addresses =
      host ? ResolveHost(host->address, host->port)
           : Result<std::vector<SocketAddress>>(host.error());
  if (!addresses) {
    return;  // the load will tell why
  }
  addresses_ = *std::move(addresses);
  for (const TaskSpec& task : scenario.tasks) {
    if (IsConstantRead(task)) {
      questions_.push_back({task.method + " " + task.name, RequestFor(task, *host)});
    }
  }
}

void AnswerCheck::Start() {
  asked_ = false;
  turn_.Start(Duration::zero());
}

void AnswerCheck::Ask() {
  if (answers_.size() == 2 * questions_.size()) {
    std::vector<Answer> merged;
    for (std::size_t i = 0; i < answers_.size(); i += 2) {
      merged.push_back(answers_[i]);
      merged.back().deterministic = answers_[i] == answers_[i + 1];
    }
    const auto on_end = std::move(on_end_);
    on_end(std::move(merged));
    return;
  }
  asked_ = true;
  turn_.Start(kLimit);
  parser_ = std::make_unique<ResponseParser>(ParserLimits(), kMostBodyBytes);
  parser_->StartResponse("GET");
  auto connecting = Stream::Connect(loop_, addresses_.front(), this);
  if (connecting) {
    stream_ = *std::move(connecting);
  }  // else the limit tells
}

void AnswerCheck::OnConnected(int errno_value) {
  if (errno_value != 0) {
    TakeNothing();
    return;
  }
  stream_->StartReading();
  stream_->Write(questions_[answers_.size() / 2].request);
}

void AnswerCheck::OnData(std::string_view data) {
  std::size_t consumed = 0;
  switch (parser_->Execute(data, &consumed)) {
    case Feed::kNeedMore:
      return;
    case Feed::kMessage:
      Take();
      return;
    case Feed::kError:
      TakeNothing();
  }
}

void AnswerCheck::OnReadEnd(int errno_value) {
  if (errno_value == 0 && parser_->Finish() == Feed::kMessage) {
    Take();
  } else {
    TakeNothing();
  }
}

void AnswerCheck::Take() {
  Answer answer;
  answer.name = questions_[answers_.size() / 2].name;
  answer.status = parser_->message().status();
  answer.bytes = parser_->body_bytes();
  answer.hash = HashOf(parser_->message().body());
  answers_.push_back(std::move(answer));
  stream_.reset();
  Start();
}

void AnswerCheck::TakeNothing() {
  Answer answer;
  answer.name = questions_[answers_.size() / 2].name;
  answers_.push_back(std::move(answer));
  stream_.reset();
  Start();
}

}  // namespace sqlicorn::loadgen
