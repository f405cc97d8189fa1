// SPDX-License-Identifier: MIT
#include "loadgen/scenario/rate_plan.h"

#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "common/base/numbers.h"

namespace sqlicorn::loadgen {
namespace {

constexpr double kMostPerSecond = 1'000'000;
constexpr std::string_view kPoisson = "poisson:";

// Keeps these draws apart from those of the users, whose streams are their numbers.
constexpr std::uint64_t kArrivalStream = std::uint64_t{1} << 40U;

Result<double> RateFrom(std::string_view text) {
  const auto rate = ParseWhole<double>(text);
  if (!rate || !(*rate >= 0) || *rate > kMostPerSecond) {
    return Error{fmt::format("'{}' is not a number of requests per second up to a million", text)};
  }
  return *rate;
}

Result<RatePlan> Parse(std::string_view text) {
  RatePlan plan;
  if (text.starts_with(kPoisson)) {
    plan.spacing = RatePlan::Spacing::kPoisson;
    text.remove_prefix(kPoisson.size());
  }
  double most = 0;
  while (true) {
    const std::size_t comma = text.find(',');
    Result<RatePlan::Piece> piece = ParseRatePiece(text.substr(0, comma));
    if (!piece) {
      return piece.error();
    }
    most = std::max({most, piece->from, piece->to});
    plan.pieces.push_back(*piece);
    if (comma == text.npos) {
      break;
    }
    if (!piece->lasts) {
      return Error{"only the last piece may leave out how long it lasts"};
    }
    text.remove_prefix(comma + 1);
  }
  return most > 0 ? Result<RatePlan>(std::move(plan)) : Error{"a rate must be more than 0"};
}

}  // namespace

std::optional<Duration> RatePlan::length() const {
  Duration length = Duration::zero();
  for (const Piece& piece : pieces) {
    if (!piece.lasts) {
      return std::nullopt;
    }
    length += *piece.lasts;
  }
  return length;
}

Result<RatePlan> ParseRatePlan(std::string_view text) {
  Result<RatePlan> plan = Parse(text);
  if (!plan) {
    return plan.error().In(fmt::format("'{}' is no rate", text));
  }
  plan->text = text;
  return plan;
}

Result<RatePlan::Piece> ParseRatePiece(std::string_view text) {
  RatePlan::Piece piece;
  const std::size_t colon = text.find(':');
  const std::string_view rates = text.substr(0, colon);
  const std::size_t dots = rates.find("..");
  const Result<double> from = RateFrom(rates.substr(0, dots));
  const Result<double> to = dots == rates.npos ? from : RateFrom(rates.substr(dots + 2));
  if (!from || !to) {
    return from ? to.error() : from.error();
  }
  piece.from = *from;
  piece.to = *to;
  if (colon != text.npos) {
    const Result<Duration> lasts = ParseDuration(text.substr(colon + 1));
    if (!lasts || *lasts <= Duration::zero()) {
      return lasts ? Error{"a piece must last longer than 0s"} : lasts.error();
    }
    piece.lasts = *lasts;
  } else if (dots != rates.npos) {
    return Error{fmt::format("'{}' does not say how long it takes, such as {}:30s", text, text)};
  }
  return piece;
}

Arrivals::Arrivals(RatePlan plan, std::uint64_t seed)
    : plan_(std::move(plan)), random_(seed, kArrivalStream) {
  RatePlan::Piece& last = plan_.pieces.back();
  if (last.lasts && last.to > 0) {
    plan_.pieces.push_back({plan_.pieces.back().to, plan_.pieces.back().to, std::nullopt});
  }
  if (plan_.spacing == RatePlan::Spacing::kPoisson) {
    due_ = NextGap();
  }
}

double Arrivals::CountOf(const RatePlan::Piece& piece) const {
  if (!piece.lasts) {
    return piece.from > 0 ? std::numeric_limits<double>::infinity() : 0;
  }
  return (piece.from + piece.to) / 2 * ToSeconds(*piece.lasts);
}

// In requests: one, or of a Poisson process, whose gaps are exponential wherever its rate is one.
double Arrivals::NextGap() {
  if (plan_.spacing == RatePlan::Spacing::kEven) {
    return 1;
  }
  return -std::log(random_.Unit());
}

// The number of requests due after t seconds of a piece is from * t + slope * t^2 / 2: the time of
// the next one solves that for t.
std::optional<Duration> Arrivals::Next() {
  while (at_ < plan_.pieces.size() && due_ >= CountOf(plan_.pieces[at_])) {
    const RatePlan::Piece& over = plan_.pieces[at_++];
    if (!over.lasts) {
      return std::nullopt;
    }
    due_ -= CountOf(over);
    begins_s_ += ToSeconds(*over.lasts);
  }
  if (at_ == plan_.pieces.size()) {
    return std::nullopt;
  }
  const RatePlan::Piece& piece = plan_.pieces[at_];
  const double slope = piece.lasts ? (piece.to - piece.from) / ToSeconds(*piece.lasts) : 0;
  // Twice the count over the sum of both rates: right for a slope of zero too.
  const double rate_then = std::sqrt(std::max(0.0, piece.from * piece.from + 2 * slope * due_));
  const double after_s = due_ > 0 ? 2 * due_ / (piece.from + rate_then) : 0;
  due_ += NextGap();
  return FromSeconds(begins_s_ + after_s);
}

}  // namespace sqlicorn::loadgen
