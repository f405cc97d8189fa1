// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "tests/integration/writers.h"

namespace sqlicorn {

// Fails the test unless the database is whole and its notes are exactly what the clients were told:
// every acknowledged name once, no refused name, none twice, and of the rest at most those whose
// answer never came. REQUIRES: the writers have stopped, and nobody else wrote notes.
void ExpectExactLedger(const std::string& database_path, const Writers& writers);

}  // namespace sqlicorn
