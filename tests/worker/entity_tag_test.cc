// SPDX-License-Identifier: MIT
#include "worker/answer/entity_tag.h"

#include <set>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

TEST(EntityTag, OfABodyIsItsOwn) {
  std::set<std::string> tags;
  for (const std::string& body :
       {std::string(), std::string(1, '\0'), std::string(8, '\0'), std::string(9, '\0'),
        std::string("a"), std::string("b"), std::string("[{\"id\":1}]"),
        std::string("[{\"id\":2}]"), std::string("abcdefgh12345678"),
        std::string("12345678abcdefgh")}) {
    const std::string tag = TagOfBody(body);
    EXPECT_EQ(tag.size(), 18U) << tag;
    EXPECT_TRUE(tags.insert(tag).second) << tag;
    EXPECT_EQ(TagOfBody(body), tag);
  }
}

TEST(EntityTag, OfAVersionIsTheVersionWhereThatCanBeSent) {
  EXPECT_EQ(TagOfVersion("7"), "W/\"7\"");
  EXPECT_EQ(TagOfVersion("2026-01-01T00:00:00Z"), "W/\"2026-01-01T00:00:00Z\"");
  for (const char* version : {"a b", "a\"b", "a,b", "\xC3\xA4", "a\r\nX: y"}) {
    EXPECT_EQ(TagOfVersion(version), "W/" + TagOfBody(version));
  }
}

TEST(EntityTag, IsComparedWeakly) {
  const struct {
    const char* header;
    const char* tag;
    bool has;
  } rows[] = {
      {"\"a\"", "\"a\"", true},
      {"\"b\"", "\"a\"", false},
      {"W/\"a\"", "\"a\"", true},
      {"\"a\"", "W/\"a\"", true},
      {"\"b\" , \"a\"", "\"a\"", true},
      {"*", "\"a\"", true},
      {"", "\"a\"", false},
      {"a", "\"a\"", false},
      {"\"A\"", "\"a\"", false},
      {"w/\"a\"", "\"a\"", false},
  };

  for (const auto& row : rows) {
    EXPECT_EQ(HasAlready(row.header, row.tag), row.has) << row.header << ' ' << row.tag;
  }
}

}  // namespace
}  // namespace sqlicorn
