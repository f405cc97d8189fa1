// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace sqlicorn {

// One input of a connection and what the parser must make of it.
struct CorpusRow {
  std::string name;
  std::string octets;
  int status = 200;         // of the first message that is refused; 200: all are accepted
  std::string detail = {};  // part of the error text
};

inline std::ostream& operator<<(std::ostream& out, const CorpusRow& row) {
  return out << row.name;
}

// Every row of gunicorn's table of inputs with our verdict, and the limits at their boundaries.
[[nodiscard]] std::vector<CorpusRow> RequestCorpus();

}  // namespace sqlicorn
