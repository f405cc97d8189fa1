// SPDX-License-Identifier: MIT
#include "common/http/multipart.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using namespace std::string_literals;

// "a=1 b(file.txt text/plain)=…", or what is wrong.
std::string Show(std::string_view body, std::string_view boundary = "B") {
  std::vector<FormPart> parts;
  const std::string wrong = ReadMultipart(body, boundary, &parts);
  if (!wrong.empty()) {
    return "wrong: " + wrong;
  }
  std::string shown;
  for (const FormPart& part : parts) {
    shown += shown.empty() ? "" : " ";
    shown += part.name;
    if (part.file_name || !part.type.empty()) {
      shown += fmt::format("({} {})", part.file_name.value_or("-"), part.type);
    }
    shown += fmt::format("={}", part.octets);
  }
  return shown;
}

std::string Part(std::string_view disposition, std::string_view octets,
                 std::string_view more = "") {
  return fmt::format("--B\r\nContent-Disposition: form-data{}\r\n{}\r\n{}\r\n", disposition, more,
                     octets);
}

constexpr const char* kEnd = "--B--\r\n";

TEST(Multipart, HasTextsAndFiles) {
  EXPECT_EQ(Show(Part("; name=\"a\"", "1") + Part("; name=b", "") + kEnd), "a=1 b=");
  EXPECT_EQ(Show(Part("; name=\"f\"; filename=\"x.png\"", "\0\r\n--A\xFF"s,
                      "Content-Type: image/png\r\n") +
                 kEnd),
            "f(x.png image/png)=\0\r\n--A\xFF"s);
  EXPECT_EQ(Show(std::string("preamble\r\n") + Part("; name=a", "1") + "--B-- epilogue"), "a=1");
  EXPECT_EQ(Show("--B  \r\ncontent-disposition:form-data;NAME=a\r\n\r\n1\r\n--B--"), "a=1");
  EXPECT_EQ(Show(kEnd), "");
}

TEST(Multipart, HasNamesAsBrowsersAndOthersWriteThem) {
  EXPECT_EQ(Show(Part("; name=\"a%22b%0D%0Ac%41\"", "1") + kEnd), "a\"b\r\nc%41=1");
  EXPECT_EQ(Show(Part(R"(; name="a\"b"; filename="C:\x\y.txt")", "1") + kEnd),
            "a\"b(C:\\x\\y.txt )=1");
  EXPECT_EQ(Show(Part("; filename=\"a; name=x\"; name=\"n;m\"", "1") + kEnd), "n;m(a; name=x )=1");
  EXPECT_EQ(Show(Part("; name=\"\xC3\xBC\"; filename=\"\"", "1") + kEnd), "\xC3\xBC( )=1");
}

TEST(Multipart, SaysWhatIsWrong) {
  const std::string within = "wrong: it ends within a part";
  const std::string good = Part("; name=a", "1");
  EXPECT_EQ(Show(""), "wrong: the boundary of its Content-Type does not stand in it");
  EXPECT_EQ(Show("--C\r\n"), "wrong: the boundary of its Content-Type does not stand in it");
  EXPECT_EQ(Show(good), within);
  EXPECT_EQ(Show(good + "--B"), within);
  EXPECT_EQ(Show(good + "--Bx--"), within);
  EXPECT_EQ(Show(good.substr(0, good.size() - 2)), within);
  EXPECT_EQ(Show("--B\r\nContent-Disposition: form-data; name=a\r\n"),
            "wrong: a part has no empty line behind its header");
  EXPECT_EQ(Show(Part("", "1") + kEnd), "wrong: a part has no name in its Content-Disposition");
  EXPECT_EQ(Show("--B\r\n\r\n1\r\n--B--"), "wrong: a part has no name in its Content-Disposition");
  EXPECT_EQ(Show(Part("; name=a", "MQ==", "Content-Transfer-Encoding: base64\r\n") + kEnd),
            "wrong: a part has a Content-Transfer-Encoding; send its octets as they are");
  EXPECT_EQ(Show(Part("; name=a", "1", "Content-Transfer-Encoding: Binary\r\n") + kEnd), "a=1");
  EXPECT_EQ(Show(Part("; name=\"\xFF\"", "1") + kEnd),
            "wrong: a name or type of a part is not UTF-8 text");
  std::string many;
  for (std::size_t i = 0; i < kMaxFormParts; ++i) {
    many += good;
  }
  EXPECT_TRUE(Show(many + kEnd).starts_with("a=1"));
  EXPECT_EQ(Show(many + good + kEnd), "wrong: there are more than 1,000 parts");
}

// Every prefix and every octet spoilt of a body that is right: no more than a sentence comes of it.
TEST(Multipart, SurvivesWhatIsCutOffOrSpoilt) {
  const std::string body = Part("; name=\"a\"; filename=\"x\\\"y\"", "1", "Content-Type: t/p\r\n") +
                           Part("; name=b", "--B") + kEnd;
  std::vector<FormPart> parts;
  for (std::size_t size = 0; size < body.size() - 2; ++size) {
    EXPECT_NE(ReadMultipart(std::string_view(body).substr(0, size), "B", &parts), "") << size;
  }
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (const char octet : {'\0', '"', '\\', ';', '\r', '-', '\xFF'}) {
      std::string spoilt = body;
      spoilt[at] = octet;
      const std::string wrong = ReadMultipart(spoilt, "B", &parts);
      EXPECT_LT(wrong.size(), 100U);
    }
  }
}

TEST(Multipart, HasABoundary) {
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=x"), "x");
  EXPECT_EQ(BoundaryOf("multipart/form-data; charset=utf-8; Boundary=\"a b\" ; q=1"), "a b");
  EXPECT_EQ(BoundaryOf("multipart/form-data"), "");
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary="), "");
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=\"a\rb\""), "");
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=\"a \""), "");
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=" + std::string(70, 'x')),
            std::string(70, 'x'));
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=" + std::string(71, 'x')), "");
}

}  // namespace
}  // namespace sqlicorn
