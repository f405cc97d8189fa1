// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common/config/value.h"

namespace sqlicorn {

// A setting of gunicorn that has no meaning here. Whoever brings it from there is told why, and
// what to use instead; a value that asks for what we do anyway is taken without a word.
struct ForeignSetting {
  enum class Form { kValue, kSwitch };

  const char* name;   // gunicorn's key
  const char* flags;  // as CLI11 takes them; "" = it has none
  Form form;
  const char* taken;  // the value that is taken, "*" = any, "" = none
  const char* why;
};

[[nodiscard]] const std::vector<ForeignSetting>& ForeignSettingTable();

[[nodiscard]] bool IsTaken(const ForeignSetting& setting, const Value& value);

// "`label` is a setting of gunicorn without a meaning here: why"
[[nodiscard]] std::string Refusal(const ForeignSetting& setting, const std::string& label);

}  // namespace sqlicorn
