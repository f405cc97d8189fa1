// SPDX-License-Identifier: MIT
#include "common/base/file_place.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <climits>

namespace sqlicorn {
namespace {

constexpr int kDirectory = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr int kMostLinks = 40;  // as the kernel

bool IsOurs(const struct stat& info) {
  return info.st_uid == 0 && ((info.st_mode & S_IWOTH) == 0 || (info.st_mode & S_ISVTX) != 0);
}

// Its links are the kernel's, and those of open files lead where no text can: /dev/stdout.
bool IsProcfs(int directory) {
  struct statfs info {};

  return fstatfs(directory, &info) == 0 && info.f_type == PROC_SUPER_MAGIC;
}

// Walks a path from its root, one name after the other.
class Walk {
 public:
  explicit Walk(std::string path) : rest_(std::move(path)) {}

  // 0, or an errno.
  int Run(FilePlace* place) {
    directory_ = UniqueFd(open(rest_.starts_with('/') ? "/" : ".", kDirectory));
    int error = directory_ ? 0 : errno;
    while (error == 0) {
      const std::string name = TakeName();
      const bool last = rest_.empty();
      if (last && (!IsLink(name) || IsProcfs(directory_.get()))) {
        return Arrive(name, place);
      }
      error = IsLink(name) ? Follow(name) : Enter(name);
    }
    return error;
  }

 private:
  std::string TakeName() {
    rest_.erase(0, rest_.find_first_not_of('/'));
    const std::size_t end = rest_.find('/');
    const std::string name = rest_.substr(0, end);
    rest_.erase(0, end);
    // A slash at the end names nothing more.
    if (rest_.find_first_not_of('/') == std::string::npos) {
      rest_.clear();
    }
    return name.empty() ? "." : name;
  }

  [[nodiscard]] bool IsLink(const std::string& name) {
    return fstatat(directory_.get(), name.c_str(), &info_, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISLNK(info_.st_mode);
  }

  // What the link says stands in the place of its name.
  int Follow(const std::string& name) {
    struct stat holder {};

    if (fstat(directory_.get(), &holder) != 0) {
      return errno;
    }
    const bool trusted = IsProcfs(directory_.get()) || (IsOurs(holder) && info_.st_uid == 0);
    if (!trusted || ++links_ > kMostLinks) {
      return ELOOP;
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t size =
        readlinkat(directory_.get(), name.c_str(), target.data(), target.size() - 1);
    if (size <= 0) {
      return size < 0 ? errno : ENOENT;
    }
    rest_ = target.data() + (rest_.empty() ? "" : "/" + rest_);
    return rest_.starts_with('/') ? Move(AT_FDCWD, "/") : 0;
  }

  int Enter(const std::string& name) { return Move(directory_.get(), name); }

  int Move(int from, const std::string& name) {
    UniqueFd next(openat(from, name.c_str(), kDirectory | O_NOFOLLOW));
    if (!next) {
      return errno;
    }
    directory_ = std::move(next);
    return 0;
  }

  int Arrive(const std::string& name, FilePlace* place) {
    struct stat holder {};

    if (fstat(directory_.get(), &holder) != 0) {
      return errno;
    }
    const bool procfs = IsProcfs(directory_.get());
    *place = {std::move(directory_), name, !procfs && !IsOurs(holder), procfs ? 0 : O_NOFOLLOW};
    return 0;
  }

  std::string rest_;
  UniqueFd directory_;

  struct stat info_ {};  // of the name that was looked at last

  int links_ = 0;
};

int FindAsTheKernelDoes(const std::string& path, FilePlace* place) {
  const std::filesystem::path whole(path);
  const std::string parent = whole.parent_path().string();
  UniqueFd directory(open(parent.empty() ? "." : parent.c_str(), kDirectory));
  if (!directory) {
    return errno;
  }
  *place = {std::move(directory), whole.filename().string(), false, 0};
  return 0;
}

}  // namespace

int FindFilePlace(const std::string& path, FilePlace* place) {
  *place = {};
  return geteuid() == 0 ? Walk(path).Run(place) : FindAsTheKernelDoes(path, place);
}

UniqueFd OpenAtPlace(const FilePlace& place, int flags, mode_t mode) {
  UniqueFd fd(openat(place.directory.get(), place.name.c_str(),
                     flags | place.open_flags | O_CLOEXEC, mode));

  struct stat info {};

  if (fd && place.guarded && fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode) &&
      info.st_nlink > 1) {
    fd.Reset();
    errno = ELOOP;
  }
  return fd;
}

UniqueFd OpenAtPlace(const std::string& path, int flags, mode_t mode) {
  FilePlace place;
  if (const int error = FindFilePlace(path, &place); error != 0) {
    errno = error;
    return UniqueFd();
  }
  return OpenAtPlace(place, flags, mode);
}

int UnlinkAtPlace(const std::string& path) {
  FilePlace place;
  if (const int error = FindFilePlace(path, &place); error != 0) {
    return error;
  }
  return unlinkat(place.directory.get(), place.name.c_str(), 0) == 0 ? 0 : errno;
}

std::string PlaceErrorText(int errno_value) {
  return errno_value == ELOOP
             ? "a link lies on the way that another user may have put there, and root does not "
               "follow it; remove it, or choose another path"
             : std::generic_category().message(errno_value);
}

std::uint64_t FileKeyOf(const std::string& path) {
  struct stat info {};

  if (stat(path.c_str(), &info) != 0) {
    return 0;
  }
  // An odd factor spreads the few device numbers over all bits; inodes fill the lower ones.
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  const std::uint64_t key = info.st_dev * kSpread + info.st_ino;
  return key == 0 ? 1 : key;
}

std::string WithoutLinks(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  // A last link that leads to nothing yet is left as it stands; the file will be made behind it.
  for (int links = 0; !error && fs::is_symlink(resolved) && links < kMostLinks; ++links) {
    const fs::path target = fs::read_symlink(resolved, error);
    resolved = error ? resolved : fs::weakly_canonical(resolved.parent_path() / target, error);
  }
  return error ? path : resolved.string();
}

}  // namespace sqlicorn
