// SPDX-License-Identifier: MIT
#include "master/generations.h"

#include <utility>

#include "common/base/check.h"

namespace sqlicorn {

Generations::Generations(Generation first)
    : serving_(std::make_unique<Generation>(std::move(first))) {
  serving_->number = ++last_number_;
}

void Generations::Propose(Generation candidate) {
  CHECK(!preparing() && !replacing());
  candidate_ = std::make_unique<Generation>(std::move(candidate));
  candidate_->number = ++last_number_;
}

void Generations::Start() {
  CHECK(preparing());
  former_ = std::exchange(serving_, std::exchange(candidate_, nullptr));
}

void Generations::Abandon() {
  candidate_.reset();
  if (replacing()) {
    serving_ = std::exchange(former_, nullptr);
  }
}

}  // namespace sqlicorn
