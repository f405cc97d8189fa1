// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sqlicorn {

// Writes the failed condition and its place to the log and aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line) noexcept;

}  // namespace sqlicorn

// For our own bugs only, in release builds too: a worker that aborts is replaced by the master.
#define CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::sqlicorn::CheckFailed(#condition, __FILE__, __LINE__))

namespace sqlicorn {

// What went wrong, in one line a person can act on: the place, the fact, the way out.
struct Error {
  std::string message;
  // It stays until somebody changes the configuration or the database: trying again is in vain.
  bool lasting = false;

  // "what: message"; callers add context on the way up.
  [[nodiscard]] Error In(std::string_view what) const;
};

// The error of a failed system call: "what: strerror(errno_value)".
[[nodiscard]] Error SystemError(std::string_view what, int errno_value);

// A value or the Error that prevented it. Anything that can fail in operation returns one; expected
// outcomes (busy, not found, timed out) are enums instead.
template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{…};` is the point.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }

  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & {
    CHECK(ok());
    return std::get<0>(state_);
  }

  const T& value() const& {
    CHECK(ok());
    return std::get<0>(state_);
  }

  T&& value() && {
    CHECK(ok());
    return std::get<0>(std::move(state_));
  }

  T& operator*() & { return value(); }

  const T& operator*() const& { return value(); }

  T&& operator*() && { return std::move(*this).value(); }

  T* operator->() { return &value(); }

  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    CHECK(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Success, or the Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;

  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{…};` is the point.
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }

  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace sqlicorn
