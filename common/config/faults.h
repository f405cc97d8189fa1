// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn {

// All that is wrong with a file, to be told at once: whoever mends it needs one try, not one for
// each mistake.
class Faults {
 public:
  void Add(const Place& place, std::string_view what);
  // Of a message that names its place itself.
  void Add(const Place& place, const Error& error);
  void Add(const Faults& others);

  [[nodiscard]] bool empty() const { return faults_.empty(); }

  // Nothing, or one Error with a line for each, in the order of the file. After twenty the last
  // line says how many more there are.
  [[nodiscard]] Status ToStatus() const;

 private:
  struct Fault {
    Place place;
    std::string text;
  };

  std::vector<Fault> faults_;
};

}  // namespace sqlicorn
