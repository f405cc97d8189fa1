// SPDX-License-Identifier: MIT
#pragma once

#include "common/config/answer_spec.h"
#include "common/config/table_reader.h"

namespace sqlicorn {

// Reads what one [[endpoint]] answers, from its keys `respond` and `raise_status`.
void ReadAnswer(TableReader& endpoint, AnswerSpec* answer);

}  // namespace sqlicorn
