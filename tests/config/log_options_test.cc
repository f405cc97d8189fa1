// SPDX-License-Identifier: MIT
#include "common/config/log_options.h"

#include <gtest/gtest.h>

#include "common/config/server_config.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

struct Case {
  const char* text;
  AccessAtom atom;
  const char* name;
};

TEST(AccessFormat, KnowsEveryAtomOfGunicorn) {
  const std::vector<Case> cases = {
      {"%(h)s", AccessAtom::kRemote, ""},
      {"%(l)s", AccessAtom::kDash, ""},
      {"%(u)s", AccessAtom::kUser, ""},
      {"%(t)s", AccessAtom::kTime, ""},
      {"%(r)s", AccessAtom::kRequestLine, ""},
      {"%(m)s", AccessAtom::kMethod, ""},
      {"%(U)s", AccessAtom::kPath, ""},
      {"%(q)s", AccessAtom::kQuery, ""},
      {"%(H)s", AccessAtom::kProtocol, ""},
      {"%(s)s", AccessAtom::kStatus, ""},
      {"%(b)s", AccessAtom::kBytes, ""},
      {"%(B)d", AccessAtom::kBytes, ""},
      {"%(f)s", AccessAtom::kReferer, ""},
      {"%(a)s", AccessAtom::kUserAgent, ""},
      {"%(T)s", AccessAtom::kSeconds, ""},
      {"%(M)s", AccessAtom::kMilliseconds, ""},
      {"%(D)d", AccessAtom::kMicroseconds, ""},
      {"%(L)s", AccessAtom::kDecimalSeconds, ""},
      {"%(p)s", AccessAtom::kPid, ""},
      {"%({X-Forwarded-For}i)s", AccessAtom::kRequestHeader, "x-forwarded-for"},
      {"%({Content-Type}o)s", AccessAtom::kResponseHeader, "content-type"},
      {"%({REMOTE_ADDR}e)s", AccessAtom::kVariable, "remote_addr"},
      {"%(z)s", AccessAtom::kDash, ""},
      {"%(foo)s", AccessAtom::kDash, ""},
      {"%()s", AccessAtom::kDash, ""},
      {"%({}i)s", AccessAtom::kDash, ""},
      {"%({x}z)s", AccessAtom::kDash, ""},
      {"%({xi)s", AccessAtom::kDash, ""},
      {"100%%", AccessAtom::kLiteral, "100%"},
      {"ab", AccessAtom::kLiteral, "ab"},
  };
  for (const Case& c : cases) {
    const auto format = ParseAccessFormat(c.text);
    ASSERT_TRUE(format) << c.text;
    ASSERT_EQ(format->pieces.size(), 1U) << c.text;
    EXPECT_EQ(format->pieces.front().atom, c.atom) << c.text;
    EXPECT_EQ(format->pieces.front().text, c.name) << c.text;
  }
}

TEST(AccessFormat, IsTakenApartInOrder) {
  const auto format = ParseAccessFormat("a %(h)s%% \"%(r)s\"");
  ASSERT_TRUE(format);
  ASSERT_EQ(format->pieces.size(), 5U);
  EXPECT_EQ(format->pieces[0].text, "a ");
  EXPECT_EQ(format->pieces[2].text, "% \"");
  EXPECT_EQ(format->pieces[4].text, "\"");
}

TEST(AccessFormat, MeasuresTimeOnlyWhenALineTellsIt) {
  EXPECT_FALSE(ParseAccessFormat(ServerSettings().access_log_format)->durations);
  for (const char* text : {"%(T)s", "%(M)s", "%(D)s", "%(L)s", "json"}) {
    EXPECT_TRUE(ParseAccessFormat(text)->durations) << text;
  }
}

TEST(AccessFormat, JsonIsAWordOfItsOwn) {
  EXPECT_TRUE(ParseAccessFormat("json")->json);
  EXPECT_FALSE(ParseAccessFormat("json ")->json);
}

TEST(AccessFormat, RefusesWhatPythonCouldNotFormat) {
  const std::vector<BadInput> cases = {
      {"", "must be one line of text"},
      {"a\nb", "must be one line of text"},
      {"a %h", "cannot read '%h': write %(atom)s, and %% for a percent sign"},
      {"50%", "cannot read '%': write %(atom)s, and %% for a percent sign"},
      {"%(h", "cannot read '%(h': the ')' is missing"},
      {"%(h)", "cannot read '%(h)': write an 's' behind the ')'"},
      {"%(h)d", "cannot read '%(h)d': write an 's' behind the ')'"},
      {"%(h) %(t)s", "cannot read '%(h) %(t)s': write an 's' behind the ')'"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(ParseAccessFormat(c.text)), c.error);
  }
}

TEST(SyslogOptions, AreNothingUnlessAskedFor) {
  EXPECT_FALSE(SyslogOptionsOf({}));
}

TEST(SyslogOptions, TakeTheNameOfTheProcessWithoutItsColons) {
  ServerSettings settings;
  settings.syslog = true;
  settings.proc_name = "app:one";
  settings.syslog_facility = "local0";
  const auto options = SyslogOptionsOf(settings);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->program, "sqlicorn.app.one");
  EXPECT_EQ(options->facility, 16);
  EXPECT_EQ(options->target.address.ToString(), "127.0.0.1:514");
}

TEST(SyslogOptions, PreferThePrefix) {
  ServerSettings settings;
  settings.syslog = true;
  settings.proc_name = "app";
  settings.syslog_prefix = "shop";
  EXPECT_EQ(SyslogOptionsOf(settings)->program, "sqlicorn.shop");
}

}  // namespace

}  // namespace sqlicorn
