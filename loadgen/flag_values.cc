// SPDX-License-Identifier: MIT
#include "loadgen/flag_values.h"

#include <fmt/format.h>

#include "common/base/numbers.h"

namespace sqlicorn::loadgen {

CLI::Option* AddCount(CLI::App& app, const std::string& name, const std::string& help,
                      std::uint32_t least, std::uint32_t most,
                      std::function<void(std::uint32_t)> take) {
  const auto parse = [least, most](std::string_view text) -> Result<std::uint32_t> {
    const auto count = ParseWhole<std::uint32_t>(text);
    if (count && *count >= least && *count <= most) {
      return *count;
    }
    return Error{fmt::format("'{}' is not a whole number from {} to {}", text, least, most)};
  };
  return AddParsed<std::uint32_t>(app, name, "N", help, parse, std::move(take));
}

void AddSeed(CLI::App& app, const std::string& help, std::optional<std::uint64_t>* seed) {
  const auto parse = [](std::string_view text) -> Result<std::uint64_t> {
    const auto number = ParseWhole<std::uint64_t>(text);
    if (number) {
      return *number;
    }
    return Error{fmt::format("'{}' is not a whole number from 0 to {}", text, UINT64_MAX)};
  };
  AddParsed<std::uint64_t>(app, "--seed", "N", help, parse,
                           [seed](std::uint64_t number) { *seed = number; });
}

Result<Duration> ParseLocustTime(std::string_view text) {
  const bool bare = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return ParseDuration(bare ? fmt::format("{}s", text) : text);
}

}  // namespace sqlicorn::loadgen
