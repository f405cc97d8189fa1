// SPDX-License-Identifier: MIT
#include "worker/request/router.h"

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
    const Router::Route route = router.Find(c.method, c.path);
    EXPECT_EQ(route.verdict, c.verdict) << c.method << ' ' << c.path;
    EXPECT_EQ(route.endpoint, c.endpoint) << c.method << ' ' << c.path;
  }
}

TEST(Router, NamesTheMethodsOfAPath) {
  const Router router = MakeRouter();
  EXPECT_EQ(router.Find("PUT", "/read/").allow, "GET, POST, DELETE, HEAD");
  EXPECT_EQ(router.Find("PUT", "/a%20b/%C3%BC").allow, "POST");
  EXPECT_EQ(router.Find("PUT", "/head/").allow, "HEAD, GET");
  EXPECT_EQ(router.Find("HEAD", "/count/").allow, "GET, POST");
}

}  // namespace
}  // namespace sqlicorn
