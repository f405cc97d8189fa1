// SPDX-License-Identifier: MIT
#include "loadgen/results/json_reader.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "common/json/json_text.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::json;

const Json kNothing;

// Looks only for the place of the mistake: the document parser keeps it to itself when it does not
// throw.
class MistakeFinder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }

  bool boolean(bool /*value*/) override { return true; }

  bool number_integer(number_integer_t /*value*/) override { return true; }

  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }

  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }

  bool string(string_t& /*value*/) override { return true; }

  bool binary(binary_t& /*value*/) override { return true; }

  bool start_object(std::size_t /*elements*/) override { return true; }

  bool key(string_t& /*value*/) override { return true; }

  bool end_object() override { return true; }

  bool start_array(std::size_t /*elements*/) override { return true; }

  bool end_array() override { return true; }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    at_ = position;
    return false;
  }

  // Bytes read when the mistake was seen.
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::size_t at_ = 0;
};

template <typename T>
constexpr const char* kTypeName = std::is_same_v<T, bool> ? "true or false" : "a number";
template <>
constexpr const char* kTypeName<std::string> = "a text";

template <typename T>
bool Fits(const Json& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    return value.is_string();
  } else if constexpr (std::is_same_v<T, bool>) {
    return value.is_boolean();
  } else if constexpr (std::is_floating_point_v<T>) {
    return value.is_number();
  } else if constexpr (std::is_unsigned_v<T>) {
    return value.is_number_unsigned() &&
           value.get<std::uint64_t>() <= std::numeric_limits<T>::max();
  } else {
    return value.is_number_integer();
  }
}

}  // namespace

Result<Json> ParseJson(std::string_view text) {
  Json value = JsonOf(text);
  if (!value.is_discarded()) {
    return value;
  }
  MistakeFinder finder;
  Json::sax_parse(text, &finder);
  const std::size_t at = std::min(finder.at(), text.size());
  if (at == text.size() && !text.empty()) {
    return Error{"the file ends in the middle; it was not written or copied whole"};
  }
  const std::string_view before = text.substr(0, at == 0 ? 0 : at - 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  return Error{fmt::format("{}:{}: this is no JSON", lines + 1, before.size() - line_start + 1)};
}

JsonPlace JsonPlace::operator[](std::string_view member) const {
  const auto path = path_.empty() ? std::string(member) : fmt::format("{}.{}", path_, member);
  if (value_->is_object()) {
    if (const auto found = value_->find(member); found != value_->end()) {
      return {*found, path, error_};
    }
  }
  JsonPlace nothing(kNothing, path, error_);
  nothing.Refuse("is missing");
  return nothing;
}

JsonPlace JsonPlace::At(std::size_t index) const {
  const std::string path = fmt::format("{}[{}]", path_, index);
  return {value_->is_array() && index < value_->size() ? (*value_)[index] : kNothing, path, error_};
}

std::size_t JsonPlace::size() const {
  if (!value_->is_array()) {
    Refuse("is no array");
    return 0;
  }
  return value_->size();
}

bool JsonPlace::Has(std::string_view member) const {
  if (!value_->is_object()) {
    return false;
  }
  const auto found = value_->find(member);
  return found != value_->end() && !found->is_null();
}

template <typename T>
T JsonPlace::As() const {
  if (Fits<T>(*value_)) {
    return value_->get<T>();
  }
  Refuse(fmt::format("is not {}", kTypeName<T>));
  return T();
}

template bool JsonPlace::As<bool>() const;
template double JsonPlace::As<double>() const;
template std::int64_t JsonPlace::As<std::int64_t>() const;
template std::uint32_t JsonPlace::As<std::uint32_t>() const;
template std::uint64_t JsonPlace::As<std::uint64_t>() const;
template std::string JsonPlace::As<std::string>() const;

void JsonPlace::Refuse(std::string_view why) const {
  if (!*error_) {
    *error_ = Error{fmt::format("{} {}", path_, why)};
  }
}

}  // namespace sqlicorn::loadgen
