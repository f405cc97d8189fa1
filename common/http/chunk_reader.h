// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/http/llhttp_driver.h"
#include "common/http/message.h"
#include "common/http/request_rules.h"

namespace sqlicorn {

// Reads a body in chunked coding and hands llhttp a cleaned copy of its frame: chunk sizes without
// extensions, data, and an end without trailers. Extensions are checked and forgotten, trailers are
// checked, counted as fields and dropped. One per parser.
class ChunkReader {
 public:
  enum class Step { kNeedMore, kDone, kFault };

  explicit ChunkReader(const ParserLimits& limits) : limits_(limits) {}

  // `fields` header lines were in the head.
  void Start(std::size_t fields);

  // Takes octets of `data` from *consumed on, up to the end of the body.
  Step Take(std::string_view data, std::size_t* consumed, LlhttpDriver& driver);

  [[nodiscard]] const ParseError& fault() const { return fault_; }

 private:
  // kSize -> kData -> kDataEnd -> kSize …; the chunk of size 0 leads to kTrailers.
  enum class State { kSize, kData, kDataEnd, kTrailers };

  Step TakeData(std::string_view data, std::size_t* consumed, LlhttpDriver& driver);
  Step TakeLine(std::string_view data, std::size_t* consumed, LlhttpDriver& driver);
  Step EndLine(std::string_view line, LlhttpDriver& driver);
  Step EndSize(std::string_view line, LlhttpDriver& driver);
  Step EndTrailer(std::string_view line, LlhttpDriver& driver);
  [[nodiscard]] std::size_t LineLimit() const;
  Step Fail(int status, std::string detail);

  ParserLimits limits_;
  State state_ = State::kSize;
  std::string line_;
  std::uint64_t chunk_left_ = 0;
  std::uint64_t total_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t fields_ = 0;
  ParseError fault_;
};

}  // namespace sqlicorn
