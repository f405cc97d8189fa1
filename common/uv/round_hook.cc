// SPDX-License-Identifier: MIT
#include "common/uv/round_hook.h"

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

}  // namespace sqlicorn
