// SPDX-License-Identifier: MIT
#include "common/http/chunk_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/http/ascii.h"
#include "common/http/line_guard.h"

namespace sqlicorn {
namespace {

constexpr std::size_t kMaxSizeDigits = 15;
constexpr std::size_t kMaxExtensionBytes = 16384;

// Fields that decide about framing, routing or access come too late in a trailer (RFC 9110 6.5.1).
constexpr std::array<std::string_view, 6> kForbiddenTrailers = {
    "host", "content-length", "transfer-encoding", "trailer", "authorization", "te"};

bool IsForbiddenTrailer(std::string_view name) {
  return std::any_of(kForbiddenTrailers.begin(), kForbiddenTrailers.end(),
                     [name](std::string_view bad) { return EqualsIgnoreCase(name, bad); });
}

std::size_t CountHexDigits(std::string_view text) {
  return static_cast<std::size_t>(
      std::find_if(text.begin(), text.end(), [](char c) { return HexValue(c) < 0; }) -
      text.begin());
}

std::uint64_t ReadHex(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<std::uint64_t>(HexValue(c));
  }
  return value;
}

void SkipBlanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
}

bool TakeToken(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && IsToken(text.substr(size, 1))) {
    ++size;
  }
  text.remove_prefix(size);
  return size > 0;
}

// REQUIRES: `text` starts with '"'.
bool TakeQuoted(std::string_view& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return true;
    }
    i += text[i] == '\\' ? 1 : 0;
  }
  return false;
}

// What stands behind a size: *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) of
// RFC 9112 7.1.1. Two readings of it would be two readings of where the body ends.
bool AreExtensions(std::string_view text) {
  if (HasControl(text)) {
    return false;
  }
  while (!text.empty()) {
    SkipBlanks(text);
    if (!text.starts_with(';')) {
      return false;
    }
    text.remove_prefix(1);
    SkipBlanks(text);
    if (!TakeToken(text)) {
      return false;
    }
    std::string_view value = text;
    SkipBlanks(value);
    if (value.starts_with('=')) {
      value.remove_prefix(1);
      SkipBlanks(value);
      text = value;
      if (!(text.starts_with('"') ? TakeQuoted(text) : TakeToken(text))) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

void ChunkReader::Start(std::size_t fields) {
  state_ = State::kSize;
  line_.clear();
  chunk_left_ = 0;
  total_ = 0;
  extension_bytes_ = 0;
  fields_ = fields;
}

ChunkReader::Step ChunkReader::Take(std::string_view data, std::size_t* consumed,
                                    LlhttpDriver& driver) {
  Step step = Step::kNeedMore;
  while (step == Step::kNeedMore && *consumed < data.size()) {
    step = state_ == State::kData ? TakeData(data, consumed, driver)
                                  : TakeLine(data, consumed, driver);
  }
  return step;
}

ChunkReader::Step ChunkReader::TakeData(std::string_view data, std::size_t* consumed,
                                        LlhttpDriver& driver) {
  const std::string_view piece = data.substr(*consumed, chunk_left_);
  *consumed += piece.size();
  chunk_left_ -= piece.size();
  if (chunk_left_ == 0) {
    state_ = State::kDataEnd;
  }
  return driver.Feed(piece) ? Step::kNeedMore : Fail(400, "Invalid chunk data");
}

ChunkReader::Step ChunkReader::TakeLine(std::string_view data, std::size_t* consumed,
                                        LlhttpDriver& driver) {
  const std::string_view rest = data.substr(*consumed);
  const std::size_t newline = rest.find('\n');
  const bool complete = newline != std::string_view::npos;
  const std::string_view piece = complete ? rest.substr(0, newline + 1) : rest;
  if (line_.size() + piece.size() > LineLimit()) {
    return state_ == State::kTrailers
               ? Fail(431, fmt::format("limit request headers fields size (> {})", LineLimit()))
               : Fail(400, "Invalid chunk: the line does not end");
  }
  line_.append(piece);
  *consumed += piece.size();
  if (!complete) {
    return Step::kNeedMore;
  }
  const std::string_view line = std::string_view(line_).substr(0, line_.size() - 1);
  if (!EndsWithOnlyCr(line)) {
    return Fail(400, "Invalid chunk line: " + QuoteForLog(line));
  }
  const Step step = EndLine(line.substr(0, line.size() - 1), driver);
  line_.clear();
  return step;
}

ChunkReader::Step ChunkReader::EndLine(std::string_view line, LlhttpDriver& driver) {
  switch (state_) {
    case State::kSize:
      return EndSize(line, driver);
    case State::kTrailers:
      return EndTrailer(line, driver);
    default:
      break;
  }
  state_ = State::kSize;
  return driver.Feed("\r\n") ? Step::kNeedMore : Fail(400, "Invalid end of chunk");
}

ChunkReader::Step ChunkReader::EndSize(std::string_view line, LlhttpDriver& driver) {
  const std::size_t digits = CountHexDigits(line);
  const std::string_view size = line.substr(0, digits);
  if (digits == 0 || digits > kMaxSizeDigits || !AreExtensions(line.substr(digits))) {
    return Fail(400, "Invalid chunk size: " + QuoteForLog(line));
  }
  extension_bytes_ += line.size() - digits;
  if (extension_bytes_ > kMaxExtensionBytes) {
    return Fail(400, fmt::format("Chunk extensions are too large (> {})", kMaxExtensionBytes));
  }
  chunk_left_ = ReadHex(size);
  if (chunk_left_ > limits_.body - std::min<std::uint64_t>(limits_.body, total_)) {
    return Fail(413, fmt::format("Request body is too large (> {})", limits_.body));
  }
  total_ += chunk_left_;
  state_ = chunk_left_ == 0 ? State::kTrailers : State::kData;
  return driver.Feed(size) && driver.Feed("\r\n")
             ? Step::kNeedMore
             : Fail(400, "Invalid chunk size: " + QuoteForLog(line));
}

ChunkReader::Step ChunkReader::EndTrailer(std::string_view line, LlhttpDriver& driver) {
  if (line.empty()) {
    return driver.Feed("\r\n") && driver.message_complete() ? Step::kDone
                                                            : Fail(400, "Invalid end of body");
  }
  if (++fields_ > limits_.fields) {
    return Fail(431, fmt::format("limit request headers fields (> {})", limits_.fields));
  }
  if (Fault fault = CheckFieldLine(line)) {
    return Fail(fault->status, std::move(fault->detail));
  }
  const std::string_view name = line.substr(0, line.find(':'));
  return IsForbiddenTrailer(name) ? Fail(400, "Invalid HTTP header name: " + QuoteForLog(name))
                                  : Step::kNeedMore;
}

std::size_t ChunkReader::LineLimit() const {
  switch (state_) {
    case State::kSize:
      return kMaxSizeDigits + kMaxExtensionBytes + 2;
    case State::kTrailers:
      return limits_.field_size;
    default:
      return 2;
  }
}

ChunkReader::Step ChunkReader::Fail(int status, std::string detail) {
  fault_ = {status, std::move(detail)};
  return Step::kFault;
}

}  // namespace sqlicorn
