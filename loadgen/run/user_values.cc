// SPDX-License-Identifier: MIT
#include "loadgen/run/user_values.h"

#include <array>
#include <charconv>
#include <utility>
#include <variant>

#include "common/base/result.h"

namespace sqlicorn::loadgen {
namespace {

// Keeps the draws of values apart from those of tasks, which have the user's number as stream.
constexpr std::uint64_t kValueStreams = std::uint64_t{1} << 32U;

std::optional<Zipf> RanksOf(const Popularity& popularity, std::uint64_t count) {
  return popularity.zipf > 0 ? std::optional(Zipf(count, popularity.zipf)) : std::nullopt;
}

std::uint64_t WidthOf(const IntegerValue& value) {
  return static_cast<std::uint64_t>(value.high - value.low) + 1;
}

std::optional<Zipf> RanksOf(const ValueKind& kind) {
  if (const auto* integer = std::get_if<IntegerValue>(&kind)) {
    return RanksOf(integer->popularity, WidthOf(*integer));
  }
  const auto* choice = std::get_if<ChoiceValue>(&kind);
  return choice != nullptr ? RanksOf(choice->popularity, choice->words.size()) : std::nullopt;
}

std::int64_t FirstOf(const ValueKind& kind) {
  const auto* counter = std::get_if<CounterValue>(&kind);
  return counter != nullptr ? counter->first : 0;
}

void SetNumber(std::int64_t number, std::string* text) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text->assign(digits.data(), end.ptr);
}

}  // namespace

RunValues::RunValues(const ValueTable& table, std::string run_id)
    : table_(table), run_id_(std::move(run_id)), lines_(table.files.size()) {
  for (const ValueSpec& value : table.values) {
    counts_.push_back(FirstOf(value.kind));
    ranks_.push_back(RanksOf(value.kind));
  }
  for (const CsvFile& file : table.files) {
    line_ranks_.push_back(RanksOf(file.popularity, file.table.rows.size()));
  }
}

UserValues::UserValues(RunValues& run, std::uint64_t seed, std::uint32_t number)
    : run_(run),
      random_(seed, kValueStreams + number),
      number_(number),
      slots_(run.table_.values.size()),
      lines_(run.table_.files.size()) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i].count = FirstOf(run.table_.values[i].kind);
  }
}

// Writes a value into its slot.
struct UserValues::Draw {
  UserValues& user;
  Slot& slot;
  std::size_t value;

  void operator()(const CounterValue& counter) const {
    std::int64_t& next = counter.sharing == Sharing::kRun ? user.run_.counts_[value] : slot.count;
    SetNumber(next, &slot.text);
    slot.is_number = true;
    next = static_cast<std::int64_t>(static_cast<std::uint64_t>(next) +
                                     static_cast<std::uint64_t>(counter.step));
  }

  void operator()(const IntegerValue& integer) const {
    const std::uint64_t above = user.Below(WidthOf(integer), user.run_.ranks_[value]);
    SetNumber(integer.low + static_cast<std::int64_t>(above), &slot.text);
    slot.is_number = true;
  }

  void operator()(const StringValue& string) const {
    const std::uint64_t more = user.random_.Below(string.longest - string.shortest + 1);
    slot.text.resize(string.shortest + more);
    for (char& letter : slot.text) {
      letter = string.letters[user.random_.Below(string.letters.size())];
    }
  }

  void operator()(const ChoiceValue& choice) const {
    slot.text = choice.words[user.Below(choice.words.size(), user.run_.ranks_[value])];
  }

  // Version 4, variant 1: random but for six bits.
  void operator()(const UuidValue&) const {
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    slot.text = kForm;
    for (char& digit : slot.text) {
      if (digit == 'x') {
        digit = kHex[user.random_.Below(16)];
      } else if (digit == 'y') {
        digit = kHex[8 + user.random_.Below(4)];
      }
    }
  }

  void operator()(const CsvValue& csv) const {
    slot.text = user.run_.table_.files[csv.file].table.rows[user.RowOf(csv.file)][csv.column];
  }

  void operator()(const TakenValue&) const {}

  void operator()(const UserNumberValue&) const {
    SetNumber(std::int64_t{user.number_} + 1, &slot.text);
    slot.is_number = true;
  }

  void operator()(const RunIdValue&) const { slot.text = user.run_.run_id_; }
};

ValueText UserValues::Get(std::size_t value) {
  CHECK(value < slots_.size());
  Slot& slot = slots_[value];
  if (slot.drawn_in != task_) {
    slot.drawn_in = task_;
    std::visit(Draw{*this, slot, value}, run_.table_.values[value].kind);
  }
  return {slot.text, slot.is_number};
}

void UserValues::Keep(std::size_t value, const TakenText& text) {
  CHECK(value < slots_.size());
  slots_[value].text = text.text;
  slots_[value].is_number = text.is_number;
}

std::uint64_t UserValues::Below(std::uint64_t count, const std::optional<Zipf>& ranks) {
  return ranks ? ranks->Next(random_) - 1 : random_.Below(count);
}

std::size_t UserValues::RowOf(std::size_t file) {
  Line& line = lines_[file];
  if (line.drawn_in == task_) {
    return line.row;
  }
  line.drawn_in = task_;
  const CsvFile& spec = run_.table_.files[file];
  const std::size_t rows = spec.table.rows.size();
  switch (spec.pick) {
    case Pick::kSequential:
      line.row = run_.lines_[file]++ % rows;
      break;
    case Pick::kRandom:
      line.row = Below(rows, run_.line_ranks_[file]);
      break;
    case Pick::kUser:
      line.row = number_ % rows;
  }
  return line.row;
}

}  // namespace sqlicorn::loadgen
