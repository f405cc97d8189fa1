// SPDX-License-Identifier: MIT
#include "common/config/log_options.h"

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

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
