// SPDX-License-Identifier: MIT
#include "worker/request/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "common/base/numbers.h"
#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;

// No number of a request is near to it, and sums with it do not overflow.
constexpr std::int64_t kHugeExponent = 1'000'000'000;

// A number taken apart. REQUIRES: std::from_chars has read it as a real.
struct Decimal {
  bool negative = false;
  std::string_view whole;     // without leading zeros
  std::string_view fraction;  // without trailing zeros
  std::int64_t exponent = 0;
};

std::string_view WithoutBlanksAndPlus(std::string_view text) {
  text = TrimBlanks(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') {
    text.remove_prefix(1);
  }
  return text;
}

std::int64_t ExponentOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
  const std::int64_t value =
      std::min(ParseWhole<std::int64_t>(text).value_or(kHugeExponent), kHugeExponent);
  return negative ? -value : value;
}

Decimal TakeApart(std::string_view text) {
  Decimal number;
  number.negative = text.starts_with('-');
  text.remove_prefix(number.negative ? 1 : 0);
  const std::size_t mark = text.find_first_of("eE");
  number.exponent = mark == npos ? 0 : ExponentOf(text.substr(mark + 1));
  const std::string_view digits = text.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  number.whole = digits.substr(0, point);
  number.whole.remove_prefix(std::min(number.whole.find_first_not_of('0'), point));
  number.fraction = digits.substr(std::min(point + 1, digits.size()));
  number.fraction = number.fraction.substr(0, number.fraction.find_last_not_of('0') + 1);
  return number;
}

// Whether a number other than 0 is below 1.
bool IsSmall(const Decimal& number) {
  const std::size_t zeros =
      std::min(number.fraction.find_first_not_of('0'), number.fraction.size());
  const auto places = number.whole.empty() ? -static_cast<std::int64_t>(zeros)
                                           : static_cast<std::int64_t>(number.whole.size());
  return places + number.exponent <= 0;
}

std::optional<std::int64_t> ExactInteger(const Decimal& number) {
  constexpr std::size_t kMostDigits = 19;
  std::array<char, kMostDigits + 1> digits{};
  std::size_t size = number.negative ? 1 : 0;
  digits[0] = '-';
  std::int64_t scale = number.exponent - static_cast<std::int64_t>(number.fraction.size());
  for (const std::string_view part : {number.whole, number.fraction}) {
    for (const char c : part) {
      if (size == digits.size()) {
        return std::nullopt;
      }
      digits[size++] = c;
    }
  }
  for (; scale < 0 && size > 0 && digits[size - 1] == '0'; ++scale) {
    --size;
  }
  if (scale < 0 || scale > static_cast<std::int64_t>(digits.size() - size)) {
    return std::nullopt;
  }
  std::fill_n(digits.begin() + static_cast<std::ptrdiff_t>(size), scale, '0');
  return ParseWhole<std::int64_t>({digits.data(), size + static_cast<std::size_t>(scale)});
}

}  // namespace

std::optional<std::int64_t> ReadInteger(std::string_view text) {
  text = WithoutBlanksAndPlus(text);
  if (const auto integer = ParseWhole<std::int64_t>(text)) {
    return integer;
  }
  const auto real = ParseWhole<double>(text);
  if (!real || !std::isfinite(*real)) {
    return std::nullopt;
  }
  return *real == 0 ? 0 : ExactInteger(TakeApart(text));
}

std::optional<double> ReadReal(std::string_view text) {
  text = WithoutBlanksAndPlus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    const Decimal number = TakeApart(text);
    return IsSmall(number) ? std::optional<double>(number.negative ? -0.0 : 0.0) : std::nullopt;
  }
  return error == std::errc() && std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

}  // namespace sqlicorn
