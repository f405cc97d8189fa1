// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "worker/slice/reader.h"

namespace sqlicorn {

// The connections of a worker to read on: opened when first needed, kept for the next read, closed
// when there was none for long. Instants are MonotonicUs.
class ReaderPool {
 public:
  using Open = std::function<Result<std::unique_ptr<Connection>>()>;
  using State = Reader::State;

  // For so long one that is idle is kept.
  static constexpr std::int64_t kUnusedUs = 5000000;

  struct Options {
    std::size_t most;
    Reader::Options reader;
  };

  // `config` outlives it.
  ReaderPool(const ServerConfig& config, Open open, const Options& options);
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  // One that is idle, opened if need be. Null when none can be had now.
  [[nodiscard]] Reader* Find(std::int64_t now_us);

  // Whether Find would not have to wait for one to become idle.
  [[nodiscard]] bool HasRoom() const;

  // Why there is not a single one, told for so long: "" when there is, or nobody has asked.
  [[nodiscard]] std::string WhyNone(std::int64_t now_us, Duration patience) const;

  // Who executes the read, or null.
  [[nodiscard]] Reader* Of(const LongRead& read) const;

  [[nodiscard]] std::size_t CountIn(std::initializer_list<State> states) const;

  [[nodiscard]] const std::vector<std::unique_ptr<Reader>>& all() const { return readers_; }

  // What idle ones have cached is dropped after a while, and they themselves after another.
  void ReleaseIdle(std::int64_t now_us);
  void CloseUnused(std::int64_t now_us);

  // Ends what runs on them, and closes all.
  void Clear();

 private:
  [[nodiscard]] Reader* OpenOne(std::int64_t now_us);

  const ServerConfig& config_;
  const Open open_;
  const Options options_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::string refusal_;  // why no connection can be had, "" = one can
  std::int64_t refused_since_us_ = 0;
  std::int64_t open_from_us_ = 0;
};

}  // namespace sqlicorn
