// SPDX-License-Identifier: MIT
#include "common/config/answers.h"

#include <gtest/gtest.h>

#include "common/config/answer_text.h"
#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

AnswerSpec ReadFrom(const std::string& text, std::string* fault = nullptr) {
  AnswerSpec answer;
  const Value table = Toml(text);
  TableReader reader(table, "[endpoint]");
  ReadAnswer(reader, &answer);
  const Status read = reader.Finish();
  if (fault != nullptr) {
    *fault = read ? "" : read.error().message;
  } else {
    EXPECT_TRUE(read) << ErrorOf(read);
  }
  return answer;
}

TEST(Answers, AreOkByDefault) {
  EXPECT_EQ(ReadFrom("").as, Respond::kOk);
  EXPECT_EQ(ReadFrom("respond = \"redirect\"").as, Respond::kRedirect);
}

TEST(Answers, AreReadFromATable) {
  const AnswerSpec answer = ReadFrom(
      "raise_status = 422\n"
      "respond = { as = \"row\", status = 201, missing = 410, etag = \"body\", json_columns = "
      "\"tags\", big_integers = \"string\", headers = { Location = \"/i/{id}\", X = \"a\" } }");
  EXPECT_EQ(answer.as, Respond::kRow);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.missing, 410);
  EXPECT_EQ(answer.raise_status, 422);
  EXPECT_EQ(answer.etag, "body");
  EXPECT_EQ(answer.json_columns, std::vector<std::string>{"tags"});
  EXPECT_EQ(answer.big_integers, BigIntegers::kString);
  ASSERT_EQ(answer.headers.size(), 2U);
  EXPECT_EQ(answer.headers[0].name, "Location");
  EXPECT_EQ(answer.headers[0].parts[0].text, "/i/");
  EXPECT_EQ(answer.headers[0].parts[0].name, "id");
}

TEST(Answers, ArePrintedSoThatTheyReadBack) {
  for (const char* text :
       {"respond = \"rows\"\n", "respond = { as = \"redirect\", status = 308 }\n",
        "respond = { as = \"value\", content_type = \"a/b\", content_type_column = \"t\" }\n",
        "respond = { as = \"row\", missing = 410, etag = \"v\", headers = { X-A = \"{{{a}}}b\" }, "
        "json_columns = [\"j\"], big_integers = \"string\" }\nraise_status = 400\n"}) {
    EXPECT_EQ(PrintAnswer(ReadFrom(text)), text);
  }
}

TEST(Answers, ThatAreWrongSaySo) {
  const std::pair<const char*, const char*> rows[] = {
      {"respond = 1", "endpoint.respond must be a string, not the integer 1"},
      {"respond = \"row_\"",
       "endpoint.respond must be one of ok, rows, row, value, none, redirect"},
      {"respond = { }", "[endpoint.respond] needs 'as'"},
      {"respond = { as = \"row\", status = 302 }", "endpoint.respond.status must be 200 to 299"},
      {"respond = { as = \"redirect\", status = 300 }", "301, 302, 303, 307 or 308"},
      {"respond = { as = \"row\", missing = 200 }", "endpoint.respond.missing must be 400 to 499"},
      {"respond = { as = \"row\", content_type = \"a/b\" }", "absent unless the answer is a value"},
      {"respond = { as = \"row\", headers = { \"a b\" = \"\" } }", "'a b' is no name of a header"},
      {"respond = { as = \"row\", headers = { Date = \"\" } }",
       "'Date' is a header that the server itself writes"},
      {"respond = { as = \"row\", headers = { X = \"{a\" } }", "a brace opens or closes no name"},
      {"respond = { as = \"row\", headers = { X = \"a}\" } }", "a brace opens or closes no name"},
      {"respond = { as = \"row\", headers = { X = \"{}\" } }", "a brace opens or closes no name"},
      {"respond = { as = \"row\", statsu = 201 }", "unknown key 'statsu' in [endpoint.respond]"},
      {"respond = { as = \"rows\", page = { } }", "[endpoint.respond.page] needs 'limit'"},
      {"respond = { as = \"rows\", page = { limit = \"l\" } }", "a page has either `offset`"},
      {"respond = { as = \"rows\", page = { limit = \"l\", key = \"k\" } }",
       "a page has either `offset`"},
      {"respond = { as = \"row\", page = { limit = \"l\", offset = \"o\" } }",
       "only rows have pages"},
      {"raise_status = 200", "endpoint.raise_status must be 400 to 499"},
  };
  for (const auto& [text, fault] : rows) {
    std::string found;
    ReadFrom(text, &found);
    EXPECT_NE(found.find(fault), std::string::npos) << text << ": " << found;
  }
}

TEST(Template, IsTextAndNames) {
  const auto parts = ParseTemplate("{a}b{c}").value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].text, "");
  EXPECT_EQ(parts[0].name, "a");
  EXPECT_EQ(parts[1].text, "b");
  EXPECT_EQ(parts[1].name, "c");
  EXPECT_EQ(ParseTemplate("}}{{").value().at(0).text, "}{");
  EXPECT_EQ(ParseTemplate("").value().at(0).text, "");
}

}  // namespace
}  // namespace sqlicorn
