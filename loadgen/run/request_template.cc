// SPDX-License-Identifier: MIT
#include "loadgen/run/request_template.h"

#include <vector>

#include "common/base/result.h"
#include "common/http/writer.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kRunIdDigits = 8;
constexpr std::size_t kCounterDigits = 10;
constexpr std::string_view kUserAgent = "sqlicorn-loadgen/" SQLICORN_VERSION;

std::string TargetOf(const TaskSpec& task, const Url& host) {
  std::string prefix = host.target;
  if (prefix.back() == '/') {
    prefix.pop_back();
  }
  return prefix + task.path;
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
  if (task.unique) {
    const std::size_t mark = bytes_.find(kUniqueMark);
    CHECK(mark != std::string::npos);
    bytes_.replace(mark, kRunIdDigits, run_id);
    counter_at_ = mark + kRunIdDigits + 1;
  }
}

std::string_view RequestTemplate::BytesFor(std::uint64_t id) {
  if (unique()) {
    for (std::size_t i = counter_at_ + kCounterDigits; i-- > counter_at_; id /= 10) {
      bytes_[i] = static_cast<char>('0' + id % 10);
    }
    CHECK(id == 0);
  }
  return bytes_;
}

}  // namespace sqlicorn::loadgen
