// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "common/base/clock.h"
#include "common/base/result.h"

// The values of flags, each read by a parser of ours: CLI11's own takes "-1" for a great unsigned
// number and "010" for eight.
namespace sqlicorn::loadgen {

// Takes what `parse` makes of the text; its error is a wrong use of the flag.
template <typename Value, typename Parse>
CLI::Option* AddParsed(CLI::App& app, const std::string& name, const std::string& type,
                       const std::string& help, Parse parse, std::function<void(Value)> take) {
  const auto read = [name, parse = std::move(parse),
                     take = std::move(take)](const std::string& text) {
    Result<Value> value = parse(text);
    if (!value) {
      throw CLI::ValidationError(name, value.error().message);
    }
    take(*std::move(value));
  };
  return app.add_option_function<std::string>(name, read, help)->type_name(type);
}

// A whole number in decimal digits, from `least` to `most`.
CLI::Option* AddCount(CLI::App& app, const std::string& name, const std::string& help,
                      std::uint32_t least, std::uint32_t most,
                      std::function<void(std::uint32_t)> take);

// --seed: any number of 64 bits.
void AddSeed(CLI::App& app, const std::string& help, std::optional<std::uint64_t>* seed);

// Locust's format of times: a bare number is seconds, else as in the configuration file.
[[nodiscard]] Result<Duration> ParseLocustTime(std::string_view text);

}  // namespace sqlicorn::loadgen
