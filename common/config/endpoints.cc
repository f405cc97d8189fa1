// SPDX-License-Identifier: MIT
#include "common/config/endpoints.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/base/text.h"
#include "common/config/answers.h"
#include "common/config/choices.h"
#include "common/config/endpoint_fields.h"
#include "common/config/path_pattern.h"
#include "common/config/steps.h"
#include "common/config/table_reader.h"

namespace sqlicorn {
namespace {

const std::vector<std::string> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                           "PATCH", "DELETE", "OPTIONS"};

template <typename Spec>
std::optional<std::size_t> IndexOf(const std::vector<Spec>& specs, std::string_view name) {
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [name](const Spec& spec) { return spec.name == name; });
  return found == specs.end() ? std::nullopt
                              : std::optional(static_cast<std::size_t>(found - specs.begin()));
}

// "unknown statement 'x' (did you mean 'y'?)"
template <typename Spec>
std::string Unknown(std::string_view kind, std::string_view name, const std::vector<Spec>& specs) {
  std::vector<std::string> names(specs.size());
  std::transform(specs.begin(), specs.end(), names.begin(),
                 [](const Spec& spec) { return spec.name; });
  return fmt::format("unknown {} '{}'{}", kind, name, DidYouMean(name, names));
}

// Reads one [[endpoint]].
class EndpointReader {
 public:
  EndpointReader(const Value& table, const ServerConfig& config)
      : reader_(table, "[endpoint]"), config_(config) {
    endpoint_.place = table.place;
  }

  // Nothing when it is wrong.
  std::optional<EndpointSpec> Read(Faults* faults) {
    ReadPath();
    ReadMethods();
    ReadParamSet();
    reader_.ReadChoice("unknown_fields", kUnknownFields, &endpoint_.unknown_fields);
    reader_.Read("each", &endpoint_.each);
    endpoint_.steps = ReadSteps(reader_, config_.statements);
    ReadAnswer(reader_, &endpoint_.answer);
    ReadTransaction();
    reader_.Read("isolated", &endpoint_.isolated);
    reader_.ReadInRange("statement_timeout", Range<double>{0, 86400}, &endpoint_.statement_timeout);
    reader_.ReadInRange("max_answer", kAnswerBytes, &endpoint_.max_answer);
    if (!reader_.FinishInto(faults)) {
      return std::nullopt;
    }
    CollectFields(param_set_, pattern_, &endpoint_, faults);
    return std::move(endpoint_);
  }

 private:
  void ReadPath() {
    if (!reader_.Require("path", &endpoint_.path)) {
      return;
    }
    const bool visible = std::all_of(endpoint_.path.begin(), endpoint_.path.end(), [](char c) {
      return c > ' ' && c != '?' && c != '#' && c != '\x7F';
    });
    if (!endpoint_.path.starts_with('/') || !visible) {
      reader_.FailWanted("path", "a path that begins with '/', in ASCII, without spaces, ? and #");
      return;
    }
    auto pattern = ParsePath(endpoint_.path);
    if (!pattern) {
      Fail("path", pattern.error().message);
      return;
    }
    pattern_ = *std::move(pattern);
  }

  void ReadMethods() {
    endpoint_.methods = {"GET"};
    reader_.Read("methods", &endpoint_.methods);
    for (const std::string& method : endpoint_.methods) {
      if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
        Fail("methods", fmt::format("unknown method '{}'{}; use {}", method,
                                    DidYouMean(method, kMethods), fmt::join(kMethods, ", ")));
      }
    }
    if (endpoint_.methods.empty()) {
      reader_.FailWanted("methods", "one method at least");
    }
  }

  void ReadParamSet() {
    std::string name;
    if (!reader_.Read("params", &name)) {
      return;
    }
    const auto index = IndexOf(config_.param_sets, name);
    if (!index) {
      Fail("params", Unknown("param set", name, config_.param_sets));
      return;
    }
    endpoint_.param_set = static_cast<int>(*index);
    param_set_ = &config_.param_sets[*index];
  }

  // What can stop in the middle has to be undone, so that it is a transaction by itself.
  void ReadTransaction() {
    const bool needed =
        NeedTransaction(endpoint_.steps) || endpoint_.answer.as == Respond::kResults;
    std::optional<TransactionMode> mode =
        needed ? std::nullopt : std::optional(TransactionMode::kNone);
    if (reader_.ReadChoice("transaction", kEndpointTransactions, &mode) && needed &&
        mode == TransactionMode::kNone) {
      reader_.FailWanted(
          "transaction",
          "another one where steps have `expect` or `foreach`, or there are results");
    }
    endpoint_.transaction = mode.value_or(config_.database.transaction_mode);
  }

  // REQUIRES: the key is there.
  void Fail(std::string_view key, std::string_view what) {
    reader_.Fail(reader_.Find(key)->place, fmt::format("{}: {}", reader_.Label(key), what));
  }

  TableReader reader_;
  const ServerConfig& config_;
  EndpointSpec endpoint_;
  PathPattern pattern_;
  const ParamSetSpec* param_set_ = nullptr;
};

// Which endpoint the paths of one shape have by one method.
using Owners = std::map<std::pair<std::string, std::string>, std::size_t>;

// Each path and method belongs to one endpoint, which is to be the next of `earlier`.
void CheckDuplicate(const EndpointSpec& endpoint, const std::vector<EndpointSpec>& earlier,
                    Owners* owners, Faults* faults) {
  const auto pattern = ParsePath(endpoint.path);
  const std::string shape = pattern ? ShapeOf(*pattern) : endpoint.path;
  for (const std::string& method : endpoint.methods) {
    if (std::count(endpoint.methods.begin(), endpoint.methods.end(), method) > 1) {
      faults->Add(endpoint.place, fmt::format("endpoint.methods names {} twice", method));
      return;
    }
    const auto [owner, is_new] = owners->try_emplace({method, shape}, earlier.size());
    if (!is_new) {
      const EndpointSpec& other = earlier[owner->second];
      const std::string also = other.path == endpoint.path
                                   ? ""
                                   : fmt::format(" as {}, which has the same paths,", other.path);
      faults->Add(endpoint.place,
                  fmt::format("{} {} has an endpoint already{} at {}", method, endpoint.path,
                              also.empty() ? "," : also, other.place.ToString()));
      return;
    }
  }
}

}  // namespace

std::vector<StatementSpec> ReadStatements(const Value& table, Faults* faults) {
  std::vector<StatementSpec> statements;
  TableReader reader(table, "statements");
  for (const auto& [name, value] : reader.members()) {
    StatementSpec statement{name, "", value.place};
    if (reader.Read(name, &statement.sql) &&
        statement.sql.find_first_not_of(" \t\r\n;") == std::string::npos) {
      reader.FailWanted(name, "an SQL statement");
    }
    statements.push_back(std::move(statement));
  }
  reader.FinishInto(faults);
  return statements;
}

void ReadEndpoints(const std::vector<const Value*>& tables, ServerConfig* config, Faults* faults) {
  Owners owners;
  for (const Value* table : tables) {
    if (auto endpoint = EndpointReader(*table, *config).Read(faults)) {
      CheckDuplicate(*endpoint, config->endpoints, &owners, faults);
      config->endpoints.push_back(*std::move(endpoint));
    }
  }
}

}  // namespace sqlicorn
