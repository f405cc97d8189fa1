// SPDX-License-Identifier: MIT
#include "common/http/message.h"

#include "common/http/ascii.h"

namespace sqlicorn {

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

}  // namespace sqlicorn
