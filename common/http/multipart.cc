// SPDX-License-Identifier: MIT
#include "common/http/multipart.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.h"
#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

constexpr auto npos = std::string_view::npos;

bool IsBoundaryCharacter(char c) {
  const char lower = ToLowerAscii(c);
  return IsDigit(c) || (lower >= 'a' && lower <= 'z') ||
         std::string_view("'()+_,-./:=? ").find(c) != npos;
}

// The parameter of that name, `; name=token` or `; name="…"`, without its quotes and as it stands
// in between; nothing when there is none.
std::optional<std::string_view> ParameterOf(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(';'); at != npos; at = value.find(';')) {
    value = TrimBlanks(value.substr(at + 1));
    const std::size_t equals = value.find('=');
    if (equals == npos) {
      return std::nullopt;
    }
    const std::string_view found = TrimBlanks(value.substr(0, equals));
    value = TrimBlanks(value.substr(equals + 1));
    std::size_t end = std::min(value.find(';'), value.size());
    const bool quoted = value.starts_with('"');
    if (quoted) {
      for (end = 1; end < value.size() && value[end] != '"'; ++end) {
        end += value[end] == '\\' && value.substr(end + 1).starts_with('"') ? 1 : 0;
      }
    }
    if (EqualsIgnoreCase(found, name)) {
      end = std::min(end, value.size());
      return quoted ? value.substr(1, end - 1) : TrimBlanks(value.substr(0, end));
    }
    value = value.substr(std::min(end, value.size()));
  }
  return std::nullopt;
}

// What browsers write for the three characters that would end a name, and what others write for the
// quote: HTML, "multipart/form-data encoding algorithm".
std::string Unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::string_view escape = text.substr(0, 3);
    if (escape == "%22" || escape == "%0D" || escape == "%0A") {
      plain += escape == "%22" ? '"' : (escape == "%0D" ? '\r' : '\n');
      text.remove_prefix(3);
      continue;
    }
    text.remove_prefix(text.starts_with("\\\"") ? 1 : 0);
    plain += text.front();
    text.remove_prefix(1);
  }
  return plain;
}

bool IsPlainCoding(std::string_view coding) {
  return EqualsIgnoreCase(coding, "7bit") || EqualsIgnoreCase(coding, "8bit") ||
         EqualsIgnoreCase(coding, "binary");
}

// Takes the header lines of a part off *text, with the empty one.
std::string ReadPartHead(std::string_view* text, FormPart* part) {
  bool named = false;
  while (true) {
    const std::size_t end = text->find("\r\n");
    if (end == npos) {
      return "a part has no empty line behind its header";
    }
    const std::string_view line = text->substr(0, end);
    text->remove_prefix(end + 2);
    if (line.empty()) {
      return named ? "" : "a part has no name in its Content-Disposition";
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = TrimBlanks(line.substr(std::min(colon + 1, line.size())));
    if (EqualsIgnoreCase(key, "content-type")) {
      part->type = value;
    } else if (EqualsIgnoreCase(key, "content-transfer-encoding") && !IsPlainCoding(value)) {
      return "a part has a Content-Transfer-Encoding; send its octets as they are";
    } else if (EqualsIgnoreCase(key, "content-disposition")) {
      const auto name = ParameterOf(value, "name");
      const auto file_name = ParameterOf(value, "filename");
      named = name.has_value();
      part->name = Unescaped(name.value_or(""));
      part->file_name = file_name ? std::optional(Unescaped(*file_name)) : std::nullopt;
    }
  }
}

bool HasTexts(const FormPart& part) {
  return IsValidText(part.name) && IsValidText(part.file_name.value_or("")) &&
         IsValidText(part.type);
}

}  // namespace

std::string_view BoundaryOf(std::string_view content_type) {
  constexpr std::size_t kLongest = 70;
  const std::string_view boundary = ParameterOf(content_type, "boundary").value_or("");
  const bool good = boundary.size() <= kLongest && !boundary.ends_with(' ') &&
                    std::all_of(boundary.begin(), boundary.end(), IsBoundaryCharacter);
  return good ? boundary : "";
}

std::string ReadMultipart(std::string_view body, std::string_view boundary,
                          std::vector<FormPart>* parts) {
  parts->clear();
  const std::string delimiter = fmt::format("\r\n--{}", boundary);
  const std::string_view opening = std::string_view(delimiter).substr(2);
  // A preamble in front of the first delimiter says nothing.
  std::size_t at = body.starts_with(opening) ? 0 : body.find(delimiter);
  at += at == 0 || at == npos ? 0 : 2;
  if (at == npos) {
    return "the boundary of its Content-Type does not stand in it";
  }
  std::string_view rest = body.substr(at + opening.size());
  while (!rest.starts_with("--")) {
    const std::size_t line = rest.find("\r\n");
    if (line == npos || !TrimBlanks(rest.substr(0, line)).empty()) {
      return "it ends within a part";
    }
    rest.remove_prefix(line + 2);
    FormPart part;
    if (std::string wrong = ReadPartHead(&rest, &part); !wrong.empty()) {
      return wrong;
    }
    // An empty part has its delimiter right behind the empty line.
    const std::size_t end = rest.find(delimiter);
    if (end == npos) {
      return "it ends within a part";
    }
    part.octets = rest.substr(0, end);
    if (!HasTexts(part)) {
      return "a name or type of a part is not UTF-8 text";
    }
    if (parts->size() == kMaxFormParts) {
      return "there are more than 1,000 parts";
    }
    parts->push_back(std::move(part));
    rest.remove_prefix(end + delimiter.size());
  }
  return "";
}

}  // namespace sqlicorn
