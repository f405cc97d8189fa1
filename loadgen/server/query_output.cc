// SPDX-License-Identifier: MIT
#include "loadgen/server/query_output.h"

#include <cstdint>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/json/json_text.h"

namespace sqlicorn::loadgen {
namespace {

// Follows a JSON array of objects and remembers nothing of it.
class RowsHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit RowsHandler(const std::function<void(const Row&)>& take) : take_(take) {}

  bool null() override { return Value(""); }

  bool boolean(bool value) override { return Value(value ? "true" : "false"); }

  bool number_integer(number_integer_t value) override { return Value(fmt::to_string(value)); }

  bool number_unsigned(number_unsigned_t value) override { return Value(fmt::to_string(value)); }

  bool number_float(number_float_t, const string_t& text) override { return Value(text); }

  bool string(string_t& value) override { return Value(value); }

  bool binary(binary_t&) override { return false; }

  bool start_array(std::size_t) override { return depth_++ == 0; }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool start_object(std::size_t) override {
    columns_ = 0;
    return depth_++ == 1;
  }

  // The strings of a row are used again for the next.
  bool key(string_t& name) override {
    if (columns_ == row_.size()) {
      row_.emplace_back();
    }
    row_[columns_].first = name;
    return true;
  }

  bool end_object() override {
    --depth_;
    row_.resize(columns_);
    if (columns_ > 0) {
      take_(row_);
    }
    return columns_ > 0;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool Value(std::string_view value) {
    if (depth_ != 2) {
      return false;
    }
    row_[columns_++].second = value;
    return true;
  }

  const std::function<void(const Row&)>& take_;
  int depth_ = 0;
  std::size_t columns_ = 0;  // of the row under way
  Row row_;
};

std::string PragmaText(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : TextOf(value);
}

}  // namespace

Status ReadRows(const std::string& path, const std::function<void(const Row&)>& take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{fmt::format("cannot read '{}'", path)};
  }
  RowsHandler handler(take);
  if (!nlohmann::json::sax_parse(file, &handler)) {
    return Error{fmt::format("'{}' is not a JSON array of rows", path)};
  }
  return {};
}

Result<Pragmas> ReadPragmas(const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text) {
    return text.error();
  }
  const auto json = OrderedJsonOf(*text);
  if (!json.is_object()) {
    return Error{fmt::format("'{}' is not a JSON object of pragmas", path)};
  }
  Pragmas pragmas;
  for (const auto& [name, value] : json.items()) {
    pragmas.emplace_back(name, PragmaText(value));
  }
  return pragmas;
}

}  // namespace sqlicorn::loadgen
