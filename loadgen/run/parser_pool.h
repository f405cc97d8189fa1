// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "common/http/response_parser.h"

namespace sqlicorn::loadgen {

// The parsers of a run. A connection has one only from the first octet of an answer to its end,
// which is most often one read: then all users share one parser, however many they are, and what it
// has read before is what comes again.
class ParserPool {
 public:
  struct GiveBack {
    ParserPool* pool = nullptr;

    void operator()(ResponseParser* parser) const { pool->Take(parser); }
  };

  using Parser = std::unique_ptr<ResponseParser, GiveBack>;

  // At most `keep_body_bytes` of each body stay in the message.
  explicit ParserPool(std::size_t keep_body_bytes) : keep_body_bytes_(keep_body_bytes) {}

  ~ParserPool() = default;
  ParserPool(const ParserPool&) = delete;
  ParserPool& operator=(const ParserPool&) = delete;

  // One that waits for the first octet of an answer. The pool outlives it.
  [[nodiscard]] Parser Borrow();

 private:
  void Take(ResponseParser* parser);

  std::size_t keep_body_bytes_;
  std::vector<std::unique_ptr<ResponseParser>> idle_;
};

}  // namespace sqlicorn::loadgen
