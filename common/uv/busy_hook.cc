// SPDX-License-Identifier: MIT
#include "common/uv/busy_hook.h"

#include <utility>

#include <uv.h>

#include "common/uv/make_handle.h"

namespace sqlicorn {

BusyHook::BusyHook(Loop& loop, std::function<void()> callback)
    : idle_(MakeHandle<uv_idle_t>(this, [&](uv_idle_t* idle) { uv_idle_init(loop.raw(), idle); })),
      callback_(std::move(callback)) {}

void BusyHook::Start() {
  uv_idle_start(idle_.get(), [](uv_idle_t* idle) noexcept {
    if (idle->data != nullptr) {
      static_cast<BusyHook*>(idle->data)->callback_();
    }
  });
}

void BusyHook::Stop() {
  uv_idle_stop(idle_.get());
}

}  // namespace sqlicorn
