// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "common/config/server_config.h"
#include "common/config/table_reader.h"

namespace sqlicorn {

// The words of the configuration file, for reading and for printing.

// Of max_answer, which [database] has and each endpoint may have.
inline constexpr Range<std::int64_t> kAnswerBytes = {0, std::int64_t{1} << 50U};

inline const Choices<TransactionMode> kTransactionModes = {
    {"deferred", TransactionMode::kDeferred},
    {"immediate", TransactionMode::kImmediate},
    {"exclusive", TransactionMode::kExclusive},
};

// What an endpoint may say; nullopt stands for database.transaction_mode.
inline const Choices<std::optional<TransactionMode>> kEndpointTransactions = {
    {"none", TransactionMode::kNone},           {"default", std::nullopt},
    {"deferred", TransactionMode::kDeferred},   {"immediate", TransactionMode::kImmediate},
    {"exclusive", TransactionMode::kExclusive},
};

inline const Choices<SchedulerKind> kSchedulers = {
    {"none", SchedulerKind::kNone},         {"busy", SchedulerKind::kBusy},
    {"constant", SchedulerKind::kConstant}, {"retry", SchedulerKind::kRetry},
    {"fifo", SchedulerKind::kFifo},         {"group", SchedulerKind::kGroup},
};

inline const Choices<DatabaseAccess> kDatabaseAccesses = {
    {"read-write", DatabaseAccess::kReadWrite},
    {"read-only", DatabaseAccess::kReadOnly},
    {"immutable", DatabaseAccess::kImmutable},
};

inline const Choices<CheckpointerKind> kCheckpointers = {
    {"auto", CheckpointerKind::kAuto},
    {"inline", CheckpointerKind::kInline},
};

inline const Choices<ParamType> kParamTypes = {
    {"text", ParamType::kText}, {"integer", ParamType::kInteger},
    {"real", ParamType::kReal}, {"boolean", ParamType::kBoolean},
    {"blob", ParamType::kBlob}, {"json", ParamType::kJson},
    {"date", ParamType::kDate}, {"timestamp", ParamType::kTimestamp},
};

// Those that a definition may name.
inline const Choices<ParamSource> kParamSources = {
    {"any", ParamSource::kAny},       {"path", ParamSource::kPath},
    {"query", ParamSource::kQuery},   {"form", ParamSource::kForm},
    {"json", ParamSource::kJson},     {"body", ParamSource::kBody},
    {"raw", ParamSource::kRaw},       {"header", ParamSource::kHeader},
    {"cookie", ParamSource::kCookie},
};

inline const Choices<UnknownFields> kUnknownFields = {
    {"ignore", UnknownFields::kIgnore},
    {"refuse", UnknownFields::kRefuse},
    {"collect", UnknownFields::kCollect},
};

inline const Choices<Respond> kResponds = {
    {"ok", Respond::kOk},       {"rows", Respond::kRows}, {"row", Respond::kRow},
    {"value", Respond::kValue}, {"none", Respond::kNone}, {"redirect", Respond::kRedirect},
};

inline const Choices<Respond> kResultKinds = {
    {"row", Respond::kRow},
    {"rows", Respond::kRows},
};

inline const Choices<BigIntegers> kBigIntegers = {
    {"number", BigIntegers::kNumber},
    {"string", BigIntegers::kString},
};

}  // namespace sqlicorn
