// SPDX-License-Identifier: MIT
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <string>

namespace sqlicorn {

// Mounts that only this process and its children see from now on. False where that is refused.
inline bool MayMount() {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// A file system in memory, which goes with its last file.
class Disk {
 public:
  // REQUIRES: MayMount; `path` is a directory.
  explicit Disk(const std::string& path)
      : path_(path), mounted_(mount("none", path.c_str(), "tmpfs", 0, "size=16m") == 0) {}

  ~Disk() { umount2(path_.c_str(), MNT_DETACH); }

  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // From now on as on a DVD. REQUIRES: no file in it is open for writing.
  [[nodiscard]] bool Protect() const {
    return mounted_ && mount("none", path_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  const std::string path_;
  const bool mounted_;
};

}  // namespace sqlicorn
