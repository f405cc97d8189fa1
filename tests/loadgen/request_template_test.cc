// SPDX-License-Identifier: MIT
#include "loadgen/run/request_template.h"

#include <string>

#include <gtest/gtest.h>

#include "loadgen/scenario/text_template.h"

namespace sqlicorn::loadgen {
namespace {

// Of a scenario with the values n = 7, a counter, and t, which an answer told.
class Template {
 public:
  Template() { table_.values = {{"n", CounterValue{7, 1, Sharing::kRun}}, {"t", TakenValue()}}; }

  std::string Fill(const TaskSpec& task, const std::string& taken = "",
                   const std::string& host = "http://h/base/") {
    RunValues run(table_, "0123abcd");
    UserValues user(run, 1, 0);
    user.Keep(1, {taken, false});
    RequestTemplate request(task, SplitUrl(host).value(), "0123abcd");
    EXPECT_TRUE(request.has_values());
    std::string bytes(request.BytesFor(12, user));
    const std::string first_line = bytes.substr(0, bytes.find("\r\n"));
    const std::size_t length = bytes.find("Content-Length");
    if (length == std::string::npos) {
      return first_line + "|";
    }
    return first_line + "|" + bytes.substr(length, bytes.find('\r', length) - length) + "|" +
           bytes.substr(bytes.find("\r\n\r\n") + 4);
  }

  static std::string Mark(std::size_t value, Encoding encoding) {
    std::string mark;
    AppendMark(value, encoding, &mark);
    return mark;
  }

 private:
  ValueTable table_;
};

TEST(RequestTemplate, PutsValuesIntoThePath) {
  TaskSpec task;
  task.path =
      "/item/" + Template::Mark(0, Encoding::kPart) + "?q=" + Template::Mark(1, Encoding::kPart);
  EXPECT_EQ(Template().Fill(task, "a b"), "GET /base/item/7?q=a%20b HTTP/1.1|");
}

TEST(RequestTemplate, TakesAWholePathAsItIs) {
  TaskSpec task;
  task.path = Template::Mark(1, Encoding::kTarget);
  EXPECT_EQ(Template().Fill(task, "/base/order/5?x=1"), "GET /base/order/5?x=1 HTTP/1.1|");
}

TEST(RequestTemplate, CountsTheBodyWithItsValues) {
  TaskSpec task;
  task.method = "POST";
  task.path = "/";
  task.content_type = "text/plain";
  task.body = "<" + Template::Mark(1, Encoding::kRaw) + ">";
  EXPECT_EQ(Template().Fill(task, ""), "POST /base/ HTTP/1.1|Content-Length: 2|<>");
  EXPECT_EQ(Template().Fill(task, "0123456789"),
            "POST /base/ HTTP/1.1|Content-Length: 12|<0123456789>");
}

TEST(RequestTemplate, PutsTheUniqueIdBesideAValue) {
  TaskSpec task;
  task.method = "POST";
  task.path = "/";
  task.content_type = "application/x-www-form-urlencoded";
  task.unique = true;
  task.body = "name=" + Template::Mark(0, Encoding::kForm) + "+%23" + kUniqueMark;
  EXPECT_EQ(Template().Fill(task),
            "POST /base/ HTTP/1.1|Content-Length: 29|name=7+%230123abcd-0000000012");
}

TEST(RequestTemplate, LeavesAPlainRequestAsItIs) {
  TaskSpec task;
  task.path = "/x";
  RequestTemplate request(task, SplitUrl("http://h").value(), "0123abcd");
  EXPECT_FALSE(request.has_values());
  const std::string_view first = request.BytesFor(0);
  EXPECT_EQ(first.data(), request.BytesFor(0).data()) << "the same octets, no copy";
  EXPECT_EQ(first.substr(0, 16), "GET /x HTTP/1.1\r");
}

}  // namespace
}  // namespace sqlicorn::loadgen
