// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/clock.h"
#include "common/config/table_reader.h"
#include "loadgen/scenario/random.h"

namespace sqlicorn::loadgen {

// What a user does between a task and the next.
struct Wait {
  enum class Kind {
    kConstant,     // `least`
    kUniform,      // from `least` to `most`
    kExponential,  // `least` in the mean: as people arrive who know nothing of each other
    kPace          // a task begins every `least`, or at once where the one before took longer
  };

  Kind kind = Kind::kConstant;
  Duration least = Duration::zero();
  Duration most = Duration::zero();

  bool operator==(const Wait&) const = default;
};

// How long to pause at `now` after a task that began at `began`.
[[nodiscard]] Duration PauseAfter(const Wait& wait, TimePoint began, TimePoint now, Random& random);

// "2s", or a table of one of uniform = ["1s", "3s"], exponential = "2s", pace = "5s". False when
// the key is absent or wrong, which the reader remembers.
bool ReadWait(TableReader& reader, std::string_view key, Wait* wait);

}  // namespace sqlicorn::loadgen
