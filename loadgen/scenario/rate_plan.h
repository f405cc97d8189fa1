// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "loadgen/scenario/random.h"

namespace sqlicorn::loadgen {

// How many requests an open loop sends per second, whatever the answers do: steps and ramps one
// after the other, and how the sends are spaced.
struct RatePlan {
  enum class Spacing { kEven, kPoisson };

  struct Piece {
    double from = 0;  // per second
    double to = 0;
    std::optional<Duration> lasts;  // none = until the end; the last piece only
  };

  Spacing spacing = Spacing::kEven;
  std::vector<Piece> pieces;  // not empty
  std::string text{};         // as it was written

  // Of all pieces; none where the last one has no end.
  [[nodiscard]] std::optional<Duration> length() const;
};

// "500", "poisson:500", "100:10s,500:10s", "100..1000:30s": RATE or FROM..TO, with how long it
// lasts, which the last RATE may leave out. After the last piece its rate goes on.
[[nodiscard]] Result<RatePlan> ParseRatePlan(std::string_view text);

// One piece of it: "500", "500:10s", "100..1000:30s".
[[nodiscard]] Result<RatePlan::Piece> ParseRatePiece(std::string_view text);

// The points in time at which requests are due, one after the other, from a start.
class Arrivals {
 public:
  Arrivals(RatePlan plan, std::uint64_t seed);

  // When the next one is due; nothing once there will be none.
  [[nodiscard]] std::optional<Duration> Next();

 private:
  // How many requests are due until the end of this piece, from its beginning.
  [[nodiscard]] double CountOf(const RatePlan::Piece& piece) const;
  [[nodiscard]] double NextGap();

  RatePlan plan_;
  Random random_;
  std::size_t at_ = 0;   // the piece under way
  double begins_s_ = 0;  // it, since the start
  double due_ = 0;       // the next one, counted in requests since the piece began
};

}  // namespace sqlicorn::loadgen
