// SPDX-License-Identifier: MIT
// The barest server that can answer the seed's load: libuv, llhttp and, when a database is given,
// the seed's prepared statements. No routing table, no checks, no form, no timeouts: what a real
// server costs is measured against it. One process, one thread.
//
//   bare_server PORT [DATABASE]     without a database every request is answered "OK"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <llhttp.h>
#include <sqlite3.h>
#include <uv.h>

namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK";

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "bare_server: %s\n", what);
  std::exit(1);
}

struct Statements {
  sqlite3* db = nullptr;
  sqlite3_stmt* read = nullptr;
  sqlite3_stmt* write = nullptr;
  sqlite3_stmt* begin = nullptr;
  sqlite3_stmt* begin_immediate = nullptr;
  sqlite3_stmt* commit = nullptr;
};

Statements g_sql;
char g_read_buffer[65536];

sqlite3_stmt* Prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(g_sql.db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  return statement;
}

void OpenDatabase(const char* path) {
  if (sqlite3_open(path, &g_sql.db) != SQLITE_OK) {
    Die("cannot open the database");
  }
  const char* setup =
      "PRAGMA journal_mode = wal; PRAGMA synchronous = normal;"
      "CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
      " campaign TEXT NOT NULL, voice TEXT NOT NULL, recognize TEXT NOT NULL, inside REAL NOT NULL,"
      " growth TEXT NOT NULL, side REAL NOT NULL, yard TEXT NOT NULL, discussion TEXT NOT NULL)";
  if (sqlite3_exec(g_sql.db, setup, nullptr, nullptr, nullptr) != SQLITE_OK) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  g_sql.read = Prepare(
      "SELECT id, name, campaign, voice, recognize, inside, growth, side, yard, discussion"
      " FROM row LIMIT 10");
  g_sql.write = Prepare(
      "INSERT INTO row (name, campaign, voice, recognize, inside, growth, side, yard, discussion)"
      " VALUES ('Name 0', 'Campaign 0', 'Voice 0', 'Recognize 0', 0, 'Growth 0', 0, 'Yard 0',"
      " 'Discussion 0')");
  g_sql.begin = Prepare("BEGIN");
  g_sql.begin_immediate = Prepare("BEGIN IMMEDIATE");
  g_sql.commit = Prepare("COMMIT");
}

// Steps through all rows and fetches all columns.
void Execute(sqlite3_stmt* statement) {
  int status = sqlite3_step(statement);
  for (; status == SQLITE_ROW; status = sqlite3_step(statement)) {
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      static_cast<void>(sqlite3_column_text(statement, i));
    }
  }
  if (status != SQLITE_DONE) {
    Die(sqlite3_errmsg(g_sql.db));
  }
  sqlite3_reset(statement);
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The seed's paths say what they do: "/read_write_transaction_immediate/".
void Work(std::string_view path) {
  if (g_sql.db == nullptr) {
    return;
  }
  const bool transaction = Contains(path, "transaction");
  const std::size_t read = path.find("/read") == 0 ? 0 : path.find("_read");
  const std::size_t write = path.find("/write") == 0 ? 0 : path.find("_write");
  if (transaction) {
    Execute(Contains(path, "immediate") ? g_sql.begin_immediate : g_sql.begin);
  }
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (at == read || at == write) {
      Execute(at == read ? g_sql.read : g_sql.write);
    }
  }
  if (transaction) {
    Execute(g_sql.commit);
  }
}

struct Client {
  uv_tcp_t socket;
  llhttp_t parser;
  std::string path;
};

const llhttp_settings_t* Settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t s;
    llhttp_settings_init(&s);
    s.on_url = [](llhttp_t* parser, const char* at, std::size_t size) {
      static_cast<Client*>(parser->data)->path.append(at, size);
      return 0;
    };
    s.on_message_complete = [](llhttp_t* parser) {
      auto* client = static_cast<Client*>(parser->data);
      Work(client->path);
      client->path.clear();
      uv_buf_t answer = uv_buf_init(const_cast<char*>(kAnswer.data()), kAnswer.size());
      uv_try_write(reinterpret_cast<uv_stream_t*>(&client->socket), &answer, 1);
      return 0;
    };
    return s;
  }();
  return &settings;
}

void Close(Client* client) {
  uv_close(reinterpret_cast<uv_handle_t*>(&client->socket),
           [](uv_handle_t* handle) { delete static_cast<Client*>(handle->data); });
}

void OnRead(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto* client = static_cast<Client*>(stream->data);
  if (size < 0 || (size > 0 && llhttp_execute(&client->parser, buffer->base,
                                              static_cast<std::size_t>(size)) != HPE_OK)) {
    Close(client);
  }
}

void OnAlloc(uv_handle_t*, std::size_t, uv_buf_t* buffer) {
  *buffer = uv_buf_init(g_read_buffer, sizeof(g_read_buffer));
}

void OnConnection(uv_stream_t* listener, int status) {
  if (status != 0) {
    return;
  }
  auto* client = new Client;
  uv_tcp_init(listener->loop, &client->socket);
  client->socket.data = client;
  llhttp_init(&client->parser, HTTP_REQUEST, Settings());
  client->parser.data = client;
  if (uv_accept(listener, reinterpret_cast<uv_stream_t*>(&client->socket)) != 0) {
    Close(client);
    return;
  }
  uv_tcp_nodelay(&client->socket, 1);
  uv_read_start(reinterpret_cast<uv_stream_t*>(&client->socket), OnAlloc, OnRead);
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
