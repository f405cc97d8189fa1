// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "common/base/unique_fd.h"

namespace sqlicorn {

// Where a file is or is to be made: its directory, opened once, and its name there. Whoever may
// write the directories on the way cannot lead a later step elsewhere.
//
// A process of root follows a link only where an operator can have set it up: a link of root's in a
// directory of root's. Any other may have been planted by the user the workers run as. Who is not
// root has nothing to lose and follows links as the kernel does.
struct FilePlace {
  UniqueFd directory;
  std::string name;      // no link, as far as root looked
  bool guarded = false;  // look out: root, in a directory that another user may write
  int open_flags = 0;    // O_NOFOLLOW, if there must be no link
};

// 0, or an errno: ELOOP for a link that is not followed.
[[nodiscard]] int FindFilePlace(const std::string& path, FilePlace* place);

// open(2), at the place of `path`. errno is ELOOP also for a file with a second name in a directory
// that another user may write: that name may be a file of root's.
[[nodiscard]] UniqueFd OpenAtPlace(const std::string& path, int flags, mode_t mode = 0);
[[nodiscard]] UniqueFd OpenAtPlace(const FilePlace& place, int flags, mode_t mode = 0);

// unlink(2), at the place of `path`. 0, or an errno.
int UnlinkAtPlace(const std::string& path);

// The words for an errno of these functions; they say what to do about ELOOP.
[[nodiscard]] std::string PlaceErrorText(int errno_value);

// Tells files apart whatever their paths: made of device and inode, never 0 for a file that is
// there. 0 = nothing stands at `path`, or nobody may look. Follows links, opens nothing: closing a
// descriptor of a database would drop the locks of its process.
[[nodiscard]] std::uint64_t FileKeyOf(const std::string& path);

// `path` without links, as far as it exists; as it stands when that cannot be told.
[[nodiscard]] std::string WithoutLinks(const std::string& path);

}  // namespace sqlicorn
