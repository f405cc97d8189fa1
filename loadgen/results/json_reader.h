// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/result.h"

namespace sqlicorn::loadgen {

// Parses JSON; an error tells line and column, and whether the text ends too early.
[[nodiscard]] Result<nlohmann::json> ParseJson(std::string_view text);

// A value in a parsed document and the way to it. What is missing or of another type is told once,
// with its place ("runs[3].seconds is missing"), and read as an empty value, so that a reader need
// not ask after every member.
class JsonPlace {
 public:
  // Both outlive the place and all that is taken from it.
  JsonPlace(const nlohmann::json& value, std::optional<Error>* first_error)
      : value_(&value), error_(first_error) {}

  // A member, an element.
  [[nodiscard]] JsonPlace operator[](std::string_view member) const;
  [[nodiscard]] JsonPlace At(std::size_t index) const;

  // Of an array.
  [[nodiscard]] std::size_t size() const;

  // Whether the member is there and not null.
  [[nodiscard]] bool Has(std::string_view member) const;

  // The value as a text, a truth value, a number of this type.
  template <typename T>
  [[nodiscard]] T As() const;

  // That what stands here cannot be.
  void Refuse(std::string_view why) const;

 private:
  JsonPlace(const nlohmann::json& value, std::string path, std::optional<Error>* first_error)
      : value_(&value), path_(std::move(path)), error_(first_error) {}

  const nlohmann::json* value_;
  std::string path_;
  std::optional<Error>* error_;
};

}  // namespace sqlicorn::loadgen
