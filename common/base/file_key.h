// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace sqlicorn {

// Tells files apart whatever their paths: made of device and inode, never 0 for a file that is
// there. 0 = nothing stands at `path`, or nobody may look. Follows links, opens nothing: closing a
// descriptor of a database would drop the locks of its process.
[[nodiscard]] std::uint64_t FileKeyOf(const std::string& path);

// `path` without links, as far as it exists; as it stands when that cannot be told.
[[nodiscard]] std::string WithoutLinks(const std::string& path);

}  // namespace sqlicorn
