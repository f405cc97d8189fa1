// SPDX-License-Identifier: MIT
#include "common/http/llhttp_driver.h"

#include <llhttp.h>

namespace sqlicorn {
namespace {

LlhttpDriver* DriverOf(llhttp_t* parser) {
  return static_cast<LlhttpDriver*>(parser->data);
}

bool IsBodiless(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

struct LlhttpDriver::Trampolines {
  static int OnStatus(llhttp_t* parser, const char* at, std::size_t size) noexcept {
    DriverOf(parser)->builder_->SetReason({at, size});
    return 0;
  }

  static int OnHeaderField(llhttp_t* parser, const char* at, std::size_t size) noexcept {
    DriverOf(parser)->builder_->AddName({at, size});
    return 0;
  }

  static int OnHeaderValue(llhttp_t* parser, const char* at, std::size_t size) noexcept {
    DriverOf(parser)->builder_->SetValue({at, size});
    return 0;
  }

  static int OnHeadersComplete(llhttp_t* parser) noexcept {
    return DriverOf(parser)->OnHeadersComplete();
  }

  static int OnBody(llhttp_t* parser, const char* at, std::size_t size) noexcept {
    LlhttpDriver* driver = DriverOf(parser);
    driver->body_bytes_ += size;
    driver->builder_->AppendBody({at, size}, driver->keep_body_);
    return 0;
  }

  static int OnMessageComplete(llhttp_t* parser) noexcept {
    DriverOf(parser)->message_complete_ = true;
    return 0;
  }

  static const llhttp_settings_t* Settings(Direction direction) {
    static const llhttp_settings_t requests = Make(Direction::kRequest);
    static const llhttp_settings_t responses = Make(Direction::kResponse);
    return direction == Direction::kRequest ? &requests : &responses;
  }

 private:
  static llhttp_settings_t Make(Direction direction) {
    llhttp_settings_t settings;
    llhttp_settings_init(&settings);
    settings.on_status = direction == Direction::kResponse ? OnStatus : nullptr;
    settings.on_header_field = OnHeaderField;
    settings.on_header_value = OnHeaderValue;
    settings.on_headers_complete = OnHeadersComplete;
    settings.on_body = OnBody;
    settings.on_message_complete = OnMessageComplete;
    return settings;
  }
};

void LlhttpDriver::Deleter::operator()(llhttp__internal_s* parser) const {
  delete parser;
}

LlhttpDriver::LlhttpDriver(Direction direction, MessageBuilder* builder)
    : builder_(builder), parser_(new llhttp_t) {
  llhttp_init(parser_.get(), direction == Direction::kRequest ? HTTP_REQUEST : HTTP_RESPONSE,
              Trampolines::Settings(direction));
  parser_->data = this;
}

LlhttpDriver::~LlhttpDriver() = default;

void LlhttpDriver::Reset() {
  llhttp_reset(parser_.get());
  body_bytes_ = 0;
  refusal_ = Refusal::kNone;
  bodiless_ = false;
  headers_complete_ = false;
  message_complete_ = false;
}

bool LlhttpDriver::Feed(std::string_view octets) {
  if (llhttp_execute(parser_.get(), octets.data(), octets.size()) == HPE_OK) {
    return true;
  }
  Refuse(octets);
  return false;
}

int LlhttpDriver::OnHeadersComplete() {
  headers_complete_ = true;
  // Neither CONNECT nor Upgrade ends HTTP here: the body follows as in any other message.
  parser_->upgrade = 0;
  builder_->SetStatus(parser_->status_code);
  if (parser_->type == HTTP_REQUEST) {
    return 0;
  }
  builder_->SetVersion(parser_->http_minor);
  bodiless_ = bodiless_ || IsBodiless(parser_->status_code);
  return bodiless_ ? 1 : 0;
}

void LlhttpDriver::Refuse(std::string_view octets) {
  const char* place = llhttp_get_error_pos(parser_.get());
  const bool inside = place >= octets.data() && place <= octets.data() + octets.size();
  refusal_offset_ = inside ? static_cast<std::size_t>(place - octets.data()) : octets.size();
  switch (llhttp_get_errno(parser_.get())) {
    case HPE_INVALID_METHOD:
    case HPE_INVALID_CONSTANT:  // a method of RTSP or ICE; the version was checked before
      refusal_ = Refusal::kMethod;
      return;
    case HPE_INVALID_HEADER_TOKEN:
      refusal_ = Refusal::kHeader;
      return;
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_UNEXPECTED_CONTENT_LENGTH:
      refusal_ = Refusal::kLength;
      return;
    case HPE_INVALID_TRANSFER_ENCODING:
      refusal_ = Refusal::kCoding;
      return;
    default:
      refusal_ = Refusal::kOther;
  }
}

}  // namespace sqlicorn
