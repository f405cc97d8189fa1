// SPDX-License-Identifier: MIT
#include "common/config/endpoints.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace sqlicorn {
namespace {

using namespace std::chrono_literals;

// Six lines in front of the endpoints.
Result<ServerConfig> BuildWith(const std::string& endpoints) {
  return Build(
      "database = { path = \"a.db\", transaction_mode = \"immediate\" }\n"
      "[statements]\nselect_rows = \"SELECT 1\"\ninsert_row = \"INSERT\"\n"
      "[params.row]\n\n" +
      endpoints);
}

TEST(Endpoints, HaveDefaults) {
  const auto config = BuildWith("[[endpoint]]\npath = \"/\"\nsteps = [\"insert_row\"]\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  const EndpointSpec& endpoint = config->endpoints.at(0);
  EXPECT_EQ(endpoint.methods, std::vector<std::string>{"GET"});
  EXPECT_EQ(endpoint.param_set, -1);
  EXPECT_EQ(endpoint.transaction, TransactionMode::kNone);
  EXPECT_EQ(std::get<StatementStep>(endpoint.steps.at(0)).statement, 1U);
  EXPECT_EQ(endpoint.answer.as, Respond::kOk);
  EXPECT_EQ(endpoint.place.ToString(), "t.toml:7:1");
}

TEST(Endpoints, ReadEveryKey) {
  const auto config = BuildWith(
      "[[endpoint]]\npath = \"/x/\"\nmethods = [\"POST\", \"PUT\"]\nparams = \"row\"\n"
      "transaction = \"default\"\nrespond = \"rows\"\nstatement_timeout = 0.5\nmax_answer = 5\n"
      "steps = [\"select_rows\", { think = \"1ms\" }, { statement = \"insert_row\" }]\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  const EndpointSpec& endpoint = config->endpoints.at(0);
  EXPECT_EQ(endpoint.methods, (std::vector<std::string>{"POST", "PUT"}));
  EXPECT_EQ(endpoint.param_set, 0);
  EXPECT_EQ(endpoint.transaction, TransactionMode::kImmediate);
  ASSERT_EQ(endpoint.steps.size(), 3U);
  EXPECT_EQ(std::get<ThinkStep>(endpoint.steps[1]).duration, 1ms);
  EXPECT_EQ(std::get<StatementStep>(endpoint.steps[2]).statement, 1U);
  EXPECT_EQ(endpoint.answer.as, Respond::kRows);
  EXPECT_EQ(endpoint.statement_timeout, 0.5);
  EXPECT_EQ(endpoint.max_answer, 5);
}

TEST(Endpoints, MayShareAPathWithDistinctMethods) {
  const auto config = BuildWith(
      "[[endpoint]]\npath = \"/\"\nsteps = [\"select_rows\"]\n"
      "[[endpoint]]\npath = \"/\"\nmethods = [\"POST\"]\nsteps = [\"insert_row\"]\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->endpoints.size(), 2U);
}

// The lines behind `[[endpoint]]` of line 7, with what is wrong about them.
TEST(Endpoints, RefuseBadValues) {
  const std::vector<BadInput> cases = {
      {"steps = [\"select_rows\"]", "7:1: [[endpoint]] needs 'path'"},
      {"path = \"/\"", "7:1: [[endpoint]] needs 'steps'"},
      {"path = \"read\"\nsteps = [\"select_rows\"]",
       "8:1: endpoint.path must be a path that begins with '/', in ASCII, without spaces, ? and "
       "#, not the string \"read\""},
      {"path = \"/a b\"\nsteps = [\"select_rows\"]",
       "8:1: endpoint.path must be a path that begins with '/', in ASCII, without spaces, ? and "
       "#, not the string \"/a b\""},
      {"path = \"/\"\nmethods = [\"get\"]\nsteps = [\"select_rows\"]",
       "9:1: endpoint.methods: unknown method 'get' (did you mean 'GET'?); use GET, HEAD, POST, "
       "PUT, PATCH, DELETE, OPTIONS"},
      {"path = \"/\"\nmethods = []\nsteps = [\"select_rows\"]",
       "9:1: endpoint.methods must be one method at least, not an empty list"},
      {"path = \"/\"\nmethods = [\"GET\", \"GET\"]\nsteps = [\"select_rows\"]",
       "7:1: endpoint.methods names GET twice"},
      {"path = \"/\"\nparams = \"rwo\"\nsteps = [\"select_rows\"]",
       "9:1: endpoint.params: unknown param set 'rwo' (did you mean 'row'?)"},
      {"path = \"/\"\ntransaction = \"begin\"\nsteps = [\"select_rows\"]",
       "9:1: endpoint.transaction must be one of none, default, deferred, immediate, exclusive, "
       "not the string \"begin\""},
      {"path = \"/\"\nsteps = []",
       "9:1: endpoint.steps must be a list of statement names, with one at least, not an empty "
       "list"},
      {"path = \"/\"\nsteps = [\"select_row\"]",
       "9:10: endpoint.steps: unknown statement 'select_row' (did you mean 'select_rows'?)"},
      {"path = \"/\"\nsteps = [{ statement = \"nothing\" }]",
       "9:10: endpoint.steps: unknown statement 'nothing'"},
      {"path = \"/\"\nsteps = [5]",
       "9:10: endpoint.steps must hold statement names and { think = \"1ms\" }, not the integer 5"},
      {"path = \"/\"\nsteps = [{ think = \"1h\" }]",
       "9:12: endpoint.steps.think must be 1us to 10s, not 3600s"},
      {"path = \"/\"\nsteps = [{ thnik = \"1ms\" }]",
       "9:12: unknown key 'thnik' in [endpoint.steps] (did you mean 'think'?)"},
      {"path = \"/\"\nsteps = [{}]", "9:10: a step is either a statement or a think"},
      {"path = \"/\"\nsteps = [\"select_rows\"]\nrespond = \"json\"",
       "10:1: endpoint.respond must be one of ok, rows, row, value, none, redirect, not the string "
       "\"json\""},
      {"path = \"/\"\nsteps = [\"select_rows\"]\nmethod = \"GET\"",
       "10:1: unknown key 'method' in [[endpoint]] (did you mean 'methods'?)"},
      {"path = \"/\"\nsteps = [\"select_rows\"]\n[[endpoint]]\npath = \"/\"\n"
       "steps = [\"select_rows\"]",
       "10:1: GET / has an endpoint already, at t.toml:7:1"},
  };
  for (const BadInput& c : cases) {
    EXPECT_EQ(ErrorOf(BuildWith(std::string("[[endpoint]]\n") + c.text)),
              std::string("t.toml:") + c.error);
  }
}

TEST(Endpoints, ConflictWhereTheirPathsAreTheSame) {
  const auto two = [](const char* first, const char* second) {
    return ErrorOf(
        BuildWith(fmt::format("[[endpoint]]\npath = \"{}\"\nsteps = [\"select_rows\"]\n"
                              "[[endpoint]]\npath = \"{}\"\nsteps = [\"select_rows\"]\n",
                              first, second)));
  };
  EXPECT_EQ(
      two("/issues/{id}", "/issues/{name}"),
      "t.toml:10:1: GET /issues/{name} has an endpoint already as /issues/{id}, which has the "
      "same paths, at t.toml:7:1");
  EXPECT_EQ(
      two("/{a...}", "/{b...}"),
      "t.toml:10:1: GET /{b...} has an endpoint already as /{a...}, which has the same paths, "
      "at t.toml:7:1");
  EXPECT_EQ(two("/issues/{id}", "/issues/{id}/"), "");
  EXPECT_EQ(two("/issues/{id}", "/issues/new"), "");
  EXPECT_EQ(two("/issues/{id}", "/issues/{rest...}"), "");
}

// What stands in [params.p] and behind path and steps, with what is wrong about them.
std::string FaultOf(const std::string& params, const std::string& endpoint) {
  return ErrorOf(
      Build("database = { path = \"a.db\" }\n[statements]\ns = \"SELECT 1\"\n[params.p]\n" +
            params + "\n[[endpoint]]\nparams = \"p\"\nsteps = [\"s\"]\n" + endpoint));
}

TEST(Endpoints, AskForWhatGoesTogether) {
  EXPECT_EQ(
      FaultOf("id = { type = \"integer\", in = \"query\" }", "path = \"/{id}\""),
      "t.toml:6:1: endpoint '/{id}': its path has {id}, and the params take that field from the "
      "query; call one of them otherwise");
  EXPECT_EQ(FaultOf("id = { type = \"integer\", in = \"path\" }", "path = \"/\""),
            "t.toml:6:1: endpoint '/': the params take 'id' from the path, which has no {id}");
  EXPECT_EQ(
      FaultOf("id = { type = \"integer\", in = \"body\" }", "path = \"/\""),
      "t.toml:6:1: endpoint '/': the params take 'id' from the body, and GET and HEAD have none; "
      "give it another method, or take the field from the query");
  EXPECT_EQ(FaultOf("a = { type = \"text\", name = \"x\" }\nb = { type = \"text\", name = \"x\" }",
                    "path = \"/\""),
            "t.toml:7:1: endpoint '/': two params are the field 'x' of its requests");
  EXPECT_EQ(
      FaultOf("a = { type = \"blob\", in = \"raw\" }\nb = { type = \"text\", in = \"form\" }",
              "path = \"/\"\nmethods = [\"PUT\"]"),
      "t.toml:7:1: endpoint '/': a field with in = \"raw\" is the whole body, so no other field "
      "can be of the body");
  EXPECT_EQ(FaultOf("a = { type = \"text\", in = \"form\" }",
                    "path = \"/\"\nmethods = [\"POST\"]\neach = true\ntransaction = \"immediate\""),
            "t.toml:6:1: endpoint '/': with each = true the body is JSON, and 'a' is taken from "
            "another one (form)");
  EXPECT_EQ(
      FaultOf("", "path = \"/\"\neach = true"),
      "t.toml:6:1: endpoint '/': each = true is all or nothing, and transaction = \"none\" is not; "
      "write \"default\"\n"
      "t.toml:6:1: endpoint '/': each = true takes an array from the body, and GET and HEAD have "
      "none\n"
      "t.toml:6:1: endpoint '/': each = true needs params, which the objects of the array fill");
  EXPECT_EQ(FaultOf("", "path = \"/\"\nunknown_fields = \"drop\""),
            "t.toml:10:1: endpoint.unknown_fields must be one of ignore, refuse, collect, not the "
            "string \"drop\"");
  EXPECT_EQ(
      FaultOf("", "path = \"/:id\""),
      "t.toml:9:1: endpoint.path: ':id' would be taken literally: a variable is written {id}, "
      "and its type stands in the params");
}

TEST(Endpoints, HaveTheFieldsOfTheirSetAndOfTheirPath) {
  const auto config = Build(
      "database = { path = \"a.db\" }\n[statements]\ns = \"SELECT 1\"\n"
      "[params.p]\nid = { type = \"integer\" }\nfile = { type = \"blob\", nullable = true }\n"
      "[[endpoint]]\npath = \"/{slug}/{id}\"\nmethods = [\"POST\"]\nparams = \"p\"\n"
      "unknown_fields = \"collect\"\nsteps = [\"s\"]\n"
      "[[endpoint]]\npath = \"/{rest...}\"\nsteps = [\"s\"]\n");
  ASSERT_TRUE(config.ok()) << config.error().message;
  std::string names;
  for (const ParamSpec& field : config->endpoints[0].fields) {
    names += field.name + " ";
  }
  EXPECT_EQ(names, "id file slug file_filename file_type unknown_fields ");
  const auto& fields = config->endpoints[0].fields;
  EXPECT_EQ(fields[0].source, ParamSource::kPath);
  EXPECT_EQ(fields[0].variable, 1U);
  EXPECT_EQ(fields[2].source, ParamSource::kPath);
  EXPECT_EQ(fields[2].type, ParamType::kText);
  EXPECT_EQ(fields[2].variable, 0U);
  ASSERT_EQ(config->endpoints[1].fields.size(), 1U);
  EXPECT_TRUE(config->endpoints[1].fields[0].required);
  EXPECT_EQ(config->param_sets[0].params[0].source, ParamSource::kAny);
}

TEST(Statements, AreStringsWithSomethingInThem) {
  EXPECT_EQ(ErrorOf(ReadStatements(Toml("a = 5"))),
            "t.toml:1:1: statements.a must be a string, not the integer 5");
  EXPECT_EQ(ErrorOf(ReadStatements(Toml("a = \" ;\\n\""))),
            "t.toml:1:1: statements.a must be an SQL statement, not the string \" ;\\n\"");
}

TEST(Statements, KeepNameSqlAndPlace) {
  const auto statements = ReadStatements(Toml("b = \"SELECT 1\"\na = \"SELECT 2\"\n"));
  ASSERT_TRUE(statements.ok());
  ASSERT_EQ(statements->size(), 2U);
  EXPECT_EQ(statements->at(1).name, "a");
  EXPECT_EQ(statements->at(1).sql, "SELECT 2");
  EXPECT_EQ(statements->at(1).place.ToString(), "t.toml:2:1");
}

}  // namespace
}  // namespace sqlicorn
