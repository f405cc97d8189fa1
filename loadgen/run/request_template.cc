// SPDX-License-Identifier: MIT
#include "loadgen/run/request_template.h"

#include <algorithm>
#include <vector>

#include "common/base/result.h"
#include "common/http/writer.h"
#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kRunIdDigits = 8;
constexpr std::size_t kCounterDigits = 10;
constexpr std::string_view kUserAgent = "sqlicorn-loadgen/" SQLICORN_VERSION;

// Stands for the length of the body.
constexpr std::size_t kBodyLength = 0xFFFF;

// A path that an answer has named is a whole one.
std::string TargetOf(const TaskSpec& task, const Url& host) {
  if (HasMark(task.path.substr(0, 1))) {
    return task.path;
  }
  std::string prefix = host.target;
  if (prefix.back() == '/') {
    prefix.pop_back();
  }
  return prefix + task.path;
}

// The header cannot be one of the scenario's: those have no line ends and not this name.
void MarkBodyLength(std::string* request) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t name = request->find(kName);
  CHECK(name != std::string::npos);
  const std::size_t digits = name + kName.size();
  std::string mark;
  AppendMark(kBodyLength, Encoding::kRaw, &mark);
  request->replace(digits, request->find('\r', digits) - digits, mark);
}

}  // namespace

RequestTemplate::RequestTemplate(const TaskSpec& task, const Url& host, std::string_view run_id) {
  CHECK(run_id.size() == kRunIdDigits);
  std::vector<HeaderView> headers = {{"User-Agent", kUserAgent}, {"Accept", "*/*"}};
  for (const auto& [name, value] : task.headers) {
    headers.push_back({name, value});
  }
  const std::string target = TargetOf(task, host);
  RequestParts parts;
  parts.method = task.method;
  parts.target = target;
  parts.host = host.authority;
  parts.headers = headers;
  parts.content_type = task.content_type;
  parts.body = task.body;
  AppendRequest(parts, &bytes_);
  if (HasMark(task.body)) {
    MarkBodyLength(&bytes_);
  }
  has_values_ = HasMark(bytes_);
  body_at_ = bytes_.size() - task.body.size();
  if (task.unique) {
    const std::size_t mark = bytes_.find(kUniqueMark);
    CHECK(mark != std::string::npos);
    bytes_.replace(mark, kRunIdDigits, run_id);
    counter_at_ = mark + kRunIdDigits + 1;
  }
}

std::string_view RequestTemplate::BytesFor(std::uint64_t id) {
  CHECK(!has_values_);
  PutId(id);
  return bytes_;
}

std::string_view RequestTemplate::BytesFor(std::uint64_t id, UserValues& values) {
  PutId(id);
  if (!has_values_) {
    return bytes_;
  }
  const std::string_view all = bytes_;
  body_.clear();
  Fill(all.substr(body_at_), values, &body_);
  filled_.clear();
  Fill(all.substr(0, body_at_), values, &filled_);
  filled_.append(body_);
  return filled_;
}

void RequestTemplate::PutId(std::uint64_t id) {
  if (unique()) {
    for (std::size_t i = counter_at_ + kCounterDigits; i-- > counter_at_; id /= 10) {
      bytes_[i] = static_cast<char>('0' + id % 10);
    }
    CHECK(id == 0);
  }
}

void RequestTemplate::Fill(std::string_view text, UserValues& values, std::string* out) const {
  while (true) {
    const std::size_t at = std::min(text.find(kMarkBegin), text.size());
    out->append(text.substr(0, at));
    text.remove_prefix(at);
    if (text.empty()) {
      return;
    }
    const Mark mark = ReadMark(text);
    text.remove_prefix(kMarkSize);
    if (mark.value == kBodyLength) {
      out->append(std::to_string(body_.size()));
    } else {
      const ValueText value = values.Get(mark.value);
      AppendEncoded(value.text, value.is_number, mark.encoding, out);
    }
  }
}

}  // namespace sqlicorn::loadgen
