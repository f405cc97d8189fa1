// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/config/value.h"

namespace sqlicorn {

// The words a setting may have, and what each means.
template <typename E>
using Choices = std::vector<std::pair<std::string, E>>;

// The word for `value`. REQUIRES: there is one.
template <typename E>
[[nodiscard]] std::string NameOf(const Choices<E>& choices, std::type_identity_t<E> value) {
  for (const auto& [name, meaning] : choices) {
    if (meaning == value) {
      return name;
    }
  }
  CheckFailed("the value has a name", __FILE__, __LINE__);
}

template <typename T>
struct Range {
  T min;
  T max;
};

// A typed view of one table. Every Read leaves *out alone and returns false when the key is absent
// or its value is wrong; all that is wrong is remembered and returned by Finish, which also refuses
// keys nobody asked for. So a caller reads everything and looks at the end. Messages name the
// place, the key, what was found and what is wanted.
class TableReader {
 public:
  // `name` is what the file has between brackets: "server", "params.row", "[endpoint]"; "" is the
  // top level. REQUIRES: `table` holds a Table and outlives the reader.
  TableReader(const Value& table, std::string name);

  ~TableReader() = default;
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  bool Read(std::string_view key, bool* out);
  bool Read(std::string_view key, std::int64_t* out);
  bool Read(std::string_view key, double* out);  // integers too; finite
  bool Read(std::string_view key, std::string* out);
  bool Read(std::string_view key, std::vector<std::string>* out);  // a list, or one string
  bool Read(std::string_view key, Duration* out);                  // "250ms"

  // Read for a key that must be there.
  template <typename T>
  bool Require(std::string_view key, T* out) {
    NoteMissing(key);
    return Read(key, out);
  }

  bool ReadInRange(std::string_view key, Range<std::int64_t> range, std::int64_t* out);
  bool ReadInRange(std::string_view key, Range<double> range, double* out);
  bool ReadInRange(std::string_view key, Range<Duration> range, Duration* out);

  template <typename E>
  bool ReadChoice(std::string_view key, const std::type_identity_t<Choices<E>>& choices, E* out) {
    std::string word;
    if (!Read(key, &word)) {
      return false;
    }
    std::vector<std::string> names;
    for (const auto& [name, meaning] : choices) {
      if (name == word) {
        *out = meaning;
        return true;
      }
      names.push_back(name);
    }
    return FailChoice(key, names);
  }

  // The value of any type, or nullptr. The key counts as read.
  const Value* Find(std::string_view key);

  // A sub-table, for a reader of its own; nullptr when absent or something else.
  const Value* ReadTable(std::string_view key);

  // The elements of a [[key]] array of tables.
  std::vector<const Value*> ReadTables(std::string_view key);

  // Makes absence of `key` an error. One that may come from a misspelt key is reported as that.
  void NoteMissing(std::string_view key);

  // "`key` must be `wanted`, not `what was found`". Always false. REQUIRES: the key is there.
  bool FailWanted(std::string_view key, std::string_view wanted);

  // Remembers "place: what". Always false.
  bool Fail(const Place& place, std::string_view what);

  // The same for a message about a part of this table that names its place itself.
  bool Fail(const Error& error);

  // Where the reader of a part of this table puts what it finds wrong.
  [[nodiscard]] Faults* faults() { return &wrong_; }

  // "server.workers"
  [[nodiscard]] std::string Label(std::string_view key) const;

  [[nodiscard]] const Table& members() const { return std::get<Table>(table_.data); }

  [[nodiscard]] const Place& place() const { return table_.place; }

  // The wrong values and the unknown keys; the missing ones too, if no key is unknown.
  [[nodiscard]] Status Finish() const { return All().ToStatus(); }

  // The same, for the reader of a larger part. True when nothing was wrong.
  bool FinishInto(Faults* faults) const;

 private:
  template <typename T>
  bool ReadAs(std::string_view key, std::string_view wanted, T* out);
  template <typename T>
  bool ReadBetween(std::string_view key, Range<T> range, T* out);
  [[nodiscard]] Faults All() const;
  bool FailChoice(std::string_view key, const std::vector<std::string>& names);
  bool FailValue(const Value& value, std::string_view key, std::string_view wanted);

  const Value& table_;
  std::string name_;
  std::vector<std::string> known_;  // the keys asked for
  Faults wrong_;
  Faults missing_;
};

}  // namespace sqlicorn
