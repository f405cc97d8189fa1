// SPDX-License-Identifier: MIT
#include "worker/answer/accept.h"

#include <algorithm>
#include <optional>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr int kWhole = 1000;

// "0.5" as 500; what is none counts as 1, as a parameter that nobody knows does.
int ReadQuality(std::string_view text) {
  if (text.empty() || !IsDigit(text.front()) || text.front() > '1') {
    return kWhole;
  }
  int quality = (text.front() - '0') * kWhole;
  int worth = kWhole / 10;
  for (const char c : text.size() > 2 && text[1] == '.' ? text.substr(2, 3) : std::string_view()) {
    quality += IsDigit(c) ? (c - '0') * worth : 0;
    worth /= 10;
  }
  return std::min(quality, kWhole);
}

int QualityIn(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view one = TrimBlanks(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    if (one.size() > 2 && ToLowerAscii(one.front()) == 'q' && one[1] == '=') {
      return ReadQuality(one.substr(2));
    }
  }
  return kWhole;
}

// How closely the range names the type: 3 by its name, 2 by "text/*", 1 by "*/*", else 0.
int ClosenessOf(std::string_view range, std::string_view media_type) {
  if (EqualsIgnoreCase(range, media_type)) {
    return 3;
  }
  if (range == "*/*") {
    return 1;
  }
  const std::size_t slash = media_type.find('/') + 1;
  const bool of_the_kind = range.size() == slash + 1 && range.back() == '*' &&
                           EqualsIgnoreCase(range.substr(0, slash), media_type.substr(0, slash));
  return of_the_kind ? 2 : 0;
}

bool AcceptsAll(std::string_view accept) {
  return accept.empty() || accept == "*/*";
}

}  // namespace

int QualityOf(std::string_view accept, std::string_view media_type) {
  if (AcceptsAll(accept)) {
    return kWhole;
  }
  int closest = 0;
  int quality = 0;
  while (!accept.empty()) {
    const std::string_view item = TakeListItem(accept);
    const std::size_t end = std::min(item.find(';'), item.size());
    const int closeness = ClosenessOf(TrimBlanks(item.substr(0, end)), media_type);
    if (closeness > closest) {
      closest = closeness;
      quality = QualityIn(item.substr(end));
    }
  }
  return quality;
}

RowFormat RowFormatFor(std::string_view accept) {
  if (AcceptsAll(accept)) {
    return RowFormat::kJson;
  }
  const int json = QualityOf(accept, "application/json");
  const int csv = QualityOf(accept, "text/csv");
  const int lines = QualityOf(accept, "application/x-ndjson");
  if (csv > json && csv >= lines) {
    return RowFormat::kCsv;
  }
  return lines > json ? RowFormat::kNdjson : RowFormat::kJson;
}

ProblemFormat ProblemFormatFor(std::string_view accept) {
  if (AcceptsAll(accept)) {
    return ProblemFormat::kJson;
  }
  const int json = std::max(QualityOf(accept, "application/problem+json"),
                            QualityOf(accept, "application/json"));
  const int text = QualityOf(accept, "text/plain");
  const int html = QualityOf(accept, "text/html");
  if (html > json && html >= text) {
    return ProblemFormat::kHtml;
  }
  return text > json ? ProblemFormat::kText : ProblemFormat::kJson;
}

}  // namespace sqlicorn
