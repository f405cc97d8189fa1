// SPDX-License-Identifier: MIT
#include "loadgen/scenario/read_values.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "common/base/file.h"
#include "common/config/table_reader.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const Choices<Sharing> kSharings = {{"run", Sharing::kRun}, {"user", Sharing::kUser}};

const Choices<Pick> kPicks = {
    {"sequential", Pick::kSequential}, {"random", Pick::kRandom}, {"user", Pick::kUser}};

struct Bounds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

std::optional<Bounds> ToBounds(const Value& value) {
  const auto* ends = std::get_if<Array>(&value.data);
  if (ends == nullptr || ends->size() != 2) {
    return std::nullopt;
  }
  const auto* low = std::get_if<std::int64_t>(&ends->front().data);
  const auto* high = std::get_if<std::int64_t>(&ends->back().data);
  if (low == nullptr || high == nullptr) {
    return std::nullopt;
  }
  return Bounds{*low, *high};
}

void CheckOrder(TableReader& reader, std::string_view key, const Bounds& bounds) {
  if (bounds.low > bounds.high) {
    reader.Fail(reader.Find(key)->place, fmt::format("{} = [{}, {}] has the greater number first",
                                                     reader.Label(key), bounds.low, bounds.high));
  }
}

void ReadPopularity(TableReader& reader, Popularity* popularity) {
  reader.ReadInRange("zipf", Range<double>{0.01, 20}, &popularity->zipf);
}

ValueKind ReadCounter(TableReader& reader) {
  CounterValue counter;
  reader.Read("counter", &counter.first);
  reader.ReadInRange("step", Range<std::int64_t>{-1'000'000, 1'000'000}, &counter.step);
  reader.ReadChoice("per", kSharings, &counter.sharing);
  return counter;
}

ValueKind ReadInteger(TableReader& reader) {
  constexpr std::int64_t kWidest = 1'000'000'000'000'000;
  IntegerValue integer;
  const auto bounds = ToBounds(*reader.Find("integer"));
  const auto is_in_range = [](std::int64_t end) { return end >= -kWidest && end <= kWidest; };
  if (!bounds || !is_in_range(bounds->low) || !is_in_range(bounds->high)) {
    reader.FailWanted("integer", "two integers from -10^15 to 10^15 such as [1, 100]");
  } else {
    CheckOrder(reader, "integer", *bounds);
    integer.low = bounds->low;
    integer.high = bounds->high;
  }
  ReadPopularity(reader, &integer.popularity);
  return integer;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

ValueKind ReadString(TableReader& reader) {
  constexpr std::int64_t kLongest = 1'000'000;
  StringValue string;
  string.letters = kLetters;
  const Value* value = reader.Find("string");
  const auto* length = std::get_if<std::int64_t>(&value->data);
  const auto bounds =
      length != nullptr ? std::optional(Bounds{*length, *length}) : ToBounds(*value);
  const auto is_length = [](std::int64_t end) { return end >= 0 && end <= kLongest; };
  if (!bounds || !is_length(bounds->low) || !is_length(bounds->high)) {
    reader.FailWanted("string", "a length such as 12, or two such as [5, 20], up to 1000000");
  } else {
    CheckOrder(reader, "string", *bounds);
    string.shortest = static_cast<std::uint64_t>(bounds->low);
    string.longest = static_cast<std::uint64_t>(bounds->high);
  }
  if (reader.Read("of", &string.letters) && (string.letters.empty() || !IsAscii(string.letters))) {
    reader.FailWanted("of", "the characters to draw from, ASCII");
  }
  return string;
}

ValueKind ReadChoice(TableReader& reader) {
  ChoiceValue choice;
  if (reader.Read("choice", &choice.words) && choice.words.empty()) {
    reader.FailWanted("choice", "a list of strings");
  }
  ReadPopularity(reader, &choice.popularity);
  return choice;
}

ValueKind ReadUuid(TableReader& reader) {
  bool wanted = false;
  if (reader.Read("uuid", &wanted) && !wanted) {
    reader.FailWanted("uuid", "true");
  }
  return UuidValue();
}

struct Reader {
  std::string_view key;
  ValueKind (*read)(TableReader& reader);
};

constexpr std::array<Reader, 5> kReaders = {{{"counter", ReadCounter},
                                             {"integer", ReadInteger},
                                             {"string", ReadString},
                                             {"choice", ReadChoice},
                                             {"uuid", ReadUuid}}};

class ValuesReader {
 public:
  ValuesReader(const std::string& directory, ValueTable* values, Faults* faults)
      : directory_(directory), values_(values), faults_(faults) {}

  void Read(const TableMember& member) {
    const auto* table = std::get_if<Table>(&member.value.data);
    if (!IsValueName(member.key) || values_->Find(member.key)) {
      faults_->Add(member.value.place,
                   fmt::format("'{}' cannot be the name of a value: letters, digits, '_' and '-', "
                               "and not 'user' or 'run'",
                               member.key));
    } else if (table == nullptr) {
      faults_->Add(member.value.place,
                   fmt::format("values.{} must be a table such as {{ counter = 1 }}", member.key));
    } else if (FindMember(*table, "csv") != nullptr) {
      ReadCsv(member);
    } else {
      ReadOne(member);
    }
  }

 private:
  void ReadOne(const TableMember& member) {
    const auto& table = std::get<Table>(member.value.data);
    TableReader reader(member.value, "values." + member.key);
    const auto kind = std::find_if(kReaders.begin(), kReaders.end(), [&](const Reader& candidate) {
      return FindMember(table, candidate.key) != nullptr;
    });
    if (kind == kReaders.end()) {
      faults_->Add(member.value.place,
                   fmt::format("values.{} needs one of counter, integer, string, choice, uuid and "
                               "csv",
                               member.key));
      return;
    }
    values_->values.push_back({member.key, kind->read(reader)});
    reader.FinishInto(faults_);
  }

  void ReadCsv(const TableMember& member) {
    TableReader reader(member.value, "values." + member.key);
    CsvFile file;
    if (reader.Read("csv", &file.path)) {
      LoadCsv(reader, &file);
    }
    reader.ReadChoice("pick", kPicks, &file.pick);
    ReadPopularity(reader, &file.popularity);
    if (file.popularity.zipf > 0 && file.pick != Pick::kRandom) {
      reader.Fail(member.value.place, "'zipf' is for pick = \"random\"");
    }
    for (std::size_t i = 0; i < file.table.columns.size(); ++i) {
      values_->values.push_back({fmt::format("{}.{}", member.key, file.table.columns[i]),
                                 CsvValue{values_->files.size(), i}});
    }
    values_->files.push_back(std::move(file));
    reader.FinishInto(faults_);
  }

  void LoadCsv(TableReader& reader, CsvFile* file) {
    const std::string path = ResolvePath(directory_, file->path);
    const Result<std::string> text = ReadFile(path);
    if (!text) {
      reader.Fail(reader.Find("csv")->place, text.error().message);
      return;
    }
    Result<CsvTable> table = ParseCsv(*text);
    if (!table) {
      reader.Fail(reader.Find("csv")->place, table.error().In(path).message);
      return;
    }
    file->table = *std::move(table);
  }

  const std::string& directory_;
  ValueTable* values_;
  Faults* faults_;
};

}  // namespace

bool IsValueName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

ValueTable ReadValues(const Value* table, const std::string& directory, Faults* faults) {
  ValueTable values;
  values.values = {{"user", UserNumberValue()}, {"run", RunIdValue()}};
  if (table == nullptr) {
    return values;
  }
  ValuesReader reader(directory, &values, faults);
  for (const TableMember& member : std::get<Table>(table->data)) {
    reader.Read(member);
  }
  return values;
}

std::optional<std::size_t> AddTaken(const std::string& name, ValueTable* values) {
  if (const auto index = values->Find(name)) {
    const bool taken = std::holds_alternative<TakenValue>(values->values[*index].kind);
    return taken ? index : std::nullopt;
  }
  values->values.push_back({name, TakenValue()});
  return values->values.size() - 1;
}

}  // namespace sqlicorn::loadgen
