// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace sqlicorn {

// What signals are to a worker, beside those that its loop hears; in part to the checkpointer too.

// HUP, USR2, TTIN and the like are the master's; USR1 is nobody's until a loop hears it. And a
// write past RLIMIT_FSIZE or to a closed socket is an error to handle, not a reason to die.
void IgnoreSignalsOfTheMaster();

// From now on the kernel's word that the master has died (ProcessSpawner) ends this process as
// SIGQUIT does, and a second later in any case; at once as long as nothing listens to SIGQUIT.
void EndWhenOrphaned();

// Remembers from now on who was the first to send TERM, INT or QUIT. Once in a process. REQUIRES:
// the loop listens to them already, as ours goes in front of its handlers.
void RememberWhoTells();

// Says in the log who has told this worker to end, unless it was `master`: what that does it
// explains itself, when we have gone.
void LogWhoTold(pid_t master);

// Of the signals that would end us nothing is heard any more: for a process that cleans up and ends
// anyway.
void BlockEndSignals();

}  // namespace sqlicorn
