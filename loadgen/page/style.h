// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sqlicorn::loadgen {

// The style sheet of all pages: light and dark as the reader's system has it, phone, print. The
// colours are those of Okabe and Ito, which the colour-blind can tell apart; on dark ground they
// are lighter.
extern const std::string_view kPageStyle;

}  // namespace sqlicorn::loadgen
