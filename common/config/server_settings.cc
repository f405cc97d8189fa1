// SPDX-License-Identifier: MIT
#include "common/config/server_settings.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/numbers.h"
#include "common/config/foreign_settings.h"
#include "common/config/table_reader.h"
#include "common/config/toml.h"
#include "common/config/value.h"

namespace sqlicorn {
namespace {

constexpr std::int64_t kAllPermissions = 0777;

// "600", "0600" or "0o600".
std::optional<std::int64_t> ParseOctal(std::string_view text) {
  if (text.starts_with("0o")) {
    text.remove_prefix(2);
  }
  return ParseWhole<std::int64_t>(text, 8);
}

// As gunicorn: "0o22", "0x12" and "022" say their base, anything else is decimal.
std::optional<std::int64_t> ParseWithBase(std::string_view text) {
  if (text.starts_with("0x")) {
    return ParseWhole<std::int64_t>(text.substr(2), 16);
  }
  return text.size() > 1 && text.starts_with('0') ? ParseOctal(text)
                                                  : ParseWhole<std::int64_t>(text);
}

using ParseText = std::optional<std::int64_t> (*)(std::string_view);

// Of a string, or of an integer such as TOML's 0o600; nothing for anything but permissions.
std::optional<std::uint32_t> ToPermissions(const Value& value, ParseText parse) {
  std::optional<std::int64_t> bits;
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    bits = parse(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    bits = *number;
  }
  if (!bits || *bits < 0 || *bits > kAllPermissions) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*bits);
}

// Reads one setting; overloaded by the type of its member.
class SettingReader {
 public:
  SettingReader(TableReader& reader, const ServerSetting& setting)
      : reader_(reader), setting_(setting) {}

  void operator()(std::int64_t& out) const {
    const auto max = static_cast<std::int64_t>(setting_.max);
    if (setting_.automatic != nullptr && ReadAutomatic(max, &out)) {
      return;
    }
    reader_.ReadInRange(setting_.name, {static_cast<std::int64_t>(setting_.min), max}, &out);
    if (setting_.zero_is_max && out == 0) {
      out = max;
    }
  }

  void operator()(double& out) const {
    reader_.ReadInRange(setting_.name, Range<double>{setting_.min, setting_.max}, &out);
  }

  void operator()(bool& out) const { reader_.Read(setting_.name, &out); }

  void operator()(std::string& out) const {
    if (reader_.Read(setting_.name, &out)) {
      Check(out);
    }
  }

  void operator()(FileMode& out) const {
    Read(ParseOctal, "permissions in octal, such as \"0600\" or 0o600", &out.bits);
  }

  void operator()(Umask& out) const {
    Read(ParseWithBase, "permissions to take away, such as \"0022\" or 0o22", &out.bits);
  }

  void operator()(std::vector<std::string>& out) const {
    if (!reader_.Read(setting_.name, &out)) {
      return;
    }
    const auto count = static_cast<double>(out.size());
    if (count < setting_.min || count > setting_.max) {
      Fail(fmt::format("must have {} to {} entries, not {}", setting_.min, setting_.max, count));
    }
    for (const std::string& text : out) {
      Check(text);
    }
  }

 private:
  // The value is a word, right or wrong.
  bool ReadAutomatic(std::int64_t max, std::int64_t* out) const {
    const Value* value = reader_.Find(setting_.name);
    const auto* word = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
    if (word == nullptr) {
      return false;
    }
    if (*word == kAutomatic) {
      *out = std::min(static_cast<std::int64_t>(setting_.automatic()), max);
    } else {
      reader_.FailWanted(setting_.name, "an integer or \"auto\"");
    }
    return true;
  }

  void Read(ParseText parse, std::string_view wanted, std::uint32_t* out) const {
    const Value* value = reader_.Find(setting_.name);
    if (value == nullptr) {
      return;
    }
    if (const auto bits = ToPermissions(*value, parse)) {
      *out = *bits;
    } else {
      reader_.FailWanted(setting_.name, wanted);
    }
  }

  void Check(const std::string& text) const {
    const Status checked = setting_.check == nullptr ? Status() : setting_.check(text);
    if (!checked) {
      Fail(checked.error().message);
    }
  }

  void Fail(std::string_view what) const {
    reader_.Fail(reader_.Find(setting_.name)->place,
                 fmt::format("{}: {}", reader_.Label(setting_.name), what));
  }

  TableReader& reader_;
  const ServerSetting& setting_;
};

struct SettingPrinter {
  std::string operator()(std::int64_t value) const { return std::to_string(value); }

  std::string operator()(bool value) const { return value ? "true" : "false"; }

  std::string operator()(double value) const { return fmt::format("{}", value); }

  std::string operator()(FileMode value) const { return fmt::format("\"{:04o}\"", value.bits); }

  std::string operator()(Umask value) const { return fmt::format("\"{:04o}\"", value.bits); }

  std::string operator()(const std::string& value) const { return TomlString(value); }

  std::string operator()(const std::vector<std::string>& value) const { return TomlList(value); }
};

struct DefaultPrinter : SettingPrinter {
  using SettingPrinter::operator();

  std::string operator()(FileMode value) const { return fmt::format("{:04o}", value.bits); }

  std::string operator()(Umask value) const { return fmt::format("{:04o}", value.bits); }

  std::string operator()(const std::string& value) const { return value.empty() ? R"("")" : value; }

  std::string operator()(const std::vector<std::string>& value) const {
    return value.empty() ? "[]" : fmt::format("{}", fmt::join(value, ", "));
  }
};

void RefuseForeign(TableReader& reader) {
  for (const ForeignSetting& setting : ForeignSettingTable()) {
    if (FindMember(reader.members(), setting.name) == nullptr) {
      continue;
    }
    const Value& value = *reader.Find(setting.name);
    if (!IsTaken(setting, value)) {
      reader.Fail(value.place, Refusal(setting, reader.Label(setting.name)));
    }
  }
}

void SetDefault(Value& root, const std::string& name, Value value) {
  const Value* server = FindMember(std::get<Table>(root.data), "server");
  const auto* table = server == nullptr ? nullptr : std::get_if<Table>(&server->data);
  const bool said = table != nullptr ? FindMember(*table, name) != nullptr : server != nullptr;
  if (!said) {
    CHECK(ApplyOverride(root, "server." + name, std::move(value)).ok());
  }
}

}  // namespace

std::string DefaultText(const ServerSetting& setting) {
  const ServerSettings defaults;
  return std::visit([&](auto member) { return DefaultPrinter{}(defaults.*member); },
                    setting.member);
}

Value ServerSettingFromFlag(const ServerSetting& setting, const std::string& flag,
                            const std::vector<std::string>& texts) {
  const Place place{flag};
  if (std::holds_alternative<std::vector<std::string> ServerSettings::*>(setting.member)) {
    Array list;
    for (const std::string& text : texts) {
      list.push_back(Value{place, text});
    }
    return Value{place, std::move(list)};
  }
  const std::string text = texts.empty() ? "" : texts.back();
  if (std::holds_alternative<std::string ServerSettings::*>(setting.member) ||
      std::holds_alternative<FileMode ServerSettings::*>(setting.member) ||
      std::holds_alternative<Umask ServerSettings::*>(setting.member)) {
    return Value{place, text};
  }
  return ParseTomlValue(text, place);
}

void ApplyEnvironment(Value& root, const GetEnv& getenv) {
  const auto get = [&getenv](const char* name) {
    const char* text = getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  if (const std::string workers = get("WEB_CONCURRENCY"); !workers.empty()) {
    SetDefault(root, "workers", ParseTomlValue(workers, Place{"WEB_CONCURRENCY"}));
  }
  if (const std::string port = get("PORT"); !port.empty()) {
    SetDefault(root, "bind", Value{Place{"PORT"}, "0.0.0.0:" + port});
  }
  if (const std::string proxies = get("FORWARDED_ALLOW_IPS"); !proxies.empty()) {
    SetDefault(root, "forwarded_allow_ips", Value{Place{"FORWARDED_ALLOW_IPS"}, proxies});
  }
}

ServerSettings ReadServerSettings(const Value& table, Faults* faults) {
  ServerSettings settings;
  TableReader reader(table, "server");
  for (const ServerSetting& setting : ServerSettingTable()) {
    std::visit([&](auto member) { SettingReader(reader, setting)(settings.*member); },
               setting.member);
  }
  RefuseForeign(reader);
  reader.FinishInto(faults);
  return settings;
}

std::string PrintServerSettings(const ServerSettings& settings) {
  std::string text = "[server]\n";
  for (const ServerSetting& setting : ServerSettingTable()) {
    const std::string value =
        std::visit([&](auto member) { return SettingPrinter{}(settings.*member); }, setting.member);
    text += fmt::format("{} = {}\n", setting.name, value);
  }
  return text;
}

}  // namespace sqlicorn
