// SPDX-License-Identifier: MIT
#include "loadgen/page/page_frame.h"

#include <algorithm>

#include <fmt/format.h>

#include "loadgen/page/html_text.h"
#include "loadgen/page/style.h"
#include "loadgen/report/markup_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kEndBytes = 200;  // without the data

}  // namespace

std::string PageHead(const std::string& title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style></head>\n<body>\n",
      MarkupText(title), kPageStyle);
}

std::string PageWithin(const std::function<std::string(const PageLimits&)>& page) {
  PageLimits limits;
  std::string text = page(limits);
  while (text.size() + kEndBytes > kMostPageBytes && limits.rows > 1) {
    limits = limits.Halved();
    text = page(limits);
  }
  return text;
}

std::size_t RoomAfter(const std::string& page) {
  return kMostPageBytes - std::min(kMostPageBytes, page.size() + kEndBytes);
}

std::string PageEnd(const std::string& page, const std::string& data) {
  const std::string script =
      data.empty()
          ? ""
          : fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", data);
  return page + script + "</body></html>\n";
}

std::string LeftOutHtml(const std::vector<std::string>& left_out) {
  return left_out.empty() ? ""
                          : "<p>This page shows what is most important. All of it is in the JSON: "
                            "--json-file of "
                            "compare and report, --numbers-file of run. Shown are:</p>\n" +
                                HtmlList("soft", left_out);
}

}  // namespace sqlicorn::loadgen
