// SPDX-License-Identifier: MIT
#include "loadgen/results/audit_json.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::ordered_json;

const char* MethodName(AuditMethod method) {
  switch (method) {
    case AuditMethod::kNone:
      return "none";
    case AuditMethod::kById:
      return "id";
    case AuditMethod::kByValue:
      return "value";
    case AuditMethod::kByCount:
      break;
  }
  return "count";
}

AuditMethod ReadMethod(const JsonPlace& from) {
  const auto name = from.As<std::string>();
  if (name == "id") {
    return AuditMethod::kById;
  }
  if (name == "value") {
    return AuditMethod::kByValue;
  }
  if (name == "count") {
    return AuditMethod::kByCount;
  }
  if (name != "none") {
    from.Refuse("is no method of an audit");
  }
  return AuditMethod::kNone;
}

}  // namespace

nlohmann::ordered_json AuditJson(const Audit& audit) {
  return {{"method", MethodName(audit.method)},
          {"acknowledged", audit.acknowledged},
          {"rows", audit.rows},
          {"lost", audit.lost},
          {"duplicates", audit.duplicates},
          {"unexplained", audit.unexplained},
          {"unacknowledged", audit.unacknowledged},
          {"altered", audit.altered},
          {"why_not", audit.why_not},
          {"examples", audit.examples},
          {"unreadable", audit.unreadable}};
}

std::vector<std::string> ReadTexts(const JsonPlace& from) {
  std::vector<std::string> texts;
  const std::size_t size = from.size();
  for (std::size_t i = 0; i < size; ++i) {
    texts.push_back(from.At(i).As<std::string>());
  }
  return texts;
}

Audit ReadAudit(const JsonPlace& from) {
  Audit audit = {ReadMethod(from["method"]),
                 from["acknowledged"].As<std::uint64_t>(),
                 from["rows"].As<std::uint64_t>(),
                 from["lost"].As<std::uint64_t>(),
                 from["duplicates"].As<std::uint64_t>(),
                 from["unexplained"].As<std::uint64_t>(),
                 from["unacknowledged"].As<std::uint64_t>(),
                 from["why_not"].As<std::string>(),
                 ReadTexts(from["examples"]),
                 from.Has("altered") ? from["altered"].As<std::uint64_t>() : 0};
  if (from.Has("unreadable")) {
    audit.unreadable = from["unreadable"].As<std::string>();
  }
  return audit;
}

}  // namespace sqlicorn::loadgen
