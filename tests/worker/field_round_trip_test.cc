// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worker/worker_testing.h"

namespace sqlicorn {
namespace {

using namespace std::string_literals;

// One endpoint for each type, which answers what SQL sees of the field: its type, and the value as
// a literal of SQL.
std::string App() {
  std::string toml =
      "[statements]\n"
      "see = \"SELECT typeof(:v) || ' ' || CASE WHEN length(:v) > 99 THEN length(:v) || ' ' || "
      "hex(substr(:v, -2)) ELSE quote(:v) END AS seen\"\n";
  for (const char* type :
       {"text", "integer", "real", "boolean", "blob", "json", "date", "timestamp"}) {
    toml += fmt::format(
        "[params.{0}]\nv = {{ type = \"{0}\", nullable = true }}\n"
        "[[endpoint]]\npath = \"/{0}\"\nmethods = [\"GET\", \"POST\"]\nparams = \"{0}\"\n"
        "steps = [\"see\"]\nrespond = \"rows\"\n",
        type);
  }
  toml +=
      "[params.raw]\nv = { type = \"blob\", in = \"raw\" }\n"
      "[[endpoint]]\npath = \"/raw\"\nmethods = [\"POST\"]\nparams = \"raw\"\n"
      "steps = [\"see\"]\nrespond = \"rows\"\n";
  return toml;
}

// Sends one value in each of the ways that a request has for it.
class Sender {
 public:
  std::string Json(std::string_view type, std::string_view value) {
    return Send(fmt::format("POST /{}", type), "Content-Type: application/json\r\n",
                fmt::format("{{\"v\":{}}}", value));
  }

  std::string Query(std::string_view type, std::string_view value) {
    return Send(fmt::format("GET /{}?v={}", type, value), "", "");
  }

  std::string Form(std::string_view type, std::string_view value) {
    return Send(fmt::format("POST /{}", type),
                "Content-Type: application/x-www-form-urlencoded\r\n", fmt::format("v={}", value));
  }

  std::string Part(std::string_view type, std::string_view octets) {
    return Send(fmt::format("POST /{}", type), "Content-Type: multipart/form-data; boundary=B\r\n",
                fmt::format("--B\r\nContent-Disposition: form-data; name=v\r\n\r\n{}\r\n--B--\r\n",
                            octets));
  }

  std::string Raw(std::string_view octets) {
    return Send("POST /raw", "Content-Type: application/octet-stream\r\n", octets);
  }

 private:
  std::string Send(std::string_view line, std::string_view fields, std::string_view body) {
    const Reply& reply = client_.Send(RequestText(line, fields, body));
    constexpr std::string_view kHead = R"([{"seen":")";
    return reply.status == 200
               ? reply.body.substr(kHead.size(), reply.body.size() - kHead.size() - 3)
               : std::to_string(reply.status);
  }

  TestApp app_{App(), "PRAGMA journal_mode = wal"};
  AppClient client_{app_};
};

struct Case {
  const char* type;
  std::string json;   // in a JSON body; "" = not sent
  std::string query;  // in a query string and an urlencoded form
  std::string part;   // in a multipart form
  std::string seen;   // or the status of the answer
};

TEST(FieldRoundTrip, BringsEveryValueThroughEveryFormat) {
  const std::vector<Case> cases = {
      {"integer", "9223372036854775807", "9223372036854775807", "9223372036854775807",
       "integer 9223372036854775807"},
      {"integer", "-9223372036854775808", "-9223372036854775808", "-9223372036854775808",
       "integer -9223372036854775808"},
      {"integer", "9223372036854775808", "9223372036854775808", "9223372036854775808", "400"},
      {"integer", "null", "", "", "null NULL"},
      {"real", "1e308", "1e308", "1e308", "real 1.0e+308"},
      {"real", "-0.0", "-0.0", "-0.0", "real 0.0"},  // quote() has no sign for it
      {"real", "1e309", "1e309", "1e309", "400"},
      {"real", "null", "", "", "null NULL"},
      {"boolean", "true", "true", "on", "integer 1"},
      {"boolean", "false", "0", "false", "integer 0"},
      {"boolean", "null", "", "", "null NULL"},
      {"text", R"("it's \u00fc")", "it's+%C3%BC", "it's \xC3\xBC", "text 'it''s \xC3\xBC'"},
      {"text", R"("")", "", "", "text ''"},
      {"text", R"("a\u0000b")", "a%00b", "a\0b"s, "400"},
      {"text", "null", "", "", ""},
      {"blob", R"("AP8=")", "AP8=", "\0\xFF"s, "blob X'00FF'"},
      {"blob", R"("")", "", "", "blob X''"},
      {"blob", R"("AP8")", "AP8", "\0\xFF"s, "blob X'00FF'"},
      {"blob", "null", "", "", ""},
      {"json", R"({"a": [1, null]})", "%7B%22a%22:+%5B1,+null%5D%7D", R"({"a": [1, null]})",
       R"(text '{\"a\": [1, null]}')"},
      {"json", "1e3", "1e3", "1e3", "text '1e3'"},
      {"json", "null", "", "", "null NULL"},
      {"json", R"("\u0000")", "%22%5Cu0000%22", R"("\u0000")", "400"},
      {"date", R"("2026-11-28")", "2026-11-28", "2026-11-28", "text '2026-11-28'"},
      {"date", R"("2026-11-31")", "2026-11-31", "2026-11-31", "400"},
      {"timestamp", R"("2026-11-28T18:46:00+01:00")", "2026-11-28T18:46:00%2B01:00",
       "2026-11-28T18:46:00+01:00", "text '2026-11-28T18:46:00+01:00'"},
  };
  Sender sender;
  for (const Case& c : cases) {
    const bool null_only = c.seen.empty();
    EXPECT_EQ(sender.Json(c.type, c.json), null_only ? "null NULL" : c.seen) << c.type << c.json;
    if (null_only) {
      continue;
    }
    EXPECT_EQ(sender.Query(c.type, c.query), c.seen) << c.type << c.query;
    EXPECT_EQ(sender.Form(c.type, c.query), c.seen) << c.type << c.query;
    EXPECT_EQ(sender.Part(c.type, c.part), c.seen) << c.type << c.part;
  }
}

// A sign that quote() does not show: 1.0 / -0.0 is NULL in SQL, so it is looked for in the text.
TEST(FieldRoundTrip, KeepsTheSignOfZero) {
  TestApp app(
      "[statements]\nsee = \"SELECT printf('%f', :v) AS f\"\n"
      "[params.p]\nv = { type = \"real\" }\n[[endpoint]]\npath = \"/\"\nparams = \"p\"\n"
      "steps = [\"see\"]\nrespond = \"rows\"\n",
      "");
  AppClient client(app);
  client.Send(RequestText("GET /?v=-0.0"));
  const BoundParam& bound = client.exchange.params.at(0);
  EXPECT_TRUE(std::signbit(std::get<double>(bound)));
}

TEST(FieldRoundTrip, TakesFilesOfAnySizeUpToTheLimitOfTheBody) {
  Sender sender;
  const std::string megabyte = std::string((1U << 20U) - 2, '\0') + "\r\n";
  EXPECT_EQ(sender.Raw(megabyte), "blob 1048576 0D0A");
  EXPECT_EQ(sender.Part("blob", megabyte), "blob 1048576 0D0A");
  EXPECT_EQ(sender.Raw(""), "blob X''");
  EXPECT_EQ(sender.Part("blob", ""), "blob X''");
  std::string base64;
  for (std::size_t i = 0; i < (1U << 20U) / 3; ++i) {
    base64 += "AAD/";
  }
  EXPECT_EQ(sender.Json("blob", '"' + base64 + '"'), "blob 1048575 00FF");
}

constexpr const char* kUpload = R"toml(
[statements]
keep = "SELECT :id AS id, hex(:file) AS file, :file_filename AS name, :file_type AS type, :note AS note"
[params.upload]
id = { type = "integer", min = 1 }
file = { type = "blob", in = "form" }
note = { type = "text", default = "-" }
[[endpoint]]
path = "/issues/{id}/files"
methods = ["POST"]
params = "upload"
steps = ["keep"]
respond = "rows"
)toml";

TEST(FieldRoundTrip, TellsSqlTheNameAndTypeOfAFile) {
  TestApp app(kUpload, "");
  AppClient client(app);
  const Reply& reply = client.Send(RequestText(
      "POST /issues/7/files?note=x", "Content-Type: multipart/form-data; boundary=B\r\n",
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\n"
      "Content-Type: image/png\r\n\r\n\x89P\r\n--B--\r\n"));
  EXPECT_EQ(reply.body,
            R"([{"id":7,"file":"8950","name":"a b.png","type":"image/png","note":"x"}])");
}

}  // namespace
}  // namespace sqlicorn
