// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sqlicorn {

// What a request's path has for the variables of its endpoint's pattern, in their order. An
// exchange owns one and keeps its memory from request to request; the views point into it or the
// request.
class PathValues {
 public:
  void Clear() { values_.clear(); }

  // While a path is matched: as sent, undecoded.
  void Push(std::string_view raw) { values_.push_back(raw); }

  void Pop() { values_.pop_back(); }

  // Decodes them all. False when one is not UTF-8, holds NUL or has a bad escape.
  [[nodiscard]] bool Decode();

  [[nodiscard]] std::size_t size() const { return values_.size(); }

  // REQUIRES: index < size().
  [[nodiscard]] std::string_view at(std::size_t index) const { return values_[index]; }

 private:
  std::vector<std::string_view> values_;
  std::string decoded_;  // what those point to that had an escape
};

}  // namespace sqlicorn
