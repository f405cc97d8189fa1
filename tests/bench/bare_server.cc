// SPDX-License-Identifier: MIT
// The yardstick of script/bench: the seed's eight endpoints in one process and one thread on libuv,
// llhttp and SQLite, with everything fixed that a real server has to find out: no configuration, no
// limits, no timeouts, no log, no second worker. Its 200 answers are sqlicorn's, byte for byte.
//
//   bare_server PORT [DATABASE]     without a database every request is answered "OK"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

#include <llhttp.h>
#include <sqlite3.h>
#include <uv.h>

namespace {

constexpr std::array<std::string_view, 9> kFields = {
    "name", "campaign", "voice", "recognize", "inside", "growth", "side", "yard", "discussion"};
constexpr std::size_t kInside = 4;
constexpr std::size_t kSide = 6;

using Values = std::array<std::string_view, kFields.size()>;
enum class Step { kNone, kRead, kWrite };

struct Endpoint {
  std::string_view path;
  bool immediate;
  std::array<Step, 2> steps;
};

// Transactions as the shipped configuration has them: the default mode is immediate.
constexpr std::array<Endpoint, 8> kEndpoints = {{
    {"/read/", false, {Step::kRead, Step::kNone}},
    {"/read_transaction/", true, {Step::kRead, Step::kNone}},
    {"/write/", false, {Step::kWrite, Step::kNone}},
    {"/read_write/", false, {Step::kRead, Step::kWrite}},
    {"/write_read/", false, {Step::kWrite, Step::kRead}},
    {"/read_write_transaction/", true, {Step::kRead, Step::kWrite}},
    {"/write_read_transaction/", true, {Step::kWrite, Step::kRead}},
    {"/read_write_transaction_immediate/", true, {Step::kRead, Step::kWrite}},
}};

struct Sql {
  sqlite3* db = nullptr;
  sqlite3_stmt* read = nullptr;
  sqlite3_stmt* write = nullptr;
  sqlite3_stmt* begin = nullptr;
  sqlite3_stmt* commit = nullptr;
};

struct Client {
  uv_tcp_t socket;
  llhttp_t parser;
  std::string path;
  std::string body;
  std::string out;  // the answers of one read
  bool close = false;
};

Sql g_sql;
std::array<char, 65536> g_read_buffer;
std::time_t g_second = 0;
std::string g_answer;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "bare_server: %s\n", what);
  std::exit(1);
}

sqlite3_stmt* Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(g_sql.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  return statement;
}

void OpenDatabase(const char* path) {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  constexpr auto kSetUp =
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = wal; PRAGMA synchronous = normal;"
      "CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
      " campaign TEXT NOT NULL, voice TEXT NOT NULL, recognize TEXT NOT NULL, inside REAL NOT NULL,"
      " growth TEXT NOT NULL, side REAL NOT NULL, yard TEXT NOT NULL, discussion TEXT NOT NULL)";
  if (sqlite3_open_v2(path, &g_sql.db, kFlags, nullptr) != SQLITE_OK ||
      sqlite3_exec(g_sql.db, kSetUp, nullptr, nullptr, nullptr) != SQLITE_OK) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  g_sql.read = Prepare(
      "SELECT id, name, campaign, voice, recognize, inside, growth, side, yard, discussion"
      " FROM row LIMIT 10");
  g_sql.write = Prepare(
      "INSERT INTO row (name, campaign, voice, recognize, inside, growth, side, yard, discussion)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  g_sql.begin = Prepare("BEGIN IMMEDIATE");
  g_sql.commit = Prepare("COMMIT");
}

// In place: decoding never lengthens.
std::string_view Decode(char* text, std::size_t size) {
  const auto hex = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  char* end = text;
  for (std::size_t i = 0; i < size; ++i) {
    if (text[i] == '%' && i + 2 < size) {
      *end++ = static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      *end++ = text[i] == '+' ? ' ' : text[i];
    }
  }
  return {text, static_cast<std::size_t>(end - text)};
}

Values DecodeForm(std::string* body) {
  Values values;
  values.fill("");
  for (std::size_t at = 0; at < body->size();) {
    const std::size_t end = std::min(body->find('&', at), body->size());
    const std::size_t equals = std::min(body->find('=', at), end);
    const std::string_view name(body->data() + at, equals - at);
    const auto* field = std::find(kFields.begin(), kFields.end(), name);
    if (field != kFields.end() && equals < end) {
      values[static_cast<std::size_t>(field - kFields.begin())] =
          Decode(body->data() + equals + 1, end - equals - 1);
    }
    at = end + 1;
  }
  return values;
}

void BindValues(const Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int index = static_cast<int>(i) + 1;
    if (i == kInside || i == kSide) {
      double real = 0;
      std::from_chars(values[i].data(), values[i].data() + values[i].size(), real);
      sqlite3_bind_double(g_sql.write, index, real);
    } else {
      sqlite3_bind_text64(g_sql.write, index, values[i].data(), values[i].size(), SQLITE_STATIC,
                          SQLITE_UTF8);
    }
  }
}

void FetchRow(sqlite3_stmt* statement) {
  for (int i = 0; i < 10; ++i) {
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER:
        static_cast<void>(sqlite3_column_int64(statement, i));
        break;
      case SQLITE_FLOAT:
        static_cast<void>(sqlite3_column_double(statement, i));
        break;
      default:
        static_cast<void>(sqlite3_column_text(statement, i));
        static_cast<void>(sqlite3_column_bytes(statement, i));
    }
  }
}

void Execute(sqlite3_stmt* statement) {
  int status = sqlite3_step(statement);
  for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
    FetchRow(statement);
  }
  if (status != SQLITE_DONE) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  sqlite3_reset(statement);
}

void Work(const Endpoint& endpoint, std::string* body) {
  if (g_sql.db == nullptr) {
    return;
  }
  if (endpoint.immediate) {
    Execute(g_sql.begin);
  }
  for (const Step step : endpoint.steps) {
    if (step == Step::kWrite) {
      BindValues(DecodeForm(body));
      Execute(g_sql.write);
    } else if (step == Step::kRead) {
      Execute(g_sql.read);
    }
  }
  if (endpoint.immediate) {
    Execute(g_sql.commit);
  }
}

const std::string& Answer() {
  const std::time_t now = std::time(nullptr);
  if (now != g_second) {
    g_second = now;
    std::array<char, 40> date;
    std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&now));
    g_answer = std::string("HTTP/1.1 200 OK\r\nServer: sqlicorn\r\nDate: ") + date.data() +
               "\r\nConnection: keep-alive\r\nContent-Type: text/plain; charset=utf-8\r\n"
               "Content-Length: 2\r\n\r\nOK";
  }
  return g_answer;
}

int OnRequest(llhttp_t* parser) {
  auto* client = static_cast<Client*>(parser->data);
  const auto* endpoint =
      std::find_if(kEndpoints.begin(), kEndpoints.end(),
                   [client](const Endpoint& known) { return known.path == client->path; });
  if (endpoint == kEndpoints.end()) {
    return -1;
  }
  Work(*endpoint, &client->body);
  client->out += Answer();
  client->path.clear();
  client->body.clear();
  client->close = llhttp_should_keep_alive(parser) == 0;
  return 0;
}

const llhttp_settings_t* Settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t made;
    llhttp_settings_init(&made);
    made.on_url = [](llhttp_t* parser, const char* at, std::size_t size) {
      static_cast<Client*>(parser->data)->path.append(at, size);
      return 0;
    };
    made.on_body = [](llhttp_t* parser, const char* at, std::size_t size) {
      static_cast<Client*>(parser->data)->body.append(at, size);
      return 0;
    };
    made.on_message_complete = OnRequest;
    return made;
  }();
  return &settings;
}

void OnRead(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto* client = static_cast<Client*>(stream->data);
  const auto octets = static_cast<std::size_t>(std::max<ssize_t>(size, 0));
  bool over =
      size < 0 || llhttp_execute(&client->parser, buffer->base, octets) != HPE_OK || client->close;
  if (!client->out.empty()) {
    const uv_buf_t answers =
        uv_buf_init(client->out.data(), static_cast<unsigned>(client->out.size()));
    over = uv_try_write(stream, &answers, 1) != static_cast<int>(client->out.size()) || over;
    client->out.clear();
  }
  if (over) {
    uv_close(reinterpret_cast<uv_handle_t*>(stream),
             [](uv_handle_t* handle) { delete static_cast<Client*>(handle->data); });
  }
}

void OnConnection(uv_stream_t* listener, int status) {
  auto* client = new Client;
  auto* stream = reinterpret_cast<uv_stream_t*>(&client->socket);
  uv_tcp_init(listener->loop, &client->socket);
  client->socket.data = client;
  llhttp_init(&client->parser, HTTP_REQUEST, Settings());
  client->parser.data = client;
  if (status != 0 || uv_accept(listener, stream) != 0) {
    Die("cannot accept a connection");
  }
  uv_tcp_nodelay(&client->socket, 1);
  const auto on_alloc = [](uv_handle_t*, std::size_t, uv_buf_t* buffer) {
    *buffer = uv_buf_init(g_read_buffer.data(), g_read_buffer.size());
  };
  uv_read_start(stream, on_alloc, OnRead);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    Die("usage: bare_server PORT [DATABASE]");
  }
  if (argc > 2) {
    OpenDatabase(argv[2]);
  }
  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t listener;
  sockaddr_in address;
  uv_tcp_init(loop, &listener);
  uv_ip4_addr("127.0.0.1", std::atoi(argv[1]), &address);
  if (uv_tcp_bind(&listener, reinterpret_cast<sockaddr*>(&address), 0) != 0 ||
      uv_listen(reinterpret_cast<uv_stream_t*>(&listener), 1024, OnConnection) != 0) {
    Die("cannot listen");
  }
  return uv_run(loop, UV_RUN_DEFAULT);
}
