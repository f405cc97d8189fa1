// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "loadgen/scenario/csv.h"

namespace sqlicorn::loadgen {

// How a number from 0 to n - 1 is drawn: all alike, or the first ones far more often than the last.
struct Popularity {
  double zipf = 0;  // the exponent; 0 = uniform
};

// Whose requests share a counter or the next line of a file.
enum class Sharing { kRun, kUser };

struct CounterValue {
  std::int64_t first = 1;
  std::int64_t step = 1;
  Sharing sharing = Sharing::kRun;
};

struct IntegerValue {
  std::int64_t low = 0;
  std::int64_t high = 0;  // included
  Popularity popularity;
};

struct StringValue {
  std::uint64_t shortest = 0;
  std::uint64_t longest = 0;
  std::string letters;  // ASCII, each as likely as the others
};

struct ChoiceValue {
  std::vector<std::string> words;
  Popularity popularity;
};

struct UuidValue {};

// One column of a file: what is drawn is the line, which all columns of the file share.
struct CsvValue {
  std::size_t file = 0;  // index into ValueTable::files
  std::size_t column = 0;
};

// Kept from an answer by a step before.
struct TakenValue {};

// What the run knows without being told.
struct UserNumberValue {};

struct RunIdValue {};

using ValueKind = std::variant<CounterValue, IntegerValue, StringValue, ChoiceValue, UuidValue,
                               CsvValue, TakenValue, UserNumberValue, RunIdValue>;

enum class Pick {
  kSequential,  // one line after the other, for all users together, from the top again at the end
  kRandom,
  kUser  // each user has one line for good
};

struct CsvFile {
  std::string path;
  CsvTable table;
  Pick pick = Pick::kSequential;
  Popularity popularity;  // of kRandom
};

struct ValueSpec {
  std::string name;  // what stands between "${" and "}"
  ValueKind kind;
};

// Everything a text of a scenario may have put in. A value is drawn when a task of a user first
// needs it and stays the same to the end of that task, all of its steps.
struct ValueTable {
  std::vector<ValueSpec> values;
  std::vector<CsvFile> files;

  [[nodiscard]] std::optional<std::size_t> Find(std::string_view name) const;
};

}  // namespace sqlicorn::loadgen
