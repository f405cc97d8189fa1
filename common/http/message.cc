// SPDX-License-Identifier: MIT
#include "common/http/message.h"

#include <algorithm>
#include <string>

#include "common/http/ascii.h"

namespace sqlicorn {
namespace {

// A connection that once carried a large message does not hold its memory for ever.
constexpr std::size_t kKeptCapacity = 65536;

void Empty(std::string& buffer) {
  if (buffer.capacity() > kKeptCapacity) {
    std::string().swap(buffer);
  }
  buffer.clear();
}

bool HasUnderscore(std::string_view name) {
  return name.find('_') != std::string_view::npos;
}

}  // namespace

std::string_view Message::Header(std::string_view name) const {
  const Field* field = Find(name);
  return field != nullptr ? At(field->value) : std::string_view();
}

bool Message::HasHeader(std::string_view name) const {
  return Find(name) != nullptr;
}

const Message::Field* Message::Find(std::string_view name) const {
  for (const Field& field : fields_) {
    if (field.name.size == name.size() && EqualsIgnoreCase(At(field.name), name)) {
      return &field;
    }
  }
  return nullptr;
}

void MessageBuilder::TrimLastLine() {
  std::string& head = message_.head_;
  head.resize(head.find_last_not_of(" \t\r\n") + 1);
  head.append("\r\n");
}

void MessageBuilder::CopyHead(const MessageBuilder& like, std::string_view head) {
  const Message& read = like.message_;
  message_.head_ = head;
  message_.fields_ = read.fields_;
  message_.reason_ = read.reason_;
  message_.status_ = read.status_;
  message_.http_minor_ = read.http_minor_;
  message_.keep_alive_ = read.keep_alive_;
}

void MessageBuilder::SetRequestLine(const RequestLine& line) {
  message_.method_ = SpanOf(line.method);
  message_.target_ = SpanOf(line.target);
  message_.path_ = SpanOf(line.path);
  message_.query_ = SpanOf(line.query);
}

void MessageBuilder::SetReason(std::string_view reason) {
  message_.reason_ = SpanOf(reason);
}

std::string_view MessageBuilder::FirstNameWithUnderscore() const {
  if (message_.head_.find('_') == std::string::npos) {
    return "";
  }
  for (const Message::Field& field : message_.fields_) {
    if (HasUnderscore(message_.At(field.name))) {
      return message_.At(field.name);
    }
  }
  return "";
}

void MessageBuilder::DropNamesWithUnderscore() {
  std::erase_if(message_.fields_, [this](const Message::Field& field) {
    return HasUnderscore(message_.At(field.name));
  });
}

void MessageBuilder::AppendBody(std::string_view octets, std::size_t keep_bytes) {
  const std::size_t room = keep_bytes - std::min(keep_bytes, message_.body_.size());
  message_.body_.append(octets.substr(0, room));
}

void MessageBuilder::Release() {
  Clear();
  std::string().swap(message_.head_);
  std::string().swap(message_.body_);
}

void MessageBuilder::Clear() {
  Empty(message_.head_);
  Empty(message_.body_);
  message_.fields_.clear();
  message_.method_ = message_.target_ = message_.path_ = message_.query_ = {};
  message_.reason_ = {};
  message_.status_ = 0;
  message_.http_minor_ = 1;
  message_.keep_alive_ = false;
}

}  // namespace sqlicorn
