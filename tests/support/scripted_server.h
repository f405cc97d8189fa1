// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "common/base/unique_fd.h"
#include "common/uv/loop.h"
#include "common/uv/watchers.h"

namespace sqlicorn::testing {

// What the server does when it has read a whole request.
struct Reply {
  enum class Then { kKeep, kClose, kReset };

  std::string bytes;  // "" = says nothing
  Then then = Then::kKeep;
};

[[nodiscard]] Reply Ok();
// "HTTP/1.1 503 Service Unavailable", an empty body.
[[nodiscard]] Reply Status(const std::string& status_line);

// A real TCP server on a free port of 127.0.0.1 that answers every request as the script says. It
// lives on the loop of the client under test and keeps all requests it has read.
class ScriptedServer {
 public:
  // The request, head and body; its number, from 0.
  using Script = std::function<Reply(const std::string& request, std::size_t number)>;

  ScriptedServer(Loop& loop, Script script, const std::string& host = "127.0.0.1");

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // "http://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const;

  [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }

  [[nodiscard]] std::size_t connections() const { return connections_; }

  // Ends every connection without an answer; new ones are accepted.
  void CloseConnections() { peers_.clear(); }

  // The same with RST instead of FIN.
  void ResetConnections();

  void SendToAll(const std::string& bytes);

 private:
  struct Peer {
    UniqueFd fd;
    std::string received;
    std::unique_ptr<PollWatcher> watcher;
  };

  using PeerList = std::list<Peer>;

  void Accept();
  void Read(PeerList::iterator peer);
  // False when the peer is gone.
  bool AnswerOne(PeerList::iterator peer);

  Loop& loop_;
  Script script_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::unique_ptr<PollWatcher> watcher_;
  PeerList peers_;
  std::vector<std::string> requests_;
  std::size_t connections_ = 0;
};

// A port of 127.0.0.1 on which nobody listens.
[[nodiscard]] std::uint16_t UnusedPort();

}  // namespace sqlicorn::testing
