// SPDX-License-Identifier: MIT
#include "tests/loadgen/golden.h"

#include <ctime>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace sqlicorn::loadgen::golden {
namespace {

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

std::int64_t UnixTime(const std::string& iso8601) {
  std::tm parts{};
  EXPECT_NE(strptime(iso8601.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts), nullptr) << iso8601;
  return timegm(&parts);
}

LocustRow CsvRow(const std::string& line) {
  const std::vector<std::string> f = Split(line, ",");
  LocustRow row{f[0],
                f[1],
                std::stoull(f[2]),
                std::stoull(f[3]),
                Number(f[4]),
                std::stod(f[5]),
                Number(f[6]),
                Number(f[7]),
                Number(f[8]),
                std::stod(f[9]),
                std::stod(f[10]),
                {}};
  for (std::size_t i = 0; i < row.percentiles.size(); ++i) {
    row.percentiles[i] = std::stoull(f[11 + i]);
  }
  return row;
}

// "GET /read/ 668 9(1.35%) | 42 1 48 44 | 83.25 1.12"; the aggregate has no first word.
LocustRow StatsRow(const std::string& line) {
  std::vector<std::string> w = Words(line);
  if (line.front() == ' ') {
    w.insert(w.begin(), "");
  }
  return {w[0],
          w[1],
          std::stoull(w[2]),
          std::stoull(w[3]),
          Number(w[8]),
          std::stod(w[5]),
          Number(w[6]),
          Number(w[7]),
          0,
          std::stod(w[10]),
          std::stod(w[11]),
          {}};
}

void TakePercentiles(const std::string& line, LocustRow* row) {
  const std::vector<std::string> w = Words(line);
  const std::size_t first = w.size() - 1 - row->percentiles.size();
  for (std::size_t i = 0; i < row->percentiles.size(); ++i) {
    row->percentiles[i] = std::stoull(w[first + i]);
  }
}

// "13                 POST /x/: HTTPError('…')      "
LocustError ConsoleError(const std::string& line) {
  const std::vector<std::string> w = Words(line);
  const std::size_t begin = line.find(": ") + 2;
  const std::size_t end = line.find_last_not_of(' ') + 1;
  return {
      w[1], w[2].substr(0, w[2].size() - 1), line.substr(begin, end - begin), std::stoull(w[0]), 0,
      0};
}

}  // namespace

std::string Text(const std::string& file) {
  std::ifstream in(std::string(GOLDEN_DIR "/") + file, std::ios::binary);
  EXPECT_TRUE(in.good()) << file;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.emplace_back(text);
  return parts;
}

PythonNumber Number(const std::string& text) {
  if (text.find('.') == std::string::npos) {
    return static_cast<std::int64_t>(std::stoll(text));
  }
  return std::stod(text);
}

LocustTable FromCsv() {
  LocustTable table;
  for (const std::string& line : Split(Text("stats.csv"), "\r\n")) {
    if (line.rfind(",Aggregated", 0) == 0) {
      table.aggregated = CsvRow(line);
    } else if (!line.empty() && line.rfind("Type,", 0) != 0) {
      table.rows.push_back(CsvRow(line));
    }
  }
  for (const std::string& line : Split(Text("failures.csv"), "\r\n")) {
    const std::vector<std::string> f = Split(line, ",");
    if (f.size() == 6 && f[0] != "Method") {
      table.errors.push_back({f[0], f[1], f[2], std::stoull(f[3]), UnixTime(f[4]), UnixTime(f[5])});
    }
  }
  return table;
}

LocustTable FromConsole() {
  const std::vector<std::string> lines = Split(Text("console.txt"), "\n");
  LocustTable table;
  std::size_t i = 8;  // after the log lines, the head and its separator
  for (; lines[i].front() != '-'; ++i) {
    table.rows.push_back(StatsRow(lines[i]));
  }
  table.aggregated = StatsRow(lines[i + 1]);
  i += 6;  // separator, aggregate, empty line, title, head, separator
  for (LocustRow& row : table.rows) {
    TakePercentiles(lines[i++], &row);
  }
  TakePercentiles(lines[i + 1], &table.aggregated);
  i += 6;
  for (; lines[i].front() != '-'; ++i) {
    table.errors.push_back(ConsoleError(lines[i]));
  }
  return table;
}

}  // namespace sqlicorn::loadgen::golden
