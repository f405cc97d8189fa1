// SPDX-License-Identifier: MIT
#include "common/http/response_parser.h"

#include <utility>

#include "common/http/ascii.h"
#include "common/http/request_line.h"

namespace sqlicorn {
namespace {

ParserLimits ForResponses(ParserLimits limits) {
  limits.body = 0;
  return limits.Resolved();
}

constexpr int kSwitchingProtocols = 101;

}  // namespace

ResponseParser::ResponseParser(const ParserLimits& limits, std::size_t keep_body_bytes)
    : head_(ForResponses(limits)),
      chunks_(ForResponses(limits)),
      llhttp_(Direction::kResponse, &builder_),
      keep_body_(keep_body_bytes) {
  llhttp_.KeepBody(keep_body_bytes);
}

void ResponseParser::StartResponse(std::string_view request_method) {
  head_request_ = request_method == "HEAD";
}

Feed ResponseParser::Execute(std::string_view data, std::size_t* consumed) {
  *consumed = 0;
  while (true) {
    const State before = state_;
    switch (state_) {
      case State::kHead:
        TakeHead(data, consumed);
        break;
      case State::kPlain:
        TakePlain(data, consumed);
        break;
      case State::kChunked:
        TakeChunks(data, consumed);
        break;
      case State::kComplete:
        return Feed::kMessage;
      case State::kFailed:
        return Feed::kError;
    }
    if (state_ == before) {
      return Feed::kNeedMore;
    }
  }
}

Feed ResponseParser::Finish() {
  if (idle() || state_ == State::kComplete) {
    return Feed::kNeedMore;
  }
  if (plan_.framing == Framing::kUntilClose && state_ == State::kPlain) {
    state_ = State::kComplete;
    return Feed::kMessage;
  }
  if (state_ != State::kFailed) {
    Fail({400, "The connection was closed in the middle of a response"});
  }
  return Feed::kError;
}

void ResponseParser::Next() {
  Clear();
  head_request_ = false;
}

void ResponseParser::Clear() {
  builder_.Clear();
  head_.Clear();
  llhttp_.Reset();
  plan_ = {};
  plain_bytes_ = 0;
  state_ = State::kHead;
}

bool ResponseParser::TakeKnownHead(std::string_view data, std::size_t* consumed) {
  if (head_request_ || !builder_.head().empty()) {
    return false;
  }
  const std::size_t size = known_.Find(data.substr(*consumed), builder_, &plan_);
  if (size > 0) {
    *consumed += size;
    BeginBody();
  }
  return size > 0;
}

void ResponseParser::TakeHead(std::string_view data, std::size_t* consumed) {
  if (TakeKnownHead(data, consumed)) {
    return;
  }
  while (state_ == State::kHead) {
    switch (head_.Take(data, consumed, builder_)) {
      case HeadReader::Step::kNeedMore:
        return;
      case HeadReader::Step::kFirstLine:
        if (Fault fault = CheckStatusLine(head_.first_line(builder_))) {
          Fail(std::move(*fault));
        }
        break;
      case HeadReader::Step::kDone:
        EndHead();
        break;
      case HeadReader::Step::kFault:
        Fail(head_.fault());
    }
  }
}

void ResponseParser::EndHead() {
  if (head_request_) {
    llhttp_.ExpectNoBody();
  }
  const bool accepted = llhttp_.Feed(builder_.head());
  const ResponseBody body = llhttp_.bodiless() ? ResponseBody::kNone : ResponseBody::kPossible;
  Fault fault = llhttp_.headers_complete() ? CheckResponseHead(builder_, body, &plan_) : Fault();
  if (fault) {
    Fail(std::move(*fault));
    return;
  }
  const bool agreed = llhttp_.message_complete() == (plan_.framing == Framing::kNone);
  if (!accepted || !llhttp_.headers_complete() || !agreed) {
    Fail({400, "Invalid HTTP response: " + QuoteForLog(builder_.head())});
    return;
  }
  const int status = builder_.message().status();
  if (status == kSwitchingProtocols) {
    Fail({400, "The server switched protocols without being asked"});
    return;
  }
  if (status < 200) {
    Clear();
    return;
  }
  if (!llhttp_.bodiless() &&
      (plan_.framing == Framing::kNone || plan_.framing == Framing::kLength)) {
    known_.Learn(builder_);
  }
  BeginBody();
}

void ResponseParser::BeginBody() {
  if (plan_.framing == Framing::kNone) {
    state_ = State::kComplete;
  } else if (plan_.framing == Framing::kChunked) {
    chunks_.Start(head_.fields());
    state_ = State::kChunked;
  } else {
    state_ = State::kPlain;
  }
}

void ResponseParser::TakePlain(std::string_view data, std::size_t* consumed) {
  const bool bounded = plan_.framing == Framing::kLength;
  const std::uint64_t left = bounded ? plan_.length - plain_bytes_ : data.size();
  const std::string_view piece = data.substr(*consumed, static_cast<std::size_t>(left));
  if (piece.empty()) {
    return;
  }
  *consumed += piece.size();
  plain_bytes_ += piece.size();
  builder_.AppendBody(piece, keep_body_);
  if (bounded && plain_bytes_ == plan_.length) {
    state_ = State::kComplete;
  }
}

void ResponseParser::TakeChunks(std::string_view data, std::size_t* consumed) {
  switch (chunks_.Take(data, consumed, llhttp_)) {
    case ChunkReader::Step::kNeedMore:
      return;
    case ChunkReader::Step::kDone:
      state_ = State::kComplete;
      return;
    case ChunkReader::Step::kFault:
      Fail(chunks_.fault());
  }
}

void ResponseParser::Fail(ParseError error) {
  error_ = std::move(error);
  state_ = State::kFailed;
}

}  // namespace sqlicorn
