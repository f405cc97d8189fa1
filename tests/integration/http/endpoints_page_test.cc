// SPDX-License-Identifier: MIT
// The samples of docs/endpoints.md, as they stand there.
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/file.h"
#include "tests/integration/log_testing.h"
#include "tests/support/raw_client.h"
#include "tests/support/server_process.h"
#include "tests/support/temp_dir.h"

namespace sqlicorn {
namespace {

struct Block {
  std::string kind;  // "toml"
  std::size_t line;  // of its first fence
  std::vector<std::string> lines;
};

std::vector<Block> BlocksOf(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream text(page);
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) {
        blocks.push_back({line.substr(3), number, {}});
      }
    } else if (inside) {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
}

std::string Joined(const std::vector<std::string>& lines, std::string_view end) {
  std::string text;
  for (const std::string& line : lines) {
    text += line;
    text += end;
  }
  return text;
}

constexpr std::string_view kArrow = "→ ";

// A request as it stands there, with what HTTP wants beside it. The lines of a multipart body end
// as those of the head do, others with LF, and the last one with nothing.
std::string RequestOf(const std::vector<std::string>& lines) {
  const auto blank = std::find(lines.begin(), lines.end(), "");
  const std::string head = Joined({lines.begin() + 1, blank}, "\r\n");
  std::string body;
  if (blank != lines.end()) {
    const std::string_view end = head.find("multipart/") == std::string::npos ? "\n" : "\r\n";
    body = Joined({blank + 1, lines.end()}, end);
    body.resize(body.size() - end.size());
  }
  const std::string length =
      blank == lines.end() ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return fmt::format("{} HTTP/1.1\r\nHost: h\r\n{}{}\r\n{}", lines.front(), head, length, body);
}

class EndpointsPage : public testing::Test {
 protected:
  // What is in force from here on.
  void Take(const Block& block) {
    if (block.kind == "sql") {
      schema_ = Joined(block.lines, "\n");
    } else if (block.kind == "toml") {
      Serve(Joined(block.lines, "\n"));
    } else if (block.kind == "http") {
      AskAll(block.lines);
    }
  }

 private:
  void Serve(const std::string& text) {
    server_.reset();
    directory_ = std::make_unique<TempDir>();
    ASSERT_TRUE(WriteFile(directory_->File("schema.sql"), schema_));
    server_ = std::make_unique<ServerProcess>(
        *directory_, ServerOptions{.config = "database.path = \"sample.db\"\n"
                                             "database.schema = [\"schema.sql\"]\n" +
                                             text});
    ASSERT_TRUE(server_->WaitUntilReady(1)) << server_->log();
  }

  // Requests, each with the lines of its answer behind it.
  void AskAll(const std::vector<std::string>& lines) {
    ASSERT_NE(server_, nullptr);
    std::vector<std::string> request;
    HttpAnswer answer;
    for (const std::string& line : lines) {
      if (!line.starts_with(kArrow)) {
        if (!line.empty() || !request.empty()) {
          request.push_back(line);
        }
        continue;
      }
      const std::string wanted = line.substr(kArrow.size());
      if (!request.empty()) {
        answer = RawClient(server_->port()).Ask(RequestOf(request));
        Expect(answer, wanted, request.front());
        request.clear();
      } else {
        const std::size_t colon = wanted.find(": ");
        ASSERT_NE(colon, std::string::npos) << line;
        EXPECT_EQ(answer.Header(wanted.substr(0, colon)), wanted.substr(colon + 2)) << line;
      }
    }
    EXPECT_TRUE(request.empty()) << request.front();
  }

  // "200 body", or a status alone.
  static void Expect(const HttpAnswer& answer, const std::string& wanted,
                     const std::string& request) {
    const std::string status = std::to_string(answer.status);
    std::string body = answer.body;
    body.resize(body.find_last_not_of('\n') + 1);
    EXPECT_EQ(wanted, wanted == status ? status : status + " " + body) << request << "\n" << body;
  }

  std::string schema_;
  std::unique_ptr<TempDir> directory_;
  std::unique_ptr<ServerProcess> server_;
};

TEST_F(EndpointsPage, HasSamplesThatWork) {
  const auto blocks = BlocksOf(ContentOf(SQLICORN_ENDPOINTS_PAGE));
  for (const Block& block : blocks) {
    SCOPED_TRACE(fmt::format("docs/endpoints.md:{}", block.line));
    ASSERT_TRUE(block.kind == "sql" || block.kind == "toml" || block.kind == "http")
        << "a sample of kind '" << block.kind << "' that nobody runs";
    Take(block);
  }
  EXPECT_GT(std::count_if(blocks.begin(), blocks.end(),
                          [](const Block& block) { return block.kind == "http"; }),
            3);
}

}  // namespace
}  // namespace sqlicorn
