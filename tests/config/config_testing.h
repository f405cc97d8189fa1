// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "common/base/result.h"
#include "common/config/server_config.h"
#include "common/config/toml_reader.h"
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

struct BadInput {
  const char* text;
  const char* error;
};

}  // namespace sqlicorn
