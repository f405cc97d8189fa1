// SPDX-License-Identifier: MIT
#include "worker/sqlite/risks.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <sqlite3.h>

#include "common/base/log.h"

namespace sqlicorn {
namespace {

struct RiskyPragma {
  std::string_view name;
  std::string_view value;
  std::string_view risk;
};

constexpr auto kPragmas = std::to_array<RiskyPragma>({
    {"synchronous", "off", "a power loss can corrupt the database"},
    {"journal_mode", "memory", "a crash during a write can corrupt the database"},
    {"journal_mode", "off", "a crash during a write, or a rollback, can corrupt the database"},
});

enum class FileSystemRisk { kNoWal, kNotDurable };

struct RiskyFileSystem {
  std::uint32_t magic;
  std::string_view name;
  FileSystemRisk risk;
};

using enum FileSystemRisk;

// The numbers of <linux/magic.h>; those of GFS2, GPFS and Lustre are not in it.
constexpr auto kFileSystems = std::to_array<RiskyFileSystem>({
    {0x6969, "NFS", kNoWal},
    {0x517B, "SMB", kNoWal},
    {0xFF534D42, "CIFS", kNoWal},
    {0xFE534D42, "SMB2", kNoWal},
    {0x01021997, "9p", kNoWal},
    {0x65735546, "FUSE", kNoWal},
    {0x5346414F, "AFS", kNoWal},
    {0x6B414653, "AFS", kNoWal},
    {0x00C36400, "Ceph", kNoWal},
    {0x73757245, "Coda", kNoWal},
    {0x564C, "NCP", kNoWal},
    {0x7461636F, "OCFS2", kNoWal},
    {0x01161970, "GFS2", kNoWal},
    {0x47504653, "GPFS", kNoWal},
    {0x0BD00BD0, "Lustre", kNoWal},
    {0x01021994, "tmpfs", kNotDurable},
    {0x858458F6, "ramfs", kNotDurable},
    {0x794C7630, "overlayfs", kNotDurable},
});

}  // namespace

std::string LibraryVersion() {
  return sqlite3_libversion();
}

int LibraryVersionNumber() {
  return sqlite3_libversion_number();
}

bool HasWalResetBug(int version_number) {
  const auto from_until = [version_number](int first, int end) {
    return version_number >= first && version_number < end;
  };
  const bool fixed_backport = from_until(3044006, 3045000) || from_until(3050007, 3051000);
  return from_until(3007000, 3051003) && !fixed_backport;
}

std::vector<std::string> RisksOfSettings(
    const std::vector<std::pair<std::string, std::string>>& effective, std::int64_t writers,
    int library_version) {
  std::vector<std::string> risks;
  for (const auto& [name, value] : effective) {
    for (const RiskyPragma& pragma : kPragmas) {
      if (name == pragma.name && value == pragma.value) {
        risks.push_back(fmt::format("{} = {}: {}", name, value, pragma.risk));
      }
    }
    if (name == "journal_mode" && value == "wal" && writers > 1 &&
        HasWalResetBug(library_version)) {
      risks.emplace_back(
          "journal_mode = wal: this version of SQLite can, rarely, corrupt a database that several "
          "workers write at a time; scheduler = \"group\" keeps ours apart, 3.51.3 has the fix: "
          "https://sqlite.org/wal.html#walresetbug");
    }
  }
  return risks;
}

Status CheckFileSystem(const DatabaseSettings& settings, std::uint32_t magic) {
  const auto* const found =
      std::find_if(kFileSystems.begin(), kFileSystems.end(),
                   [magic](const RiskyFileSystem& f) { return f.magic == magic; });
  if (found == kFileSystems.end()) {
    return {};
  }
  const std::string subject = fmt::format("database '{}'", settings.path);
  if (found->risk == kNotDurable) {
    LogWarning("{}: it is on {} and may be gone after a restart of the machine or container",
               subject, found->name);
    return {};
  }
  const bool wal =
      std::any_of(settings.pragmas.begin(), settings.pragmas.end(),
                  [](const PragmaSpec& p) { return p.name == "journal_mode" && p.value == "wal"; });
  if (!wal) {
    return {};
  }
  const Error error{fmt::format(
      "{}: journal_mode = wal is not safe on {}, which need not show processes each other's memory "
      "and locks; put the database on a local disk, or use journal_mode = \"delete\" (or "
      "database.unsafe = true to have it all the same)",
      subject, found->name)};
  if (!settings.unsafe) {
    return error;
  }
  LogWarning("{}", error.message);
  return {};
}

}  // namespace sqlicorn
