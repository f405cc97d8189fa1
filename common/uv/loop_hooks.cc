// SPDX-License-Identifier: MIT
#include "common/uv/loop_hooks.h"

#include <utility>

#include <uv.h>

#include "common/uv/make_handle.h"

namespace sqlicorn {

RoundHook::RoundHook(Loop& loop, std::function<void()> callback)
    : prepare_(MakeHandle<uv_prepare_t>(
          this, [&](uv_prepare_t* prepare) { uv_prepare_init(loop.raw(), prepare); })),
      callback_(std::move(callback)) {
  uv_unref(reinterpret_cast<uv_handle_t*>(prepare_.get()));
  uv_prepare_start(prepare_.get(), [](uv_prepare_t* prepare) noexcept {
    if (prepare->data != nullptr) {
      static_cast<RoundHook*>(prepare->data)->callback_();
    }
  });
}

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
