// SPDX-License-Identifier: MIT
#include "master/master_only.h"

namespace sqlicorn {

void MasterOnly::LeaveInChild() {
  if (control) {
    control->LeaveInChild();
  }
  last_words.LeaveInChild();
  if (launch != nullptr) {
    launch->LeaveInChild();
  }
  generations.LeaveInChild();
}

}  // namespace sqlicorn
