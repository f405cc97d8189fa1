// SPDX-License-Identifier: MIT
#include "loadgen/run/parser_pool.h"

#include <utility>

namespace sqlicorn::loadgen {
namespace {

// What many answers that came in pieces at once have needed is not kept for ever.
constexpr std::size_t kMostIdle = 64;

}  // namespace

ParserPool::Parser ParserPool::Borrow() {
  if (idle_.empty()) {
    return Parser(new ResponseParser(ParserLimits(), keep_body_bytes_), GiveBack{this});
  }
  Parser parser(idle_.back().release(), GiveBack{this});
  idle_.pop_back();
  parser->Next();
  return parser;
}

void ParserPool::Take(ResponseParser* parser) {
  std::unique_ptr<ResponseParser> back(parser);
  if (idle_.size() < kMostIdle) {
    idle_.push_back(std::move(back));
  }
}

}  // namespace sqlicorn::loadgen
