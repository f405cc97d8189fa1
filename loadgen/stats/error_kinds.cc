// SPDX-License-Identifier: MIT
#include "loadgen/stats/error_kinds.h"

#include <algorithm>

#include <fmt/format.h>

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kMaxText = 400;
constexpr std::string_view kOthers = "others: more than 100 kinds of errors";

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Not within a character of UTF-8.
std::string_view Cut(std::string_view text) {
  if (text.size() <= kMaxText) {
    return text;
  }
  std::size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace

std::string WithoutNumbers(std::string_view error, std::string_view kept) {
  const std::string_view text = Cut(error);
  std::string without;
  bool found = false;
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find_if_not(at, text.end(), IsWord);
    const std::string_view word(at, end);
    if (word.empty()) {
      without += *at++;
      continue;
    }
    const bool keeps = !found && word == kept;
    found = found || keeps;
    const bool varies = !keeps && std::any_of(at, end, IsDigit);
    without += varies ? "#" : word;
    at = end;
  }
  return without;
}

void ErrorKinds::Count(std::size_t endpoint, const Sample& sample, std::string_view error,
                       std::int64_t unix_us) {
  std::string_view text = Cut(error);
  const std::string plain = WithoutNumbers(error, std::to_string(sample.status));
  std::string key = fmt::format("{} {} {} {}", endpoint, sample.status, sample.cause, plain);
  auto known = kinds_.find(key);
  if (known == kinds_.end() && kinds_.size() >= kMax) {
    text = kOthers;
    key = fmt::format("{} {}", endpoint, kOthers);
    known = kinds_.find(key);
  }
  if (known == kinds_.end()) {
    const std::string_view cause = text == kOthers ? std::string_view() : sample.cause;
    kinds_.emplace(std::move(key), Kind{list_.size()});
    list_.push_back({endpoint, std::string(text), std::string(cause), 1, unix_us, unix_us});
    return;
  }
  ErrorStats& kind = list_[known->second.at];
  ++kind.occurrences;
  kind.last_seen_us = unix_us;
  if (!known->second.varies && kind.error != text) {
    known->second.varies = true;
    kind.error = plain;
  }
}

void ErrorKinds::Clear() {
  list_.clear();
  kinds_.clear();
}

}  // namespace sqlicorn::loadgen
