// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>

#include "common/uv/handle.h"

namespace sqlicorn {

// Memory for a libuv handle, which is a C struct: taken with malloc because the close callback,
// which no longer knows the type, frees it. `init` is one of the uv_…_init functions and cannot
// fail for the handles of this room.
template <typename T, typename Init>
Handle<T> MakeHandle(void* owner, Init init) {
  auto* handle = static_cast<T*>(std::calloc(1, sizeof(T)));
  if (handle == nullptr) {
    std::abort();
  }
  init(handle);
  handle->data = owner;
  return Handle<T>(handle);
}

}  // namespace sqlicorn
