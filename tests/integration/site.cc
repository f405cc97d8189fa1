// SPDX-License-Identifier: MIT
#include "tests/integration/site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/support/processes.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kSchema = "CREATE TABLE IF NOT EXISTS note (name TEXT NOT NULL);\n";

// keepalive is long, so that a slow test machine does not end a test's connection.
constexpr const char* kConfig = R"toml(
[server]
workers = 2
keepalive = 30

[database]
schema = ["schema.sql"]
scheduler = "busy"

[database.pragmas]
journal_mode = "wal"

[statements]
count = "SELECT count(*) AS notes FROM note"
add = "INSERT INTO note (name) VALUES (:name)"
big = "SELECT hex(zeroblob(:bytes / 2)) AS zeros"

[params.note]
name = { type = "text", default = "" }
bytes = { type = "integer", default = 0 }

[[endpoint]]
path = "/count/"
methods = ["GET"]
steps = ["count"]
respond = "rows"

[[endpoint]]
path = "/add/"
methods = ["GET", "POST"]
params = "note"
steps = ["add"]

[[endpoint]]
path = "/add_immediate/"
methods = ["POST"]
params = "note"
transaction = "immediate"
steps = ["add"]

[[endpoint]]
path = "/deferred/"
methods = ["POST"]
params = "note"
transaction = "deferred"
steps = ["count", { think = "5ms" }, "add"]

[[endpoint]]
path = "/immediate/"
methods = ["POST"]
params = "note"
transaction = "immediate"
steps = ["count", { think = "5ms" }, "add"]

[[endpoint]]
path = "/slow_add/"
methods = ["POST"]
params = "note"
transaction = "immediate"
steps = ["add", { think = "1s" }]

[[endpoint]]
path = "/stuck_add/"
methods = ["POST"]
params = "note"
transaction = "immediate"
steps = ["add", { think = "10s" }]

[[endpoint]]
path = "/big/"
methods = ["GET"]
params = "note"
steps = ["big"]
respond = "rows"
)toml";

}  // namespace

std::string SiteConfig() {
  return kConfig;
}

std::string SiteConfigWith(const std::string& line) {
  constexpr std::string_view kTable = "[server]\n";
  std::string config = kConfig;
  return config.insert(config.find(kTable) + kTable.size(), line + "\n");
}

std::string SiteConfigAt(const std::vector<std::string>& binds) {
  return SiteConfigWith(fmt::format("bind = [\"{}\"]", fmt::join(binds, "\", \"")));
}

Site::Site() {
  EXPECT_TRUE(WriteFile(dir_.File("schema.sql"), kSchema));
}

ServerProcess& Site::Start(const std::vector<std::string>& arguments, std::size_t workers) {
  return StartWith({.config = kConfig, .arguments = arguments}, workers);
}

ServerProcess& Site::StartWith(ServerOptions options, std::size_t workers) {
  if (options.config.empty()) {
    options.config = kConfig;
  }
  Launch(std::move(options));
  EXPECT_TRUE(server_->WaitUntilReady(workers)) << server_->log();
  return *server_;
}

ServerProcess& Site::StartShipped(const std::vector<std::string>& arguments) {
  Launch({.arguments = arguments});
  EXPECT_TRUE(server_->WaitUntilReady(4)) << server_->log();
  return *server_;
}

ServerProcess& Site::Launch(ServerOptions options) {
  server_.reset();
  server_ = std::make_unique<ServerProcess>(dir_, options);
  return *server_;
}

std::string Site::Ask(std::string_view sql) const {
  return SqliteFile(database_path()).Ask(sql);
}

std::unique_ptr<RawClient> Site::ConnectBeside(pid_t pid) {
  std::unique_ptr<RawClient> client;
  std::vector<std::unique_ptr<RawClient>> others;  // kept open: they fill the other worker's share
  const bool found = WaitFor([&] {
    client = std::make_unique<RawClient>(server_->port());
    if (client->Ask(Get("/")).status == 0) {
      return false;
    }
    if (WorkerOf(*client) != pid) {
      return true;
    }
    others.push_back(std::move(client));
    return false;
  });
  EXPECT_TRUE(found) << "every connection is at worker " << pid;
  return client;
}

pid_t Site::WorkerOf(const RawClient& client) const {
  return OwnerOfConnection(server_->workers(), client.local_port(), server_->port());
}

}  // namespace sqlicorn
