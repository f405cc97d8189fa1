// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"
#include "master/fleet/children.h"
#include "master/fleet/fleet.h"
#include "master/fleet/server_status.h"
#include "master/generations.h"
#include "master/recipe.h"
#include "master/upgrade.h"

namespace sqlicorn {

// All sources of the configuration read anew and what it needs obtained: everything of a generation
// but a prepared database. `serving` lends what both have, `suffix` follows names (Upgrade), no
// more than `room` workers may be wanted.
using LoadGeneration = std::function<Result<Generation>(
    const Generation& serving, const std::string& suffix, std::size_t room)>;

// The change of the configuration (HUP): it is read, tried on the database by a child and started
// beside the old one, which serves until the new workers do.
//
//   idle -Begin-> preparing -the child did it-> replacing -Settle-> idle (the new one serves)
//                    |                             |
//                    | the child failed, Stop      | GiveUp: a worker cannot start
//                    v                             v
//                  idle (the old one serves)     idle (the old one serves again)
//
// A HUP in between is kept: another reload begins when this one has come to its end.
class Reload {
 public:
  // All of it outlives this object.
  struct Parts {
    MasterOnly& master;
    Children& children;
    Fleet& fleet;
    const Upgrade& upgrade;
    MasterSettings& settings;
    LoadGeneration load;
  };

  explicit Reload(Parts parts) : parts_(std::move(parts)) {}

  void Begin();

  // False when it is not the preparing child that has ended.
  bool OnEnd(const ChildEnd& end);

  // The new generation cannot serve: the one before it stays, or serves again. What a child has
  // said last is added to `why`.
  [[nodiscard]] std::size_t WantedOfNew() const;
  void GiveUp(std::string_view why);

  // Told when as many workers of the serving generation serve as are wanted: the former one is
  // closed when nobody of it is left in service.
  void Settle();

  // The server stops: what is being prepared is not wanted any more.
  void Stop();

  // Workers of the new generation are wanted, and those of the former still there.
  [[nodiscard]] bool replacing() const { return generations().replacing(); }

  void Describe(ServerStatus* status) const;

 private:
  [[nodiscard]] Generations& generations() const { return parts_.master.generations; }

  [[nodiscard]] const Generation& serving() const { return generations().serving(); }

  [[nodiscard]] bool under_way() const;
  void Replace();
  void GoBack();
  void Fail(std::string_view why);
  void UseSettings();
  void BeginAgain();

  Parts parts_;
  pid_t preparing_pid_ = 0;          // the preparing child while it lives
  bool again_ = false;               // HUP came during a reload
  std::size_t wanted_at_begin_ = 0;  // of workers, when HUP came
  std::size_t former_wanted_ = 0;    // replacing: how many workers there were to be before
  std::uint64_t begun_ = 0;
  std::uint64_t done_ = 0;
  std::string last_error_;  // why the last one failed, "" if it did not
};

}  // namespace sqlicorn
