// SPDX-License-Identifier: MIT
#include "common/config/faults.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace sqlicorn {

void Faults::Add(const Place& place, std::string_view what) {
  Add(place, Error{std::string(what)}.In(place.ToString()));
}

void Faults::Add(const Place& place, const Error& error) {
  faults_.push_back({place, error.message});
}

void Faults::Add(const Faults& others) {
  faults_.insert(faults_.end(), others.faults_.begin(), others.faults_.end());
}

Status Faults::ToStatus() const {
  if (faults_.empty()) {
    return {};
  }
  // What has no line is of the whole file, of a flag or of the environment, and comes first.
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  constexpr std::size_t kMost = 20;
  std::string text = sorted.front().text;
  for (std::size_t i = 1; i < std::min(sorted.size(), kMost); ++i) {
    text += "\n" + sorted[i].text;
  }
  if (sorted.size() > kMost) {
    text += fmt::format("\nand {} more", sorted.size() - kMost);
  }
  return Error{std::move(text)};
}

}  // namespace sqlicorn
