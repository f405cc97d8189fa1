// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/uv/child_process.h"
#include "common/uv/loop.h"

// A server in a process of its own whose faults are known, because the selftest asks for them. It
// answers every request at once; the field "name" of a POST is a row.
namespace sqlicorn::loadgen {

// The process, from the side of the selftest. Dies with it.
class ToyServer {
 public:
  struct Behaviour {
    std::uint64_t forgets = 0;  // this write, from 1, which it acknowledges all the same; 0 = none
    std::string rows_file;      // where its rows go when it is told to end; "" = nowhere
  };

  // It can be connected to when this returns.
  [[nodiscard]] static Result<ToyServer> Start(Loop& loop, const Behaviour& behaviour);

  // "http://127.0.0.1:PORT"
  [[nodiscard]] const std::string& url() const { return url_; }

  // Stops it where it stands, and lets it go on.
  void Freeze();
  void Thaw();

  // `on_end` follows from the loop.
  void End(std::function<void()> on_end);

 private:
  ToyServer() = default;

  std::string url_;
  std::unique_ptr<ChildProcess> process_;
  std::shared_ptr<std::function<void()>> on_end_;  // shared with the watch over the process
};

// The command line of a process that never rests until it is killed, or this one dies.
[[nodiscard]] std::vector<std::string> RivalCommand();

// Is a toy server or such a rival, where the command line says so; nothing for any other. Returns
// the exit status.
[[nodiscard]] std::optional<int> RunToy(int argc, char** argv);

// What a toy server wrote: the values of its rows.
[[nodiscard]] Result<std::vector<std::string>> ReadToyRows(const std::string& rows_file);

}  // namespace sqlicorn::loadgen
