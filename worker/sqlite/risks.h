// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/config/server_config.h"

namespace sqlicorn {

// The SQLite library in use, "3.40.1".
[[nodiscard]] std::string LibraryVersion();

// As SQLite numbers it: 3040001.
[[nodiscard]] int LibraryVersionNumber();

// Whether that version can corrupt a WAL database when one connection checkpoints while another one
// commits (sqlite.org/wal.html#walresetbug).
[[nodiscard]] bool HasWalResetBug(int version_number);

// What endangers a database although SQLite says nothing about it.

// One line for each setting in effect (see EffectivePragmas) that can lose or corrupt data with
// this version of SQLite and so many processes that may commit at the same time.
[[nodiscard]] std::vector<std::string> RisksOfSettings(
    const std::vector<std::pair<std::string, std::string>>& effective, std::int64_t writers,
    int library_version);

// Judges the file system (statfs.f_type) of the database's directory: an error where WAL is wanted
// and processes or hosts do not see each other's memory and locks, a warning in the log instead
// when `unsafe`; a warning where nothing survives a restart.
[[nodiscard]] Status CheckFileSystem(const DatabaseSettings& settings, std::uint32_t magic);

}  // namespace sqlicorn
