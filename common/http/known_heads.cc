// SPDX-License-Identifier: MIT
#include "common/http/known_heads.h"

#include <algorithm>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";

// As many digits as ReadLength takes.
constexpr std::size_t kMaxDigits = 18;

// A value of which neither an octet nor the blanks around it could be taken amiss.
bool IsPlainValue(std::string_view value) {
  return !value.empty() && value.front() != ' ' && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsLength(std::string_view value) {
  return !value.empty() && value.size() <= kMaxDigits &&
         std::all_of(value.begin(), value.end(), IsDigit);
}

// The same octets up to and from the two holes.
bool IsEqualBeside(std::string_view a, std::string_view b, std::size_t first_at,
                   std::size_t first_end, std::size_t second_at, std::size_t second_end) {
  const auto same = [&](std::size_t begin, std::size_t end) {
    return a.substr(begin, end - begin) == b.substr(begin, end - begin);
  };
  return same(0, first_at) && same(first_end, second_at) && same(second_end, a.size());
}

BodyPlan PlanOf(std::string_view length) {
  BodyPlan plan;
  for (const char digit : length) {
    plan.length = plan.length * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  plan.framing = plan.length == 0 ? Framing::kNone : Framing::kLength;
  return plan;
}

}  // namespace

bool KnownHeads::Fits(const Known& known, std::string_view data) {
  const std::size_t size = known.head.size();
  if (data.size() < size || data.substr(size - kEnd.size(), kEnd.size()) != kEnd) {
    return false;
  }
  const Hole& first = known.date.at < known.length.at ? known.date : known.length;
  const Hole& second = known.date.at < known.length.at ? known.length : known.date;
  return IsEqualBeside(known.head, data.substr(0, size), first.at, first.at + first.size, second.at,
                       second.at + second.size) &&
         IsLength(known.length.In(data));
}

std::size_t KnownHeads::Find(std::string_view data, MessageBuilder& message, BodyPlan* plan) {
  for (std::size_t i = 0; i < count_; ++i) {
    Known& known = known_[i];
    if (!Fits(known, data)) {
      continue;
    }
    const std::string_view head = data.substr(0, known.head.size());
    if (known.date.In(head) != known.date.In(known.head)) {
      if (!IsPlainValue(known.date.In(head))) {
        return 0;
      }
      known.head = head;  // the next one has most likely the same date
    }
    message.CopyHead(known.read, head);
    *plan = PlanOf(known.length.In(head));
    return head.size();
  }
  return 0;
}

void KnownHeads::Learn(const MessageBuilder& message) {
  const std::string_view head = message.head();
  const auto hole = [&](std::string_view name) {
    const std::string_view value = message.message().Header(name);
    return value.empty() ? Hole{head.size(), 0}
                         : Hole{static_cast<std::size_t>(value.data() - head.data()), value.size()};
  };
  const Hole length = hole("content-length");
  if (!IsLength(length.In(head))) {
    return;
  }
  Known& known = known_[eldest_];
  eldest_ = (eldest_ + 1) % known_.size();
  count_ = std::min(count_ + 1, known_.size());
  known.head = head;
  known.date = hole("date");
  known.length = length;
  known.read = message;
}

}  // namespace sqlicorn
