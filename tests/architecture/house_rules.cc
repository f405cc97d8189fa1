// SPDX-License-Identifier: MIT
#include "tests/architecture/house_rules.h"

#include <algorithm>
#include <cstddef>

#include "tests/architecture/source_scanner.h"

namespace sqlicorn::architecture {
namespace {

using Names = std::vector<std::string>;

struct Room {
  std::string name;
  Names sees;   // rooms whose headers it may include, beside its own
  Names doors;  // single headers of other rooms
};

const std::vector<Room> kRooms = {
    {"common/base", {}, {}},
    {"common/config", {"common/base", "common/json"}, {}},
    {"common/control", {"common/base", "common/json"}, {}},
    {"common/http", {"common/base"}, {}},
    {"common/ipc", {"common/base"}, {}},
    {"common/json", {"common/base"}, {}},
    {"common/uv", {"common/base"}, {}},
    {"worker/sqlite",
     {"common/base"},
     {"common/config/server_config.h", "common/config/value.h", "common/config/pragma_rules.h"}},
    {"worker/answer", {"common/base", "common/config", "common/http", "worker/plan"}, {}},
    {"worker/http",
     {"common/base", "common/config", "common/http", "common/ipc", "common/uv", "worker/answer",
      "worker/log", "worker/request"},
     {}},
    {"worker/log",
     {"common/base", "common/config", "common/http", "common/ipc", "worker/plan"},
     {}},
    {"worker/plan", {"common/base", "common/config", "worker/sqlite"}, {}},
    {"worker/request",
     {"common/base", "common/config", "common/http", "common/ipc", "worker/answer", "worker/log",
      "worker/plan", "worker/slice", "worker/turn"},
     {}},
    {"worker/slice",
     {"common/base", "common/config", "common/uv", "worker/plan", "worker/sqlite"},
     {}},
    {"worker/turn", {"common/base", "common/ipc", "common/uv", "worker/plan", "worker/sqlite"}, {}},
    {"worker/wal", {"common/base", "common/config", "common/ipc", "worker/sqlite"}, {}},
    {"worker",
     {"common/base", "common/config", "common/ipc", "common/uv", "worker/http", "worker/log",
      "worker/plan", "worker/request", "worker/slice", "worker/sqlite", "worker/turn",
      "worker/wal"},
     {}},
    {"master/control",
     {"common/base", "common/config", "common/control", "master/fleet", "master/process",
      "master/sockets"},
     {}},
    {"master/fleet", {"common/base", "common/config", "common/ipc"}, {}},
    {"master/process", {"common/base", "common/config"}, {}},
    {"master/service", {"common/base", "master/fleet"}, {}},
    {"master/sockets", {"common/base", "common/config", "master/process"}, {}},
    {"master/start",
     {"common/base", "common/config", "common/ipc", "master/control", "master/fleet",
      "master/process", "master/sockets"},
     {"worker/run_migration.h", "worker/run_query.h"}},
    {"master",
     {"common/base", "common/config", "common/control", "common/ipc", "master/control",
      "master/fleet", "master/process", "master/service", "master/sockets", "master/start"},
     {"worker/run_worker.h", "worker/run_checkpointer.h", "worker/run_query.h"}},
    {"ctl", {"common/base", "common/control", "common/json"}, {}},
    {"loadgen",
     {"common/base", "common/uv", "loadgen/compare", "loadgen/page", "loadgen/plan",
      "loadgen/report", "loadgen/run", "loadgen/results", "loadgen/scenario", "loadgen/selftest",
      "loadgen/serve", "loadgen/server", "loadgen/stats", "loadgen/tune"},
     {}},
    {"loadgen/compare",
     {"common/base", "common/config", "common/http", "common/json", "common/uv", "loadgen/plan",
      "loadgen/run", "loadgen/scenario", "loadgen/server", "loadgen/stats"},
     {}},
    {"loadgen/page", {"common/base", "loadgen/compare", "loadgen/report", "loadgen/stats"}, {}},
    {"loadgen/plan", {"common/base", "common/config", "common/http"}, {}},
    {"loadgen/report",
     {"common/base", "common/json", "loadgen/compare", "loadgen/plan", "loadgen/stats",
      "loadgen/tune"},
     {}},
    {"loadgen/results",
     {"common/base", "common/json", "loadgen/compare", "loadgen/plan", "loadgen/server",
      "loadgen/stats"},
     {}},
    {"loadgen/run",
     {"common/base", "common/http", "common/uv", "loadgen/scenario", "loadgen/stats"},
     {}},
    {"loadgen/scenario", {"common/base", "common/config", "common/http", "common/json"}, {}},
    {"loadgen/selftest",
     {"common/base", "common/http", "common/uv", "loadgen/compare", "loadgen/plan",
      "loadgen/report", "loadgen/run", "loadgen/scenario", "loadgen/serve", "loadgen/server",
      "loadgen/stats"},
     {}},
    {"loadgen/serve", {"common/base", "common/http", "common/uv"}, {}},
    {"loadgen/server",
     {"common/base", "common/config", "common/control", "common/http", "common/json", "common/uv",
      "loadgen/plan", "loadgen/scenario", "loadgen/stats"},
     {}},
    {"loadgen/tune",
     {"common/base", "common/config", "loadgen/compare", "loadgen/plan", "loadgen/stats"},
     {}},
    {"loadgen/stats", {"common/base", "loadgen/scenario"}, {}},
    {"tests", {}, {}},
};

struct Library {
  Names headers;  // a header, or a folder of headers ending in '/'
  Names rooms;
};

const std::vector<Library> kLibraries = {
    {{"uv.h", "uv/"}, {"common/uv"}},
    {{"llhttp.h"}, {"common/http"}},
    {{"sqlite3.h", "sqlite3ext.h"}, {"worker/sqlite"}},
    {{"toml++/", "toml.hpp"}, {"common/config"}},
    {{"re2/"}, {"common/config"}},
    {{"gtest/", "gmock/"}, {"tests"}},
};

// Only the master makes and ends processes; common/uv has uv_spawn for the generator, whose keeper
// is the parent of what its servers leave behind.
const Names kProcessCalls = {"fork",  "vfork",   "clone",  "posix_spawn", "wait",   "wait3",
                             "wait4", "waitpid", "waitid", "kill",        "killpg", "tgkill"};
constexpr std::string_view kProcessRoom = "master";
constexpr std::string_view kKeeper = "loadgen/server/keeper.cc";

// The wall clock jumps: the server only shows it, in these files, and the kernel's time stamps are
// of it. The generator stamps reports.
const Names kWallClockCalls = {"time", "gettimeofday", "clock_gettime", "ftime", "timespec_get"};
const Names kShowWallClock = {"common/base/log.cc", "common/uv/receive_lag.cc",
                              "worker/log/access_log.cc", "worker/http/http_connection.h"};
constexpr std::string_view kWallClockRoom = "loadgen";

constexpr std::string_view kHeaderLine = "// SPDX-License-Identifier: MIT\n";

constexpr std::size_t kMaxLines = 300;

struct LongFile {
  std::string path;
  std::string reason;
};

const std::vector<LongFile> kLongFiles = {};

bool Contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsInFolder(std::string_view path, const std::string& folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const Room* FindRoom(std::string_view path) {
  const Room* nearest = nullptr;
  for (const Room& room : kRooms) {
    if (IsInFolder(path, room.name) &&
        (nearest == nullptr || room.name.size() > nearest->name.size())) {
      nearest = &room;
    }
  }
  return nearest;
}

const Library* FindLibrary(std::string_view header) {
  for (const Library& library : kLibraries) {
    for (const std::string& name : library.headers) {
      if (header == name || (name.ends_with('/') && header.starts_with(name))) {
        return &library;
      }
    }
  }
  return nullptr;
}

// What is wrong with one include of a file of `room`; empty when nothing is.
std::string JudgeOurs(const Room& room, const std::string& header) {
  const Room* target = FindRoom(header);
  if (target == nullptr) {
    return "\"" + header + "\" is not a path from the top of the repository";
  }
  if (target == &room || Contains(room.sees, target->name) || Contains(room.doors, header)) {
    return "";
  }
  return room.name + " may not include \"" + header + "\" of " + target->name;
}

std::string JudgeLibrary(const Room& room, const std::string& header) {
  const Library* library = FindLibrary(header);
  if (library == nullptr || Contains(library->rooms, room.name)) {
    return "";
  }
  return "<" + header + "> belongs to " + library->rooms.front() + " alone";
}

class Report {
 public:
  explicit Report(std::string path) : path_(std::move(path)) {}

  void Add(std::size_t line, const std::string& what) {
    lines_.push_back(path_ + ":" + std::to_string(line) + ": " + what);
  }

  std::vector<std::string> Take() { return std::move(lines_); }

 private:
  std::string path_;
  std::vector<std::string> lines_;
};

void CheckForm(const SourceFile& file, Report& report) {
  if (!file.text.starts_with(kHeaderLine)) {
    report.Add(1, "the first line is not the SPDX line");
  }
  const std::size_t lines = CountLines(file.text);
  const bool excused = std::any_of(kLongFiles.begin(), kLongFiles.end(),
                                   [&](const LongFile& known) { return known.path == file.path; });
  if (lines > kMaxLines && !excused) {
    report.Add(lines, "the file is longer than " + std::to_string(kMaxLines) + " lines");
  }
}

void CheckIncludes(const SourceFile& file, const Room& room, Report& report) {
  for (const Include& include : FindIncludes(file.text)) {
    const std::string what = include.form == Include::Form::kQuoted
                                 ? JudgeOurs(room, include.path)
                                 : JudgeLibrary(room, include.path);
    if (!what.empty()) {
      report.Add(include.line, what);
    }
  }
}

void CheckCalls(const SourceFile& file, const Room& room, Report& report) {
  if (room.name == kProcessRoom || IsInFolder(room.name, std::string(kProcessRoom)) ||
      file.path == kKeeper) {
    return;
  }
  for (const Call& call : FindCalls(file.text, kProcessCalls)) {
    report.Add(call.line, call.name + "() belongs to " + std::string(kProcessRoom) + " alone");
  }
}

void CheckClock(const SourceFile& file, const Room& room, Report& report) {
  if (room.name.starts_with(kWallClockRoom) || Contains(kShowWallClock, file.path)) {
    return;
  }
  for (const Call& call : FindCalls(file.text, kWallClockCalls)) {
    report.Add(call.line, call.name + "() may read a clock that jumps; use Clock");
  }
  const std::string code = BlankOutProse(file.text);
  if (const std::size_t at = code.find("system_clock"); at != std::string::npos) {
    report.Add(CountLines(code.substr(0, at)), "system_clock jumps; use Clock");
  }
}

}  // namespace

std::string_view RoomOf(std::string_view path) {
  const Room* room = FindRoom(path);
  return room == nullptr ? std::string_view() : std::string_view(room->name);
}

std::vector<std::string> FindViolations(const SourceFile& file) {
  Report report(file.path);
  CheckForm(file, report);
  const Room* room = FindRoom(file.path);
  if (room == nullptr) {
    report.Add(1, "the file is in no room");
  } else if (room->name != "tests") {
    CheckIncludes(file, *room, report);
    CheckCalls(file, *room, report);
    CheckClock(file, *room, report);
  }
  return report.Take();
}

}  // namespace sqlicorn::architecture
