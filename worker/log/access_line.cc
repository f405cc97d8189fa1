// SPDX-License-Identifier: MIT
#include "worker/log/access_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "common/base/text.h"
#include "worker/log/access_fields.h"
#include "worker/plan/json_rows.h"

namespace sqlicorn {
namespace {

using std::chrono::microseconds;

// The longest escape of one octet, in JSON, is \u0001; an octet that is no UTF-8 becomes three.
constexpr std::size_t kLongestEscape = 6;
constexpr std::size_t kShortAtom = 64;     // a number, a time, a content type
constexpr std::size_t kFixedFields = 512;  // names, numbers and punctuation of a JSON line

std::string_view OrDash(std::string_view text) {
  return text.empty() ? "-" : text;
}

void AppendNumber(std::int64_t number, std::string* out) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out->append(digits.data(), end);
}

// "2.000113"
void AppendSeconds(std::int64_t us, std::string* out) {
  AppendNumber(us / 1000000, out);
  std::array<char, 7> fraction = {'.', '0', '0', '0', '0', '0', '0'};
  us %= 1000000;
  for (std::size_t i = fraction.size(); i-- > 1; us /= 10) {
    fraction.at(i) = static_cast<char>('0' + us % 10);
  }
  out->append(fraction.data(), fraction.size());
}

std::int64_t BodyBytes(const AccessRecord& record) {
  return record.request.method() == "HEAD" ? 0
                                           : static_cast<std::int64_t>(record.reply.body_bytes());
}

// One atom of a line of text.
class TextAtoms {
 public:
  TextAtoms(const AccessRecord& record, std::string* out)
      : record_(record), request_(record.request), out_(out) {}

  void Append(const AccessPiece& piece) const {
    switch (piece.atom) {
      case AccessAtom::kLiteral:
        out_->append(piece.text);
        break;
      case AccessAtom::kTime:
        out_->append(record_.time);
        break;
      case AccessAtom::kRequestLine:
        AppendRequestLine();
        break;
      case AccessAtom::kStatus:
        AppendNumber(record_.reply.status, out_);
        break;
      case AccessAtom::kBytes:
        AppendNumber(BodyBytes(record_), out_);
        break;
      case AccessAtom::kPid:
        out_->append("<").append(record_.pid).append(">");
        break;
      case AccessAtom::kSeconds:
      case AccessAtom::kMilliseconds:
      case AccessAtom::kMicroseconds:
      case AccessAtom::kDecimalSeconds:
        AppendDuration(piece.atom);
        break;
      case AccessAtom::kQuery:
        AppendLogText(request_.query(), Quotes::kEscape, out_);
        break;
      default:
        AppendLogText(OrDash(ValueOf(piece)), Quotes::kEscape, out_);
    }
  }

 private:
  void AppendRequestLine() const {
    if (request_.method().empty()) {
      out_->append("-");
      return;
    }
    out_->append(request_.method()).append(" ");
    AppendLogText(request_.target(), Quotes::kEscape, out_);
    out_->append(" ").append(ProtocolOf(request_));
  }

  void AppendDuration(AccessAtom unit) const {
    const std::int64_t us = std::chrono::duration_cast<microseconds>(record_.duration).count();
    if (unit == AccessAtom::kDecimalSeconds) {
      AppendSeconds(us, out_);
      return;
    }
    const std::int64_t divisor =
        unit == AccessAtom::kSeconds ? 1000000 : (unit == AccessAtom::kMilliseconds ? 1000 : 1);
    AppendNumber(us / divisor, out_);
  }

  // What is text of the client, of the application, or not there at all.
  [[nodiscard]] std::string_view ValueOf(const AccessPiece& piece) const {
    switch (piece.atom) {
      case AccessAtom::kRemote:
        return record_.peer;
      case AccessAtom::kUser:
        return BasicUser(request_.Header("authorization"), record_.scratch);
      case AccessAtom::kMethod:
        return request_.method();
      case AccessAtom::kPath:
        return DecodedPath(request_, record_.scratch);
      case AccessAtom::kProtocol:
        return ProtocolOf(request_);
      case AccessAtom::kReferer:
        return request_.Header("referer");
      case AccessAtom::kUserAgent:
        return request_.Header("user-agent");
      case AccessAtom::kRequestHeader:
        return request_.Header(piece.text);
      case AccessAtom::kResponseHeader:
        return ResponseHeader(record_, piece.text);
      case AccessAtom::kVariable:
        return Variable(record_, piece.text);
      default:
        return {};
    }
  }

  const AccessRecord& record_;
  const Message& request_;
  std::string* out_;
};

// As JSON, and nothing in it that a terminal takes for a control: DEL and U+0080 to U+009F, which
// JSON lets pass, as \u00HH.
void AppendJsonLogText(std::string_view text, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::size_t begin = out->size();
  AppendJsonString(text, out);
  for (std::size_t i = begin; i < out->size(); ++i) {
    const auto octet = static_cast<unsigned char>((*out)[i]);
    // Well-formed by now: 0xC2 has its second octet.
    const std::size_t size = octet == 0xC2 ? 2 : 1;
    const auto last = static_cast<unsigned char>((*out)[i + size - 1]);
    if (octet == 0x7F || (octet == 0xC2 && last < 0xA0)) {
      const std::array<char, 6> escape = {'\\', 'u', '0', '0', kHex[last >> 4U], kHex[last & 15U]};
      out->replace(i, size, escape.data(), escape.size());
    }
  }
}

// The members of one JSON object.
class JsonLine {
 public:
  explicit JsonLine(std::string* out) : out_(out) {}

  void Add(std::string_view name, std::string_view value) {
    Name(name);
    AppendJsonLogText(value, out_);
  }

  // null for what is not there.
  void AddIfAny(std::string_view name, std::string_view value) {
    if (value.empty()) {
      Name(name);
      out_->append("null");
    } else {
      Add(name, value);
    }
  }

  void Add(std::string_view name, std::int64_t value) {
    Name(name);
    AppendNumber(value, out_);
  }

  // Digits already.
  void AddDigits(std::string_view name, std::string_view digits) {
    Name(name);
    out_->append(digits);
  }

  void End() { out_->append("}\n"); }

 private:
  void Name(std::string_view name) {
    out_->append(first_ ? "{\"" : ",\"").append(name).append("\":");
    first_ = false;
  }

  std::string* out_;
  bool first_ = true;
};

void AppendJson(const AccessRecord& record, std::string* out) {
  const Message& request = record.request;
  const std::int64_t us = std::chrono::duration_cast<microseconds>(record.duration).count();
  JsonLine line(out);
  line.Add("time", record.iso_time);
  line.Add("remote", record.peer);
  line.AddIfAny("user", BasicUser(request.Header("authorization"), record.scratch));
  line.Add("scheme", record.scheme);
  line.AddIfAny("method", request.method());
  line.AddIfAny("path", DecodedPath(request, record.scratch));
  line.Add("query", request.query());
  line.AddIfAny("protocol", ProtocolOf(request));
  line.Add("status", record.reply.status);
  line.Add("bytes", BodyBytes(record));
  line.Add("duration_us", us);
  line.AddIfAny("referer", request.Header("referer"));
  line.AddIfAny("user_agent", request.Header("user-agent"));
  line.AddDigits("pid", record.pid);
  line.End();
}

}  // namespace

void AppendAccessLine(const AccessFormat& format, const AccessRecord& record, std::string* out) {
  if (format.json) {
    AppendJson(record, out);
    return;
  }
  const TextAtoms atoms(record, out);
  for (const AccessPiece& piece : format.pieces) {
    atoms.Append(piece);
  }
  out->append("\n");
}

std::size_t AccessLineBound(const AccessFormat& format, const AccessRecord& record) {
  const Message& request = record.request;
  std::size_t longest = std::max(request.target().size() + request.method().size() + 10,
                                 std::max(record.peer.size(), kShortAtom));
  for (std::size_t i = 0; i < request.header_count(); ++i) {
    longest = std::max(longest, request.header(i).value.size());
  }
  for (const HeaderView& header : record.reply.headers) {
    longest = std::max(longest, header.value.size());
  }
  std::size_t bound = kFixedFields;
  for (const AccessPiece& piece : format.pieces) {
    bound += piece.atom == AccessAtom::kLiteral ? piece.text.size() : longest * kLongestEscape;
  }
  return format.json ? bound + kFixedFields + 8 * longest * kLongestEscape : bound;
}

}  // namespace sqlicorn
