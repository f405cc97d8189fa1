// SPDX-License-Identifier: MIT
#include "loadgen/scenario/wait.h"

#include <algorithm>
#include <cmath>

namespace sqlicorn::loadgen {
namespace {

Duration Between(const Wait& wait, Random& random) {
  const auto width = static_cast<std::uint64_t>((wait.most - wait.least).count());
  return wait.least + Duration(static_cast<Duration::rep>(random.Below(width + 1)));
}

}  // namespace

Duration PauseAfter(const Wait& wait, TimePoint began, TimePoint now, Random& random) {
  switch (wait.kind) {
    case Wait::Kind::kConstant:
      return wait.least;
    case Wait::Kind::kUniform:
      return Between(wait, random);
    case Wait::Kind::kExponential:
      return FromSeconds(-std::log(random.Unit()) * ToSeconds(wait.least));
    case Wait::Kind::kPace:
      return std::max(began + wait.least - now, Duration::zero());
  }
  return Duration::zero();
}

}  // namespace sqlicorn::loadgen
