// SPDX-License-Identifier: MIT
#pragma once

namespace sqlicorn {

// Whether what is written to `fd` goes straight to systemd's journal, as $JOURNAL_STREAM says
// (systemd.exec(5)): it puts time and process to each line itself, and reads a priority in front.
[[nodiscard]] bool LeadsToJournal(int fd);

}  // namespace sqlicorn
