// SPDX-License-Identifier: MIT
#include "loadgen/scenario/text_template.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen {
namespace {

ValueTable Table() {
  ValueTable table;
  table.values = {{"user", UserNumberValue()}, {"item", CounterValue()}, {"token", TakenValue()}};
  return table;
}

// Marks as "<value:encoding>".
std::string Shown(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    if (text.front() == kMarkBegin) {
      const Mark mark = ReadMark(text);
      shown += "<" + std::to_string(mark.value) + ":" + static_cast<char>(mark.encoding) + ">";
      text.remove_prefix(kMarkSize);
    } else {
      shown += text.front();
      text.remove_prefix(1);
    }
  }
  return shown;
}

std::string Encode(std::string_view text, Encoding encoding) {
  const ValueTable table = Table();
  const Result<std::string> encoded = EncodeText(text, encoding, KnownValues(table));
  return encoded ? Shown(*encoded) : encoded.error().message;
}

TEST(TextTemplate, PutsAMarkWhereAValueStands) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {"plain $ {text} $", "plain $ {text} $"},
      {"${item}", "<1:r>"},
      {"a${user}-${item}b", "a<0:r>-<1:r>b"},
      {"$${item} ${item}", "${item} <1:r>"},
      {"${item", "'${' is not closed by '}'"},
      {"${itm}", "there is no value 'itm' here (did you mean 'item'?)"},
      {"${colour}", "there is no value 'colour' here; $${ stands for ${ itself"},
      {"${token}", "'token' is taken from an answer, but by no step before this one"},
  };
  for (const auto& [text, marked] : cases) {
    EXPECT_EQ(Encode(text, Encoding::kRaw), marked) << text;
  }
}

TEST(TextTemplate, KnowsWhatIsTakenOnceAStepHasTakenIt) {
  const ValueTable table = Table();
  KnownValues known(table);
  EXPECT_FALSE(known.Find("token").ok());
  known.Admit(2);
  EXPECT_EQ(known.Find("token").value(), 2u);
}

TEST(TextTemplate, EncodesWhatStandsAroundTheMark) {
  EXPECT_EQ(Encode("a b${item}&", Encoding::kForm), "a+b<1:f>%26");
  EXPECT_EQ(Encode("\"${item}\n", Encoding::kJsonText), "\\\"<1:j>\\n");
}

TEST(TextTemplate, WritesAValueAsItsPlaceAsks) {
  struct Case {
    Encoding encoding;
    std::string text;
    bool is_number;
    std::string written;
  };

  const std::vector<Case> cases = {
      {Encoding::kRaw, "a\n\"b\" /", false, "a\n\"b\" /"},
      {Encoding::kLine, "a\r\nX-Evil: 1\t", false, "a  X-Evil: 1 "},
      {Encoding::kPart, "a b/c?d=é", false, "a%20b%2Fc%3Fd%3D%C3%A9"},
      {Encoding::kForm, "a b/c", false, "a+b%2Fc"},
      {Encoding::kTarget, "/a/b?c=1&d=%20", false, "/a/b?c=1&d=%20"},
      {Encoding::kTarget, "http://h:1/a?b=http://c/#top", false, "/a?b=http://c/"},
      {Encoding::kTarget, "http://h", false, "/"},
      {Encoding::kTarget, "a b\r\nHost: x", false, "/a%20b%0D%0AHost:%20x"},
      {Encoding::kJsonText, "a\"\\\n\t\x01é", false, "a\\\"\\\\\\n\\t\\u0001é"},
      {Encoding::kJsonWhole, "5", false, "\"5\""},
      {Encoding::kJsonWhole, "5", true, "5"},
  };
  for (const Case& c : cases) {
    std::string out;
    AppendEncoded(c.text, c.is_number, c.encoding, &out);
    EXPECT_EQ(out, c.written) << c.text;
  }
}

}  // namespace
}  // namespace sqlicorn::loadgen
