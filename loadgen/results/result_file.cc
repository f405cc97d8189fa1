// SPDX-License-Identifier: MIT
#include "loadgen/results/result_file.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/file.h"
#include "common/json/json_text.h"
#include "loadgen/results/audit_json.h"
#include "loadgen/results/json_reader.h"
#include "loadgen/results/result_checks.h"
#include "loadgen/results/stats_json.h"
#include "loadgen/stats/machine.h"
#include "loadgen/stats/measure.h"

namespace sqlicorn::loadgen {
namespace {

using Json = nlohmann::json;

template <typename Take>
void ForEach(const JsonPlace& list, const Take& take) {
  const std::size_t size = list.size();
  for (std::size_t i = 0; i < size; ++i) {
    take(list.At(i));
  }
}

ValueCounts ReadCounts(const JsonPlace& from) {
  ValueCounts counts;
  const std::size_t size = from.size();
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    counts[from.At(i).As<double>()] += from.At(i + 1).As<std::uint64_t>();
  }
  return counts;
}

std::vector<std::pair<std::string, std::string>> ReadPairs(const JsonPlace& from) {
  std::vector<std::pair<std::string, std::string>> pairs;
  ForEach(from, [&](const JsonPlace& pair) {
    pairs.emplace_back(pair.At(0).As<std::string>(), pair.At(1).As<std::string>());
  });
  return pairs;
}

std::vector<PlanSetting> ReadSettings(const JsonPlace& from) {
  std::vector<PlanSetting> settings;
  for (auto& [key, text] : ReadPairs(from)) {
    settings.push_back({std::move(key), std::move(text)});
  }
  return settings;
}

std::optional<std::uint64_t> ReadCount(const JsonPlace& from, std::string_view name) {
  return from.Has(name) ? std::make_optional(from[name].As<std::uint64_t>()) : std::nullopt;
}

ServerCosts ReadCosts(const JsonPlace& from) {
  ServerCosts costs;
  costs.cpu_s = from["cpu_s"].As<double>();
  costs.minor_faults = from["minor_faults"].As<std::uint64_t>();
  costs.major_faults = from["major_faults"].As<std::uint64_t>();
  costs.switches = ReadCount(from, "switches");
  costs.written_bytes = ReadCount(from, "written_bytes");
  costs.write_calls = ReadCount(from, "write_calls");
  costs.flushes = ReadCount(from, "flushes");
  return costs;
}

std::vector<Answer> ReadAnswers(const JsonPlace& from) {
  std::vector<Answer> answers;
  ForEach(from, [&](const JsonPlace& answer) {
    answers.push_back({answer["name"].As<std::string>(),
                       static_cast<int>(answer["status"].As<std::uint32_t>()),
                       answer["bytes"].As<std::uint64_t>(), answer["hash"].As<std::uint64_t>(),
                       answer["deterministic"].As<bool>()});
  });
  return answers;
}

MeasuredRun ReadRun(const JsonPlace& from, std::size_t configurations) {
  MeasuredRun run{{from["round"].As<std::uint32_t>(), from["configuration"].As<std::uint64_t>()},
                  ReadRunResult(from["result"]),
                  ReadPairs(from["pragmas"]),
                  ReadAudit(from["audit"]),
                  from["complaint"].As<std::string>()};
  if (from.Has("turns")) {
    const JsonPlace turns = from["turns"];
    run.turns = WriteTurns{ReadCounts(turns["wait_us"]), ReadCounts(turns["hold_us"]),
                           ReadCounts(turns["batch"])};
  }
  if (from.Has("costs")) {
    run.costs = ReadCosts(from["costs"]);
  }
  run.database_bytes = ReadCount(from, "database_bytes").value_or(0);
  run.wal_bytes = ReadCount(from, "wal_bytes").value_or(0);
  run.killed = ReadCount(from, "killed").value_or(0);
  run.answers = ReadAnswers(from["answers"]);
  if (run.step.configuration >= configurations) {
    from["configuration"].Refuse("names no configuration of the file");
  }
  return run;
}

KeptFailure ReadFailure(const JsonPlace& from, std::size_t configurations) {
  KeptFailure kept;
  kept.run = {{from["round"].As<std::uint32_t>(), from["configuration"].As<std::uint64_t>()},
              from["why"].As<std::string>(),
              ReadAudit(from["audit"]),
              from["began"].As<bool>(),
              from["answered"].As<std::string>()};
  kept.after = from["after"].As<std::uint64_t>();
  if (kept.run.step.configuration >= configurations) {
    from["configuration"].Refuse("names no configuration of the file");
  }
  return kept;
}

Provenance ReadProvenance(const JsonPlace& from) {
  Provenance to;
  to.version = from["version"].As<std::string>();
  to.started = from["started"].As<std::string>();
  to.plan = from["plan"].As<std::string>();
  to.scenario = from["scenario"].As<std::string>();
  to.server = from["server"].As<std::string>();
  to.program = from["server_program"].As<std::string>();
  to.users = from["users"].As<std::uint32_t>();
  to.duration_s = from["duration_s"].As<double>();
  to.warmup_s = from["warmup_s"].As<double>();
  to.rounds = from["rounds"].As<std::uint32_t>();
  to.seed = from["seed"].As<std::uint64_t>();
  ForEach(from["order"], [&](const JsonPlace& round) { to.order.push_back(ReadTexts(round)); });
  to.cores = from["cores"].As<std::uint32_t>();
  to.cpu = from["cpu"].As<std::string>();
  to.kernel = from["kernel"].As<std::string>();
  to.file_system = from["file_system"].As<std::string>();
  if (from.Has("generator_cores")) {
    to.generator_cores = from["generator_cores"].As<std::string>();
    to.server_cores = from["server_cores"].As<std::string>();
  }
  if (from.Has("rate")) {
    to.rate = from["rate"].As<std::string>();
  }
  if (from.Has("replay")) {
    to.replay = from["replay"].As<std::string>();
  }
  if (from.Has("flush_ms")) {
    to.flush_ms = from["flush_ms"].As<double>();
  }
  return to;
}

ResultHead ReadHead(const JsonPlace& from) {
  ResultHead head;
  const auto kind = from["kind"].As<std::string>();
  head.kind = kind == "run" ? ResultKind::kRun : ResultKind::kComparison;
  if (kind != "run" && kind != "comparison") {
    from["kind"].Refuse("is neither \"run\" nor \"comparison\"");
  }
  head.provenance = ReadProvenance(from["provenance"]);
  ForEach(from["configurations"], [&](const JsonPlace& configuration) {
    head.configurations.push_back(
        {configuration["name"].As<std::string>(), ReadSettings(configuration["own"]),
         ReadSettings(configuration["settings"]),
         configuration.Has("control") && configuration["control"].As<bool>()});
  });
  return head;
}

// Whether a program of this version wrote it.
Status JudgeFormat(const Json& json) {
  const auto format = json.find("format");
  if (!json.is_object() || format == json.end() || *format != "sqlicorn-loadgen results") {
    return Error{
        "is no result file (--save writes those; --json-file writes a summary, from which no "
        "report "
        "can be made again)"};
  }
  const auto version = json.find("version");
  if (version == json.end() || *version != kResultVersion) {
    return Error{fmt::format(
        "is of version {}, and this program reads version {}: use the sqlicorn-loadgen that wrote "
        "it, or measure again",
        version == json.end() ? "?" : TextOf(*version), kResultVersion)};
  }
  return {};
}

Error Spoilt(const Error& error) {
  return Error{error.message +
               (error.message.ends_with(" is missing")
                    ? "; another build of sqlicorn-loadgen wrote the file, or it was "
                      "changed: use the build that wrote it, or a whole copy"
                    : "; the file was changed after it was written: use a whole copy")};
}

}  // namespace

struct ResultFile::Document {
  Json json;
};

ResultFile::ResultFile(std::unique_ptr<Document> document, ResultHead head,
                       std::vector<KeptFailure> failed)
    : document_(std::move(document)), head_(std::move(head)), failed_(std::move(failed)) {}

ResultFile::~ResultFile() = default;
ResultFile::ResultFile(ResultFile&&) noexcept = default;
ResultFile& ResultFile::operator=(ResultFile&&) noexcept = default;

Result<ResultFile> ResultFile::Parse(std::string_view text) {
  Result<Json> json = ParseJson(text);
  if (!json) {
    return json.error();
  }
  if (const Status ours = JudgeFormat(*json); !ours) {
    return ours.error();
  }
  std::optional<Error> error;
  const JsonPlace root(*json, &error);
  ResultHead head = ReadHead(root);
  (void)root["runs"].size();
  if (!error) {
    CheckHead(root, head);
    CheckRounds(root, head);
  }
  std::vector<KeptFailure> failed;
  if (root.Has("failed")) {
    ForEach(root["failed"], [&](const JsonPlace& run) {
      failed.push_back(ReadFailure(run, head.configurations.size()));
    });
  }
  if (error) {
    return Spoilt(*error);
  }
  if (failed.empty() && root["runs"].size() == 0) {
    return Error{"has no run: nothing was measured"};
  }
  return ResultFile(std::make_unique<Document>(Document{*std::move(json)}), std::move(head),
                    std::move(failed));
}

Result<ResultFile> ResultFile::Read(const std::string& path) {
  const Result<std::string> text = ReadFile(path);
  if (!text) {
    return text.error();
  }
  Result<ResultFile> file = Parse(*text);
  if (!file) {
    return Error{fmt::format("{}: {}", path, file.error().message)};
  }
  return file;
}

std::size_t ResultFile::size() const {
  return document_->json["runs"].size();
}

Result<MeasuredRun> ResultFile::RunAt(std::size_t index) const {
  std::optional<Error> error;
  const JsonPlace root(document_->json, &error);
  const JsonPlace place = root["runs"].At(index);
  MeasuredRun run = ReadRun(place, head_.configurations.size());
  if (!error) {
    CheckRun(place, head_, run);
  }
  if (error) {
    return Spoilt(*error);
  }
  return run;
}

MeasuredRun AsMeasured(const RunResult& result) {
  return {{}, result, {}, {}, ""};
}

ResultHead HeadOf(const RunResult& result) {
  Provenance from;
  from.version = SQLICORN_VERSION;
  from.started = LocalTimeText(result.stats.start_unix_us() / 1'000'000);
  from.scenario = result.scenario;
  from.server = result.host;
  from.users = result.users;
  from.duration_s = result.duration_s;
  from.rounds = 1;
  from.seed = result.seed;
  from.cores = CoreCount();
  from.cpu = CpuModel();
  from.kernel = KernelName();
  from.rate = result.open_loop ? result.open_loop->rate : "";
  from.replay = result.replay ? ReplayText(*result.replay) : "";
  if (result.interrupted && result.run_time_s) {
    from.wanted_s = result.run_time_s;
  }
  return {ResultKind::kRun, from, {{"run", {}, {}}}};
}

}  // namespace sqlicorn::loadgen
