// SPDX-License-Identifier: MIT
#include "loadgen/compare/provenance_json.h"

#include <nlohmann/json.hpp>

namespace sqlicorn::loadgen {

nlohmann::ordered_json ProvenanceJson(const Provenance& from) {
  using Json = nlohmann::ordered_json;
  return {{"program", "sqlicorn-loadgen"},
          {"version", from.version},
          {"started", from.started},
          {"plan", from.plan},
          {"scenario", from.scenario},
          {"server", from.server},
          {"server_program", from.program},
          {"users", from.users},
          {"duration_s", from.duration_s},
          {"warmup_s", from.warmup_s},
          {"rounds", from.rounds},
          {"seed", from.seed},
          {"order", from.order},
          {"cores", from.cores},
          {"cpu", from.cpu},
          {"kernel", from.kernel},
          {"file_system", from.file_system},
          {"generator_cores", from.generator_cores},
          {"server_cores", from.server_cores},
          {"rate", from.rate},
          {"replay", from.replay},
          {"flush_ms", from.flush_ms ? Json(*from.flush_ms) : Json()}};
}

}  // namespace sqlicorn::loadgen
