// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

// Numbers as the reports of a comparison show them.
namespace sqlicorn::loadgen {

// "1,234,567"
[[nodiscard]] std::string CountText(std::uint64_t count);

// Whole from 100 on, else with one decimal: "12,345", "12.3".
[[nodiscard]] std::string RateText(double per_second);

// Three digits or so: "0.12", "1.23", "12.3", "123", "12345".
[[nodiscard]] std::string MsText(double ms);

// Of a share of 1: "12.34". What is above 0 never reads as 0: "<0.01".
[[nodiscard]] std::string PercentText(double share);

// "1.25"; "-" for 0, which stands for "not known".
[[nodiscard]] std::string RatioText(double ratio);

}  // namespace sqlicorn::loadgen
