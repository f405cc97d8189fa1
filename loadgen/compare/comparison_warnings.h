// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "loadgen/compare/comparison.h"

namespace sqlicorn::loadgen {

// Why nothing can be concluded from the runs of this configuration, "" where it can: half of them
// or more cannot be believed.
[[nodiscard]] std::string WhyInvalid(const ConfigurationNumbers& configuration);

// What a reader must know of where the databases were, "" for nothing: in memory, or where an fsync
// is done faster than any disk does it.
[[nodiscard]] std::string DiskWarning(const Provenance& from);

// Whether not one request of all rounds was successful: nothing can be compared to that.
[[nodiscard]] bool NothingSucceeded(const ConfigurationNumbers& configuration);

// Why nothing is known of this configuration, "" where something is: either of the two.
[[nodiscard]] std::string WhyNotBelieved(const ConfigurationNumbers& configuration);

// Why the comparison cannot be believed, a sentence each: its own reasons, and that of every
// configuration of which nothing was measured.
[[nodiscard]] std::vector<std::string> InvalidReasons(const Comparison& comparison);

// Adds why configurations were not audited: what holds for all of them once, without their names.
void WarnOfNoAudit(Comparison* comparison);

// Adds what a reader must know before the numbers of this configuration, a sentence each.
void WarnOf(const ConfigurationNumbers& configuration, std::vector<std::string>* warnings);

// Adds the first few requests that this one answers otherwise than the first, and how many more.
void WarnOfAnswers(const ConfigurationNumbers& configuration, std::vector<std::string>* warnings);

// Adds the first few of the runs of one configuration that failed, and how many more there are.
void WarnOfFailedRuns(const std::vector<FailedRunNote>& failed, std::vector<std::string>* warnings);

// How a server answered until it failed, in a sentence.
[[nodiscard]] std::string AnsweredText(const RunStats& stats);

// Takes the ratios out of a comparison whose workers were killed: they would be of speeds that say
// nothing.
void ForgetRatiosOfChaos(Comparison* comparison);

// What an audit that is not clean found.
[[nodiscard]] std::string AuditFailure(const std::string& configuration, const Audit& audit);

}  // namespace sqlicorn::loadgen
