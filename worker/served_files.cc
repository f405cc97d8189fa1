// SPDX-License-Identifier: MIT
#include "worker/served_files.h"

#include <vector>

namespace sqlicorn {
namespace {

std::vector<DatabaseFiles> OpenNow(std::span<const WorkerSlot> slots) {
  std::vector<DatabaseFiles> open;
  for (const WorkerSlot& slot : slots) {
    if (const std::uint64_t database = slot.files.database; database != 0) {
      open.push_back({database, slot.files.wal, slot.files.shm});
    }
  }
  return open;
}

}  // namespace

Status CheckServed(const std::string& path, const ServedFiles& served) {
  Status ours = JudgeFiles(path, FilesAt(path), served.database, OpenNow(served.slots));
  return ours ? CheckLogIsOurs(path) : ours;
}

void Publish(const DatabaseFiles& files, OpenFiles& row) {
  if (files == DatabaseFiles{row.database, row.wal, row.shm}) {
    return;
  }
  row.database = 0;
  row.wal = files.wal;
  row.shm = files.shm;
  row.database = files.database;
}

}  // namespace sqlicorn
