// SPDX-License-Identifier: MIT
#pragma once

namespace sqlicorn {

// The forms of an answer made of rows.
enum class RowFormat { kJson, kCsv, kNdjson };

}  // namespace sqlicorn
