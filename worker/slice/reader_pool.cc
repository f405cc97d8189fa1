// SPDX-License-Identifier: MIT
#include "worker/slice/reader_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sqlicorn {
namespace {

constexpr std::int64_t kOpenAgainUs = 50000;
constexpr std::int64_t kKeptUs = 1000000;  // for so long an idle reader keeps its cache

}  // namespace

ReaderPool::ReaderPool(const ServerConfig& config, Open open, const Options& options)
    : config_(config), open_(std::move(open)), options_(options) {}

Reader* ReaderPool::Find(std::int64_t now_us) {
  for (const auto& reader : readers_) {
    if (reader->state() == State::kIdle) {
      return reader.get();
    }
  }
  return HasRoom() ? OpenOne(now_us) : nullptr;
}

bool ReaderPool::HasRoom() const {
  return readers_.size() < options_.most || CountIn({State::kIdle}) > 0;
}

// What keeps one from being opened may be a lock that is held for a moment: it is tried again now
// and then, and meanwhile those that wait go on waiting.
Reader* ReaderPool::OpenOne(std::int64_t now_us) {
  if (now_us < open_from_us_) {
    return nullptr;
  }
  auto connection = open_();
  auto made = connection ? Reader::Make(std::move(*connection), config_, options_.reader)
                         : Result<std::unique_ptr<Reader>>(connection.error());
  if (made) {
    refusal_.clear();
    return readers_.emplace_back(std::move(*made)).get();
  }
  if (refusal_.empty()) {
    refused_since_us_ = now_us;
  }
  refusal_ = made.error().message;
  open_from_us_ = now_us + kOpenAgainUs;
  return nullptr;
}

std::string ReaderPool::WhyNone(std::int64_t now_us, Duration patience) const {
  const bool long_enough = now_us - refused_since_us_ >= patience / std::chrono::microseconds(1);
  return readers_.empty() && long_enough ? refusal_ : "";
}

Reader* ReaderPool::Of(const LongRead& read) const {
  const auto found = std::find_if(readers_.begin(), readers_.end(),
                                  [&read](const auto& reader) { return reader->read() == &read; });
  return found == readers_.end() ? nullptr : found->get();
}

std::size_t ReaderPool::CountIn(std::initializer_list<State> states) const {
  const auto count = std::count_if(readers_.begin(), readers_.end(), [&states](const auto& reader) {
    return std::find(states.begin(), states.end(), reader->state()) != states.end();
  });
  return static_cast<std::size_t>(count);
}

void ReaderPool::ReleaseIdle(std::int64_t now_us) {
  for (const auto& reader : readers_) {
    reader->ReleaseMemory(now_us - kKeptUs);
  }
}

void ReaderPool::CloseUnused(std::int64_t now_us) {
  std::erase_if(readers_, [now_us](const auto& reader) {
    return reader->idle_since_us() <= now_us - kUnusedUs;
  });
}

void ReaderPool::Clear() {
  for (const auto& reader : readers_) {
    reader->Drop();
  }
  readers_.clear();
}

}  // namespace sqlicorn
