// SPDX-License-Identifier: MIT
#include "worker/request/router.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sqlicorn {
namespace {

using Verdict = Router::Verdict;

Router MakeRouter() {
  EndpointSpec read;
  read.path = "/read/";
  read.methods = {"GET", "POST"};
  EndpointSpec drop;
  drop.path = "/read/";
  drop.methods = {"DELETE"};
  EndpointSpec blank;
  blank.path = "/a b/ü";
  blank.methods = {"POST"};
  EndpointSpec own_head;
  own_head.path = "/head/";
  own_head.methods = {"HEAD"};
  EndpointSpec get;
  get.path = "/head/";
  get.methods = {"GET"};
  EndpointSpec count;
  count.path = "/count/";
  count.methods = {"GET", "POST"};
  EndpointSpec touch;
  touch.path = "/touch/";
  touch.methods = {"HEAD", "PUT"};
  return Router({read, drop, blank, own_head, get, count, touch},
                {false, true, true, false, false, true, true});
}

TEST(Router, FindsTheEndpointOfPathAndMethod) {
  const Router router = MakeRouter();

  const struct {
    const char* method;
    const char* path;
    Verdict verdict;
    std::size_t endpoint;
  } cases[] = {
      {"GET", "/read/", Verdict::kFound, 0},
      {"POST", "/read/", Verdict::kFound, 0},
      {"DELETE", "/read/", Verdict::kFound, 1},
      {"HEAD", "/read/", Verdict::kFound, 0},
      {"HEAD", "/head/", Verdict::kFound, 3},
      {"GET", "/head/", Verdict::kFound, 4},
      {"POST", "/a%20b/%C3%BC", Verdict::kFound, 2},
      {"GET", "/%72ead/", Verdict::kFound, 0},
      {"GET", "/%72ead%2F", Verdict::kNoPath, 0},
      {"GET", "/read%2f", Verdict::kNoPath, 0},
      {"GET", "%2Fread/", Verdict::kNoPath, 0},
      {"POST", "/a%20b%2F%C3%BC", Verdict::kNoPath, 0},
      {"POST", "/read/%252F", Verdict::kNoPath, 0},
      {"GET", "/read", Verdict::kNoPath, 0},
      {"GET", "/read//", Verdict::kNoPath, 0},
      {"GET", "/READ/", Verdict::kNoPath, 0},
      {"GET", "/read/%", Verdict::kNoPath, 0},
      {"GET", "/read/%zz", Verdict::kNoPath, 0},
      {"GET", "/read/%FF", Verdict::kNoPath, 0},
      {"GET", "/read/%00", Verdict::kNoPath, 0},
      {"GET", "/a+b/%C3%BC", Verdict::kNoPath, 0},
      {"PUT", "/read/", Verdict::kNoMethod, 0},
      {"get", "/read/", Verdict::kNoMethod, 0},
      {"HEAD", "/a%20b/%C3%BC", Verdict::kNoMethod, 0},
      {"GET", "/count/", Verdict::kFound, 5},
      {"HEAD", "/count/", Verdict::kNoMethod, 0},
      {"PUT", "/touch/", Verdict::kFound, 6},
      {"HEAD", "/touch/", Verdict::kNoMethod, 0},
  };

  for (const auto& c : cases) {
    PathValues values;
    const Router::Route route = router.Find(c.method, c.path, &values);
    EXPECT_EQ(route.verdict, c.verdict) << c.method << ' ' << c.path;
    EXPECT_EQ(route.endpoint, c.endpoint) << c.method << ' ' << c.path;
  }
}

std::string AllowOf(const Router& router, const char* method, const char* path) {
  PathValues values;
  return router.Find(method, path, &values).allow;
}

TEST(Router, NamesTheMethodsOfAPath) {
  const Router router = MakeRouter();
  EXPECT_EQ(AllowOf(router, "PUT", "/read/"), "GET, POST, DELETE, HEAD");
  EXPECT_EQ(AllowOf(router, "PUT", "/a%20b/%C3%BC"), "POST");
  EXPECT_EQ(AllowOf(router, "PUT", "/head/"), "HEAD, GET");
  EXPECT_EQ(AllowOf(router, "HEAD", "/count/"), "GET, POST");
}

EndpointSpec Endpoint(const char* path, std::vector<std::string> methods) {
  EndpointSpec endpoint;
  endpoint.path = path;
  endpoint.methods = std::move(methods);
  return endpoint;
}

// The router of an application with patterns.
Router MakePatterns() {
  const std::vector<EndpointSpec> endpoints = {
      Endpoint("/issues/{id}", {"GET", "PUT"}),          // 0
      Endpoint("/issues/new", {"GET"}),                  // 1
      Endpoint("/issues/{number}", {"DELETE"}),          // 2
      Endpoint("/issues/{id}/tags/{tag}", {"GET"}),      // 3
      Endpoint("/issues/{id}/tags/{rest...}", {"GET"}),  // 4
      Endpoint("/files/{path...}", {"GET"}),             // 5
      Endpoint("/{a}/b", {"GET"}),                       // 6
      Endpoint("/slash/{id}/", {"GET"}),                 // 7
      Endpoint("/%24meta/{id}", {"GET"}),                // 8
      Endpoint("/%24all", {"GET"}),                      // 9
  };
  return Router(endpoints, std::vector<bool>(endpoints.size(), false));
}

// "3 7 x": the endpoint and what the path has for its variables.
std::string Found(const Router& router, const char* method, std::string_view path) {
  PathValues values;
  const Router::Route route = router.Find(method, path, &values);
  if (route.verdict != Verdict::kFound) {
    return route.verdict == Verdict::kNoPath ? "no path" : route.allow;
  }
  std::string found = std::to_string(route.endpoint);
  for (std::size_t i = 0; i < values.size(); ++i) {
    found += ' ';
    found += values.at(i);
  }
  return found;
}

TEST(Router, FindsPatterns) {
  const Router router = MakePatterns();

  const struct {
    const char* method;
    std::string_view path;
    const char* found;
  } cases[] = {
      {"GET", "/issues/7", "0 7"},
      {"HEAD", "/issues/7", "0 7"},
      {"PUT", "/issues/%37", "0 7"},
      {"GET", "/%69ssues/7", "0 7"},
      {"GET", "/issues/a%2Fb", "0 a/b"},
      {"GET", "/issues/a+b%20%C3%BC", "0 a+b \xC3\xBC"},
      {"GET", "/issues/..", "0 .."},
      {"GET", "/issues/new", "1"},
      {"GET", "/issues/n%65w", "1"},
      {"PUT", "/issues/new", "0 new"},
      {"DELETE", "/issues/new", "2 new"},
      {"DELETE", "/issues/7", "2 7"},
      {"GET", "/issues/7/tags/x", "3 7 x"},
      {"GET", "/issues/7/tags/x/y", "4 7 x/y"},
      {"GET", "/issues/7/tags/x/", "4 7 x/"},
      {"GET", "/issues/7/tags//", "4 7 /"},
      {"GET", "/files/a", "5 a"},
      {"GET", "/files/a/b%20c/", "5 a/b c/"},
      {"GET", "/files/b", "5 b"},
      {"GET", "/x/b", "6 x"},
      {"GET", "/issues/b", "0 b"},
      {"GET", "/slash/7/", "7 7"},
      {"GET", "/$meta/7", "8 7"},
      {"GET", "/%24meta/7", "8 7"},
      {"GET", "/$all", "9"},
      {"GET", "/%24all", "9"},
      {"POST", "/issues/7", "GET, PUT, DELETE, HEAD"},
      {"POST", "/issues/new", "GET, HEAD, PUT, DELETE"},
      {"POST", "/issues/b", "GET, PUT, DELETE, HEAD"},
      {"GET", "/issues/", "no path"},
      {"GET", "/issues//", "no path"},
      {"GET", "/issues/7/", "no path"},
      {"GET", "/issues/7/tags/", "no path"},
      {"GET", "/files/", "no path"},
      {"GET", "/files", "no path"},
      {"GET", "/files/a%2Fb", "no path"},
      {"GET", "/files%2Fa", "no path"},
      {"GET", "//b", "no path"},
      {"GET", "/slash/7", "no path"},
      {"GET", "/issues/%", "no path"},
      {"GET", "/issues/%FF", "no path"},
      {"GET", "/issues/%00", "no path"},
      {"GET", "/issues/\xFF", "no path"},
      {"GET", "/", "no path"},
  };

  for (const auto& c : cases) {
    EXPECT_EQ(Found(router, c.method, c.path), c.found) << c.method << ' ' << c.path;
  }
}

TEST(Router, KeepsTheValuesOfTheLastPathOnly) {
  const Router router = MakePatterns();
  PathValues values;
  ASSERT_EQ(router.Find("GET", "/issues/1/tags/%41", &values).verdict, Verdict::kFound);
  EXPECT_EQ(values.at(1), "A");
  ASSERT_EQ(router.Find("GET", "/issues/2", &values).verdict, Verdict::kFound);
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values.at(0), "2");
}

// All paths of up to four segments out of a few, against what the patterns say of each by itself.
TEST(Router, FindsWhatLooksLiteralFurthestToTheLeft) {
  const std::vector<const char*> patterns = {"/a/b",      "/a/{x}",        "/{x}/b",   "/{x}/{y}",
                                             "/a/{r...}", "/{x}/b/{r...}", "/{x}/a/b", "/{r...}"};
  std::vector<EndpointSpec> endpoints;
  for (const char* pattern : patterns) {
    endpoints.push_back(Endpoint(pattern, {"GET"}));
  }
  const Router router(endpoints, std::vector<bool>(endpoints.size(), false));
  const std::vector<std::pair<std::string, const char*>> cases = {
      {"/a/b", "0"},         {"/a/c", "1 c"},     {"/c/b", "2 c"},     {"/c/d", "3 c d"},
      {"/a/b/c", "4 b/c"},   {"/c/b/d", "5 c d"}, {"/c/a/b", "6 c"},   {"/a/a/b", "4 a/b"},
      {"/c/a/c", "7 c/a/c"}, {"/c", "7 c"},       {"/c/b/", "7 c/b/"}, {"/c/d/", "7 c/d/"},
  };
  for (const auto& [path, found] : cases) {
    EXPECT_EQ(Found(router, "GET", path), found) << path;
  }
}

TEST(Router, KnowsWhetherAPathIsThereByAnyMethod) {
  const Router router = MakePatterns();
  EXPECT_TRUE(router.Has("/issues/7"));
  EXPECT_TRUE(router.Has("/slash/7/"));
  EXPECT_FALSE(router.Has("/slash/7"));
}

}  // namespace
}  // namespace sqlicorn
