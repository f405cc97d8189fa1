// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/http/message.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

// Heads of responses that were read, and what was made of them. Nearly every answer of a server has
// the head of an earlier one but for its date and the digits of its length: it is compared, which
// takes a tenth of the time that reading it takes. Taken is only what reading would take too, and
// with the same outcome; whatever else differs is left to be read. One per parser.
class KnownHeads {
 public:
  // Where `data` begins with a known head: its size, and it is in `message` with all that reading
  // would have made of it, and in `plan`. Else 0. REQUIRES: `message` is empty, and the response
  // may have a body (it does not answer HEAD).
  [[nodiscard]] std::size_t Find(std::string_view data, MessageBuilder& message, BodyPlan* plan);

  // `message` has no more than a head, as it came and as it was accepted: it has one
  // Content-Length, which says how its body ends. Takes the place of the eldest.
  void Learn(const MessageBuilder& message);

 private:
  // A part of a head that may differ.
  struct Hole {
    std::size_t at = 0;
    std::size_t size = 0;

    [[nodiscard]] std::string_view In(std::string_view head) const { return head.substr(at, size); }
  };

  struct Known {
    std::string head;
    Hole date;
    Hole length;
    MessageBuilder read;
  };

  static bool Fits(const Known& known, std::string_view data);

  // So many for the statuses and lengths of lengths that a scenario's answers have by turns.
  std::array<Known, 8> known_;
  std::size_t count_ = 0;
  std::size_t eldest_ = 0;
};

}  // namespace sqlicorn
