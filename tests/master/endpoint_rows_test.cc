// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/ipc/worker_counters.h"
#include "master/fleet/server_status.h"

namespace sqlicorn {
namespace {

using Rows = std::vector<std::size_t>;

ServerConfig With(const std::vector<std::string>& paths) {
  ServerConfig config;
  for (const std::string& path : paths) {
    EndpointSpec& endpoint = config.endpoints.emplace_back();
    endpoint.path = path;
    endpoint.methods = {"GET", "POST"};
  }
  return config;
}

TEST(EndpointRows, KeepTheirEndpointThroughAReload) {
  EndpointRows rows;
  EXPECT_EQ(rows.RowsOf(With({"/a/", "/b/"})), (Rows{0, 1}));
  EXPECT_EQ(rows.RowsOf(With({"/c/", "/b/"})), (Rows{2, 1}));
  EXPECT_EQ(rows.names(),
            (std::vector<std::string>{"GET,POST /a/", "GET,POST /b/", "GET,POST /c/"}));
}

TEST(EndpointRows, ShareTheLastOneWhenThereAreTooMany) {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < kEndpointRows + 5; ++i) {
    paths.push_back("/" + std::to_string(i) + "/");
  }
  EndpointRows rows;
  const Rows given = rows.RowsOf(With(paths));
  EXPECT_EQ(given[kEndpointRows - 2], kEndpointRows - 2);
  EXPECT_EQ(given[kEndpointRows - 1], kEndpointRows - 1);
  EXPECT_EQ(given.back(), kEndpointRows - 1);
  EXPECT_EQ(rows.names().size(), kEndpointRows);
  EXPECT_EQ(rows.names().back(), "others");
}

}  // namespace
}  // namespace sqlicorn
