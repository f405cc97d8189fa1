// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

constexpr const char* kApp = R"toml(
[statements]
show = "SELECT :id AS id"
name = "SELECT :name AS name"
new = "SELECT 'new' AS page"
tag = "SELECT :tag AS tag, :page AS page, json(:unknown_fields) AS others"
[params.issue]
id = { type = "integer", min = 1 }
[params.tag]
tag = { type = "text", max_length = 3 }
page = { type = "integer", default = 1, min = 1 }
[[endpoint]]
path = "/issues/{id}"
params = "issue"
steps = ["show"]
respond = "rows"
[[endpoint]]
path = "/issues/new"
steps = ["new"]
respond = "rows"
[[endpoint]]
path = "/names/{name}/"
steps = ["name"]
respond = "rows"
[[endpoint]]
path = "/tags/{tag}"
methods = ["GET", "POST"]
params = "tag"
unknown_fields = "collect"
steps = ["tag"]
respond = "rows"
[[endpoint]]
path = "/strict/{tag}"
methods = ["GET", "POST"]
params = "tag"
unknown_fields = "refuse"
steps = ["new"]
[[endpoint]]
path = "/none"
unknown_fields = "refuse"
steps = ["new"]
)toml";

// "200 body", with the Location of a redirect.
class Site {
 public:
  explicit Site(const std::string& server = "") : app_(server + kApp, "") {}

  // What is wrong comes as text.
  std::string Send(std::string_view line, std::string_view fields = "",
                   std::string_view body = "") {
    const std::string all = fmt::format("Accept: text/plain, application/json;q=0.5\r\n{}", fields);
    const Reply& reply = client_.Send(RequestText(line, all, body));
    for (const HeaderView& header : reply.headers) {
      if (header.name == "Location") {
        return fmt::format("{} {}", reply.status, header.value);
      }
    }
    return fmt::format("{} {}", reply.status, reply.body);
  }

  [[nodiscard]] const std::vector<FieldFault>& wrong() const {
    return client_.exchange.wrong_fields;
  }

 private:
  TestApp app_;
  AppClient client_{app_};
};

TEST(EndpointPath, GivesStatementsItsVariables) {
  Site site;
  EXPECT_EQ(site.Send("GET /issues/7"), R"(200 [{"id":7}])");
  EXPECT_EQ(site.Send("GET /issues/7?id=8"), R"(200 [{"id":7}])");
  EXPECT_EQ(site.Send("GET /issues/new"), R"(200 [{"page":"new"}])");
  EXPECT_EQ(site.Send("GET /names/a%2Fb%20%C3%BC/"), "200 [{\"name\":\"a/b \xC3\xBC\"}]");
}

TEST(EndpointPath, IsNotThereWhereItDoesNotFitItsType) {
  Site site;
  for (const char* path : {"/issues/x", "/issues/0", "/issues/1.5", "/issues/", "/issues/7/",
                           "/issues/9223372036854775808", "/names/x", "/tags/long"}) {
    EXPECT_EQ(site.Send(fmt::format("GET {}", path)), "404 Not Found\n") << path;
  }
  EXPECT_EQ(site.Send("GET /tags/long?page=0"), "404 Not Found\n");
  EXPECT_EQ(site.Send("POST /issues/x"), "405 Method Not Allowed\n");
}

TEST(EndpointPath, MayLeadToTheOneWithOrWithoutASlash) {
  Site exact;
  EXPECT_EQ(exact.Send("GET /issues/7/"), "404 Not Found\n");
  Site site("[server]\nslash = \"redirect\"\n");
  EXPECT_EQ(site.Send("GET /issues/7/"), "308 /issues/7");
  EXPECT_EQ(site.Send("GET /names/a%2Fb"), "308 /names/a%2Fb/");
  EXPECT_EQ(site.Send("GET /none/?a=%20b&c"), "308 /none?a=%20b&c");
  EXPECT_EQ(site.Send("POST /issues/7/"), "308 /issues/7");
  EXPECT_EQ(site.Send("GET /issues/7"), R"(200 [{"id":7}])");
  EXPECT_EQ(site.Send("GET /nowhere/"), "404 Not Found\n");
  EXPECT_EQ(site.Send("GET //none/"), "404 Not Found\n");
  EXPECT_EQ(site.Send("GET /"), "404 Not Found\n");
}

TEST(EndpointFields, ThatNobodyAsksForAreCollectedOrRefused) {
  Site site;
  EXPECT_EQ(site.Send("GET /tags/x"), R"(200 [{"tag":"x","page":1,"others":"{}"}])");
  EXPECT_EQ(site.Send("GET /tags/x?page=2&q=a%22b&tag=y"),
            R"(200 [{"tag":"x","page":2,"others":"{\"q\":\"a\\\"b\",\"tag\":\"y\"}"}])");
  EXPECT_EQ(
      site.Send("POST /tags/x", "Content-Type: application/json\r\n", R"({"a":[1],"page":3})"),
      R"(200 [{"tag":"x","page":3,"others":"{\"a\":[1]}"}])");
  EXPECT_EQ(site.Send("GET /strict/x?page=2"), "200 OK");
  EXPECT_EQ(
      site.Send("GET /strict/x?pgae=2&page=0"),
      "400 field 'page' must be at least 1; field 'pgae' is not known (did you mean 'page'?)\n");
  ASSERT_EQ(site.wrong().size(), 2U);
  EXPECT_EQ(site.wrong()[1].field, "pgae");
  EXPECT_EQ(site.Send("GET /none?a=1"), "400 field 'a' is not known\n");
  EXPECT_TRUE(site.Send("GET /none").starts_with("200"));
  EXPECT_TRUE(site.wrong().empty());
}

}  // namespace
}  // namespace sqlicorn
