// SPDX-License-Identifier: MIT
#include "worker/request/router.h"

#include "common/config/path_pattern.h"
#include "common/http/url.h"

namespace sqlicorn {

Router::Router(const std::vector<EndpointSpec>& endpoints, const std::vector<bool>& writes) {
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    MethodTable& table = TableOf(endpoints[i].path);
    for (const std::string& method : endpoints[i].methods) {
      table.Add(method, i, writes[i]);
    }
  }
  for (auto& [path, table] : literals_) {
    table.AddHead();
  }
  patterns_.AddHeads();
}

MethodTable& Router::TableOf(const std::string& path) {
  const auto pattern = ParsePath(path);
  if (pattern && !VariablesOf(*pattern).empty()) {
    has_patterns_ = true;
    return patterns_.At(*pattern);
  }
  return literals_[LiteralKey(path)];
}

const MethodTable* Router::FindLiteral(std::string_view path) const {
  auto found = literals_.find(path);
  if (found == literals_.end() && path.find('%') != std::string_view::npos &&
      !HasEncodedSlash(path)) {
    std::string decoded;
    if (PercentDecode(path, &decoded)) {
      found = literals_.find(decoded);
    }
  }
  return found == literals_.end() ? nullptr : &found->second;
}

Router::Route Router::Find(std::string_view method, std::string_view path,
                           PathValues* values) const {
  values->Clear();
  PathSearch search{method, *values};
  const MethodTable* const literal = FindLiteral(path);
  if (literal != nullptr && search.Accept(*literal)) {
    return {.verdict = Verdict::kFound, .endpoint = search.endpoint};
  }
  if (has_patterns_ && patterns_.Find(path, search)) {
    return {.verdict = values->Decode() ? Verdict::kFound : Verdict::kNoPath,
            .endpoint = search.endpoint};
  }
  Route route{.verdict = search.others.empty() ? Verdict::kNoPath : Verdict::kNoMethod};
  for (const MethodTable* table : search.others) {
    table->AppendTo(&route.allow);
  }
  return route;
}

bool Router::Has(std::string_view path) const {
  PathValues values;
  return Find("GET", path, &values).verdict != Verdict::kNoPath;
}

}  // namespace sqlicorn
