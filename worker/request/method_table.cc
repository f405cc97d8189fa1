// SPDX-License-Identifier: MIT
#include "worker/request/method_table.h"

namespace sqlicorn {

void MethodTable::Add(std::string_view method, std::size_t endpoint, bool writes) {
  if (method != "HEAD" || !writes) {
    entries_.push_back({std::string(method), endpoint, writes});
  }
}

void MethodTable::AddHead() {
  const Entry* const get = At("GET");
  if (get != nullptr && !get->writes && At("HEAD") == nullptr) {
    Add("HEAD", get->endpoint, false);
  }
}

std::optional<std::size_t> MethodTable::Find(std::string_view method) const {
  const Entry* const entry = At(method);
  return entry == nullptr ? std::nullopt : std::optional(entry->endpoint);
}

void MethodTable::AppendTo(std::string* allow) const {
  for (const Entry& entry : entries_) {
    // No method is a part of another one's name.
    if (allow->find(entry.method) == std::string::npos) {
      *allow += allow->empty() ? "" : ", ";
      *allow += entry.method;
    }
  }
}

const MethodTable::Entry* MethodTable::At(std::string_view method) const {
  for (const Entry& entry : entries_) {
    if (entry.method == method) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace sqlicorn
