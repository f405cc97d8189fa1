// SPDX-License-Identifier: MIT
#include "worker/request/field_fault.h"

#include <algorithm>

#include <fmt/format.h>

namespace sqlicorn {

bool MissesPath(const std::vector<FieldFault>& faults) {
  return std::any_of(faults.begin(), faults.end(),
                     [](const FieldFault& fault) { return fault.source == ParamSource::kPath; });
}

std::string Sentence(const std::vector<FieldFault>& faults) {
  std::string sentence;
  for (const FieldFault& fault : faults) {
    sentence +=
        fmt::format("{}field '{}' {}", sentence.empty() ? "" : "; ", fault.field, fault.detail);
  }
  return sentence;
}

}  // namespace sqlicorn
