// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/raw_client.h"
#include "tests/support/server_process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {

// A directory with a small schema, and the server that lives in it. Its configuration has two
// workers, WAL, and endpoints that take the time a test needs: see site.cc.
class Site {
 public:
  Site();

  // Starts a server in place of the one before; fails the test when it does not become ready.
  // `arguments` come last on the command line.
  ServerProcess& Start(const std::vector<std::string>& arguments = {}, std::size_t workers = 2);
  ServerProcess& StartWith(ServerOptions options, std::size_t workers = 2);

  // The server of the shipped configuration instead.
  ServerProcess& StartShipped(const std::vector<std::string>& arguments = {});

  // Starts a server that is not expected to become ready.
  ServerProcess& Launch(ServerOptions options);

  [[nodiscard]] const TempDir& dir() const { return dir_; }

  [[nodiscard]] ServerProcess& server() { return *server_; }

  [[nodiscard]] std::string database_path() const { return dir_.File("test.db"); }

  // Asks the database, not the server.
  [[nodiscard]] std::string Ask(std::string_view sql) const;

  // A connection to a worker other than `pid`, and the worker of a connection.
  [[nodiscard]] std::unique_ptr<RawClient> ConnectBeside(pid_t pid);
  [[nodiscard]] pid_t WorkerOf(const RawClient& client) const;

 private:
  TempDir dir_;
  std::unique_ptr<ServerProcess> server_;
};

// The configuration of a Site.
[[nodiscard]] std::string SiteConfig();
// With server.bind, for a server without -b.
[[nodiscard]] std::string SiteConfigAt(const std::vector<std::string>& binds);

// The same with one more line in [server].
[[nodiscard]] std::string SiteConfigWith(const std::string& line);

}  // namespace sqlicorn
