// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/result.h"
#include "common/config/config_text.h"
#include "common/config/database_settings.h"
#include "common/config/endpoints.h"
#include "common/config/param_sets.h"
#include "common/config/server_settings.h"
#include "common/config/toml.h"
#include "common/config/value.h"

namespace sqlicorn {

// The document "t.toml" with this text.
inline Value Toml(const std::string& text) {
  Result<Value> value = ParseToml(text, "t.toml");
  EXPECT_TRUE(value.ok()) << value.error().message;
  return value.ok() ? *std::move(value) : Value{Place{}, Table{}};
}

inline const Value& Member(const Value& table, const std::string& key) {
  const Value* member = FindMember(std::get<Table>(table.data), key);
  CHECK(member != nullptr);
  return *member;
}

// "" where there was none.
template <typename T>
std::string ErrorOf(const Result<T>& result) {
  return result.ok() ? "" : result.error().message;
}

inline Result<ServerConfig> Build(const std::string& text) {
  return BuildServerConfig(Toml(text), "/srv/app");
}

// What a reader of a part reads, or all that it finds wrong.
template <typename T, typename Read>
Result<T> AllOrFaults(const Read& read) {
  Faults faults;
  T value = read(&faults);
  const Status status = faults.ToStatus();
  return status ? Result<T>(std::move(value)) : status.error();
}

inline Result<ServerSettings> ReadServerSettings(const Value& table) {
  return AllOrFaults<ServerSettings>(
      [&](Faults* faults) { return ReadServerSettings(table, faults); });
}

inline Result<DatabaseSettings> ReadDatabaseSettings(const Value& table,
                                                     const DatabaseContext& context) {
  return AllOrFaults<DatabaseSettings>(
      [&](Faults* faults) { return ReadDatabaseSettings(table, context, faults); });
}

inline Result<std::vector<ParamSetSpec>> ReadParamSets(const Value& table) {
  return AllOrFaults<std::vector<ParamSetSpec>>(
      [&](Faults* faults) { return ReadParamSets(table, faults); });
}

inline Result<std::vector<StatementSpec>> ReadStatements(const Value& table) {
  return AllOrFaults<std::vector<StatementSpec>>(
      [&](Faults* faults) { return ReadStatements(table, faults); });
}

struct BadInput {
  const char* text;
  const char* error;
};

}  // namespace sqlicorn
