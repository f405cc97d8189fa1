// SPDX-License-Identifier: MIT
#include "common/base/date_time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace sqlicorn {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Takes what stands at the front of a text, piece by piece; once something is not there, nothing
// is.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  // A number of so many digits, `max` at most.
  int Digits(std::size_t count, int max) {
    good_ = good_ && text_.size() >= count &&
            std::all_of(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(count), IsDigit);
    int number = 0;
    for (std::size_t i = 0; good_ && i < count; ++i) {
      number = number * 10 + (text_[i] - '0');
    }
    Skip(count);
    good_ = good_ && number <= max;
    return number;
  }

  // One of these characters; '\0' where there is none.
  char OneOf(std::string_view characters) {
    good_ = good_ && !text_.empty() && characters.find(text_.front()) != std::string_view::npos;
    const char found = good_ ? text_.front() : '\0';
    Skip(1);
    return found;
  }

  // ".5" in microseconds, or nothing and 0.
  std::int64_t Fraction() {
    if (!good_ || !text_.starts_with('.')) {
      return 0;
    }
    Skip(1);
    std::size_t digits = 0;
    std::int64_t value = 0;
    for (; good_ && digits < text_.size() && IsDigit(text_[digits]); ++digits) {
      value = digits < 6 ? value * 10 + (text_[digits] - '0') : value;
    }
    good_ = good_ && digits > 0;
    Skip(digits);
    for (; digits < 6; ++digits) {
      value *= 10;
    }
    return value;
  }

  [[nodiscard]] bool AtEnd() const { return good_ && text_.empty(); }

  [[nodiscard]] bool good() const { return good_; }

 private:
  void Skip(std::size_t count) { text_.remove_prefix(good_ ? count : text_.size()); }

  std::string_view text_;
  bool good_ = true;
};

std::optional<std::int64_t> TakeDate(Cursor& cursor) {
  const int year = cursor.Digits(4, 9999);
  cursor.OneOf("-");
  const int month = cursor.Digits(2, 12);
  cursor.OneOf("-");
  const int day = cursor.Digits(2, 31);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!cursor.good() || !date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// In minutes.
std::int64_t TakeOffset(Cursor& cursor) {
  const char sign = cursor.OneOf("Z+-");
  if (sign == 'Z' || sign == '\0') {
    return 0;
  }
  const int hours = cursor.Digits(2, 14);
  cursor.OneOf(":");
  const int minutes = hours * 60 + cursor.Digits(2, 59);
  return sign == '-' ? -minutes : minutes;
}

}  // namespace

std::optional<std::int64_t> ReadDate(std::string_view text) {
  Cursor cursor(text);
  const auto days = TakeDate(cursor);
  return cursor.AtEnd() ? days : std::nullopt;
}

std::optional<std::int64_t> ReadTimestamp(std::string_view text) {
  Cursor cursor(text);
  const auto days = TakeDate(cursor);
  cursor.OneOf("T ");
  std::int64_t seconds = cursor.Digits(2, 23) * 3600;
  cursor.OneOf(":");
  seconds += cursor.Digits(2, 59) * 60;
  cursor.OneOf(":");
  seconds += cursor.Digits(2, 59);
  const std::int64_t fraction = cursor.Fraction();
  seconds -= TakeOffset(cursor) * 60;
  if (!days || !cursor.AtEnd()) {
    return std::nullopt;
  }
  return (*days * 86400 + seconds) * 1'000'000 + fraction;
}

}  // namespace sqlicorn
