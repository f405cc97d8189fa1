// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "common/base/clock.h"
#include "common/http/message.h"
#include "common/http/writer.h"
#include "common/ipc/scoreboard.h"

namespace sqlicorn {

class AccessLog;

// One request and what becomes of it, as far as somebody who tells of it has to know.
struct ServedRequest {
  std::string_view peer;             // IP address of the client, "" of a unix socket
  std::string_view scheme = "http";  // as the client reached the proxy in front, else ours
  const Message* request = nullptr;
  TimePoint started{};
  Reply reply;
};

// The request whose SQL this worker executes, so that a worker that is aborted because it hangs can
// say where. While it is set, the request lives and its request does not change, and the access
// log is at rest. Process-wide, for the handler of a signal. Null is "none".
void SetRequestInHand(const ServedRequest* served);

// From now on SIGABRT, the master's word that we hang, writes which request was in hand to the
// error log, and its line with status 500 to the access log; then it ends the process with code 1.
// Of any other sender, abort() among them, it writes that too, and the signal has its default
// action. Both arguments outlive the process.
void ReportRequestOnAbort(AccessLog& access_log, const WorkerSlot& slot);

// Without a report of the master's word: for a worker that is not up yet, or not any more.
void EndOnAbort();

}  // namespace sqlicorn
