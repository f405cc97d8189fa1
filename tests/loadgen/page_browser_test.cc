// SPDX-License-Identifier: MIT
// The HTML report in a real browser: what it draws and how it is laid out on a phone and on a wide
// screen. Skipped where there is no Chromium. REPORT_SCREENSHOTS=DIR keeps pictures to look at.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/json/json_text.h"
#include "loadgen/page/comparison_page.h"
#include "tests/loadgen/many_configurations.h"
#include "tests/support/temp_file.h"

namespace sqlicorn::loadgen {
namespace {

std::string OutputOf(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), size);
  }
  pclose(pipe);
  return output;
}

// Lays the page out in a frame of the width that the address tells, and writes down what it finds.
constexpr const char* kExaminer = R"html(<!doctype html><meta charset="utf-8"><body><script>
const width = Number(location.hash.slice(1)), frame = document.createElement("iframe");
frame.style.cssText = `border:0;height:3000px;width:${width}px`;
frame.srcdoc = PAGE;
frame.onload = () => {
  const page = frame.contentDocument, all = (s, e = page) => [...e.querySelectorAll(s)];
  const shown = e => e.getClientRects().length > 0;
  const boxes = all("svg text").filter(shown).map(e => [e, e.getBoundingClientRect()]);
  const hit = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
  const overlaps = [];
  boxes.forEach(([a, box], i) => boxes.slice(i + 1).forEach(([b, other]) => {
    if (hit(box, other)) overlaps.push(a.textContent + " / " + b.textContent);
  }));
  const drawn = e => { const b = e.getBoundingClientRect(); return b.width > 0 || b.height > 0; };
  const found = JSON.stringify({
    overflow: page.documentElement.scrollWidth - width,
    overlaps,
    outside: boxes.filter(([, b]) => b.left < -1 || b.right > width + 1).map(([e]) => e.textContent),
    bars: all(".bar").filter(drawn).map(e => [Number(e.dataset.value), e.getBoundingClientRect().width]),
    bad_bars: all(".failbar").map(e => Number(e.dataset.value)),
    dots: all(".dot").filter(drawn).map(e => Number(e.dataset.value)),
    curves: all("path.curve").filter(drawn).length,
    unlabelled: all("svg[role=img]").filter(e => !e.querySelector("title")?.textContent).length,
    tables: all("table").filter(shown).length,
  });
  document.body.replaceChildren(found);
};
document.body.append(frame);
</script>)html";

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v chromium >/dev/null") != 0) {
      GTEST_SKIP() << "no chromium here (script/setup --dev installs it)";
    }
  }

  std::string Chromium(const std::string& arguments) const {
    return OutputOf(
        "timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars "
        "--user-data-dir=" +
        dir_.File("profile") + " " + arguments + " 2>/dev/null");
  }

  [[nodiscard]] nlohmann::json Examine(const Comparison& comparison, int width) const {
    std::string examiner = kExaminer;
    const std::string page = TextOf(nlohmann::json(ComparisonPage(comparison)));
    // The text of a script must not contain the end of one.
    std::string quoted;
    for (const char c : page) {
      quoted += c == '<' ? "\\u003c" : std::string(1, c);
    }
    examiner.replace(examiner.find("PAGE"), 4, quoted);
    std::ofstream(dir_.File("examiner.html")) << examiner;
    const std::string dom = Chromium(
        "--window-size=1500,3000 --virtual-time-budget=5000 --dump-dom "
        "'file://" +
        dir_.File("examiner.html") + "#" + std::to_string(width) + "'");
    const std::size_t from = dom.find("<body>") + 6;
    return JsonOf(dom.substr(from, dom.find("</body>") - from));
  }

  void Picture(const Comparison& comparison, const std::string& name) const {
    const char* folder = std::getenv("REPORT_SCREENSHOTS");
    if (folder == nullptr) {
      return;
    }
    std::ofstream(dir_.File("page.html")) << ComparisonPage(comparison);
    for (const char* size : {"390,4000", "1400,2600"}) {
      for (const char* scheme : {"0", "1"}) {  // dark, light
        Chromium(std::string("--window-size=") + size +
                 " --blink-settings=preferredColorScheme=" + scheme + " --screenshot=" + folder +
                 "/" + name + "-" + std::string(size, 4) + (*scheme == '0' ? "-dark" : "-light") +
                 ".png 'file://" + dir_.File("page.html") + "'");
      }
    }
  }

  TempDir dir_;
};

TEST_F(Browser, DrawsEveryNumberWhereItBelongs) {
  const Comparison comparison = sample::Built();
  const auto seen = Examine(comparison, 1400);
  ASSERT_TRUE(seen.is_object()) << "the page was not laid out";
  ASSERT_EQ(seen["bars"].size(), 2U);
  const double first = comparison.configurations[0].measured.all.ok_rps;
  const double second = comparison.configurations[1].measured.all.ok_rps;
  EXPECT_EQ(seen["bars"][0][0], first);
  EXPECT_EQ(seen["bars"][1][0], second);
  EXPECT_NEAR(seen["bars"][1][1].get<double>() / seen["bars"][0][1].get<double>(), second / first,
              0.5)
      << "a bar is as long as its number";
  EXPECT_EQ(seen["bad_bars"][0], comparison.configurations[0].measured.all.failures_per_s);
  EXPECT_EQ(seen["dots"][1], comparison.configurations[1].ok_rate.ratio);
  EXPECT_EQ(seen["curves"], 6) << "reads, writes and time of two configurations";
  EXPECT_EQ(seen["unlabelled"], 0);
  EXPECT_GE(seen["tables"], 7);
}

TEST_F(Browser, FitsPhonesAndWideScreensWithoutOverlaps) {
  for (const std::size_t configurations : {1, 8, 20}) {
    const Comparison comparison = sample::ManyConfigurations(configurations, 3);
    for (const int width : {390, 1400}) {
      const auto seen = Examine(comparison, width);
      ASSERT_TRUE(seen.is_object()) << "the page was not laid out";
      EXPECT_LE(seen["overflow"], 0) << configurations << " on " << width;
      EXPECT_EQ(seen["overlaps"].size(), 0U)
          << configurations << " on " << width << seen["overlaps"];
      EXPECT_EQ(seen["outside"].size(), 0U) << configurations << " on " << width << seen["outside"];
      EXPECT_EQ(seen["curves"], 3 * configurations);
    }
    Picture(comparison, std::to_string(configurations));
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
