// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "common/base/clock.h"
#include "loadgen/report/console.h"

namespace sqlicorn::loadgen {

// Shows how far the check of very many configurations is, which a few do not take long enough for:
// as a live line on a terminal, elsewhere as a line every few seconds.
class CheckProgress {
 public:
  explicit CheckProgress(Console& console, TimePoint began = Clock::now())
      : console_(console), began_(began) {}

  // So many of all configurations are checked.
  void Tell(std::size_t checked, std::size_t all) { Tell(checked, all, Clock::now()); }

  // The same at a time of the caller's.
  void Tell(std::size_t checked, std::size_t all, TimePoint now);

 private:
  Console& console_;
  TimePoint began_;
  TimePoint told_;
};

}  // namespace sqlicorn::loadgen
