// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/scenario/expectation.h"
#include "loadgen/scenario/random.h"
#include "loadgen/scenario/value_table.h"

namespace sqlicorn::loadgen {

// What the values of all users of a run have in common: its counters, and how far its files are
// read.
class RunValues {
 public:
  // `table` outlives this.
  RunValues(const ValueTable& table, std::string run_id);

 private:
  friend class UserValues;

  const ValueTable& table_;
  std::string run_id_;
  std::vector<std::int64_t> counts_;             // by value: what a counter gives next
  std::vector<std::optional<Zipf>> ranks_;       // by value
  std::vector<std::size_t> lines_;               // by file: the next
  std::vector<std::optional<Zipf>> line_ranks_;  // by file
};

struct ValueText {
  std::string_view text;
  bool is_number = false;
};

// The values of one user. Its draws depend on the seed and its number alone, so that a user does
// the same however fast the others are; only counters and files of the whole run are shared. Does
// not allocate once its texts have their size.
class UserValues {
 public:
  // `run` outlives this. `number` is the user's, from 0.
  UserValues(RunValues& run, std::uint64_t seed, std::uint32_t number);

  // From now on all is drawn anew; what was taken from answers stays.
  void BeginTask() { ++task_; }

  // Valid until BeginTask or Keep.
  [[nodiscard]] ValueText Get(std::size_t value);

  // What an answer said.
  void Keep(std::size_t value, const TakenText& text);

 private:
  struct Slot {
    std::uint64_t drawn_in = 0;  // the task
    std::int64_t count = 0;      // what a counter of this user's gives next
    std::string text;
    bool is_number = false;
  };

  struct Line {
    std::uint64_t drawn_in = 0;
    std::size_t row = 0;
  };

  struct Draw;

  [[nodiscard]] std::uint64_t Below(std::uint64_t count, const std::optional<Zipf>& ranks);
  [[nodiscard]] std::size_t RowOf(std::size_t file);

  RunValues& run_;
  Random random_;
  std::uint32_t number_;
  std::uint64_t task_ = 1;
  std::vector<Slot> slots_;
  std::vector<Line> lines_;  // by file
};

}  // namespace sqlicorn::loadgen
