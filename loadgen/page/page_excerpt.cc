// SPDX-License-Identifier: MIT
#include "loadgen/page/page_excerpt.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "loadgen/report/number_text.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::size_t kLongestText = 500;

std::string LeftOut(std::size_t shown, std::size_t all, std::string_view what) {
  return fmt::format("{} of {} {}", CountText(shown), CountText(all), what);
}

// The indices of the `most` items of the greatest rank, rising. `Rank` is anything ordered.
template <typename Rank>
std::vector<std::size_t> GreatestOf(const std::vector<Rank>& ranks, std::size_t most) {
  std::vector<std::size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranks[a] > ranks[b]; });
  order.resize(std::min(most, order.size()));
  std::sort(order.begin(), order.end());
  return order;
}

template <typename T>
void Keep(const std::vector<std::size_t>& indices, std::vector<T>* list) {
  std::vector<T> kept;
  for (const std::size_t i : indices) {
    kept.push_back(std::move((*list)[i]));
  }
  *list = std::move(kept);
}

class Excerpt {
 public:
  Excerpt(const Comparison& comparison, const PageLimits& limits)
      : limits_(limits), excerpt_{comparison, {}} {}

  PageExcerpt Take() {
    KeepConfigurations();
    KeepEndpoints();
    KeepErrors();
    Comparison& shown = excerpt_.shown;
    for (auto* texts : {&shown.warnings, &shown.invalid, &shown.audit_failures}) {
      KeepFirst(texts, "notices");
      std::for_each(texts->begin(), texts->end(), Shorten);
    }
    KeepFirst(&shown.failed, "failed runs");
    KeepFirst(&shown.not_measured, "configurations that were not measured");
    KeepFirst(&shown.thresholds, "findings of --fail-if");
    KeepFirst(&shown.provenance.order, "rounds' orders");
    return std::move(excerpt_);
  }

 private:
  static void Shorten(std::string& text) {
    if (text.size() <= kLongestText) {
      return;
    }
    std::size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) {
      --end;  // within a character of UTF-8
    }
    text = text.substr(0, end) + "...";
  }

  template <typename T>
  void KeepFirst(std::vector<T>* list, std::string_view what) {
    if (list->size() > limits_.rows) {
      excerpt_.left_out.push_back(LeftOut(limits_.rows, list->size(), what));
      list->erase(list->begin() + static_cast<std::ptrdiff_t>(limits_.rows), list->end());
    }
  }

  void KeepConfigurations() {
    auto& all = excerpt_.shown.configurations;
    if (all.size() <= limits_.configurations) {
      return;
    }
    std::vector<std::pair<int, double>> ranks;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const int grave = i == 0 ? 2 : all[i].measured.audit.clean() ? 0 : 1;
      ranks.emplace_back(grave, all[i].measured.all.ok_rps);
    }
    excerpt_.left_out.push_back(
        LeftOut(limits_.configurations, all.size(),
                "configurations: the first, those whose audit failed, and the fastest"));
    Keep(GreatestOf(ranks, limits_.configurations), &all);
  }

  using Name = std::pair<std::string, std::string>;  // method, name
  using Rank = std::pair<bool, std::uint64_t>;       // whether it failed, requests

  void KeepEndpoints() {
    std::map<Name, Rank> ranks;
    for (const ConfigurationNumbers& configuration : excerpt_.shown.configurations) {
      for (const Numbers& endpoint : configuration.measured.endpoints) {
        Rank& rank = ranks[{endpoint.method, endpoint.name}];
        rank.first = rank.first || endpoint.failures > 0;
        rank.second += endpoint.requests;
      }
    }
    const std::size_t tables = std::max<std::size_t>(excerpt_.shown.configurations.size(), 1);
    const std::size_t most =
        std::clamp<std::size_t>(limits_.endpoint_rows / tables, 1, limits_.endpoints);
    if (ranks.size() > most) {
      excerpt_.left_out.push_back(
          LeftOut(most, ranks.size(), "endpoints: those with failures, and the most requested"));
      RemoveEndpoints(ranks, most);
    }
    for (ConfigurationNumbers& configuration : excerpt_.shown.configurations) {
      for (Numbers& endpoint : configuration.measured.endpoints) {
        Shorten(endpoint.name);
      }
    }
  }

  void RemoveEndpoints(const std::map<Name, Rank>& all, std::size_t most) {
    std::vector<Rank> ranks;
    std::vector<Name> names;
    for (const auto& [name, rank] : all) {
      names.push_back(name);
      ranks.push_back(rank);
    }
    std::set<Name> kept;
    for (const std::size_t i : GreatestOf(ranks, most)) {
      kept.insert(names[i]);
    }
    for (ConfigurationNumbers& configuration : excerpt_.shown.configurations) {
      std::erase_if(configuration.measured.endpoints, [&](const Numbers& endpoint) {
        return !kept.contains({endpoint.method, endpoint.name});
      });
    }
  }

  void KeepErrors() {
    std::vector<std::uint64_t> times;
    for (const ConfigurationNumbers& configuration : excerpt_.shown.configurations) {
      for (const ErrorCount& error : configuration.errors) {
        times.push_back(error.occurrences);
      }
    }
    const std::vector<std::size_t> kept = GreatestOf(times, limits_.rows);
    if (kept.size() < times.size()) {
      excerpt_.left_out.push_back(
          LeftOut(kept.size(), times.size(), "kinds of failures: the most frequent"));
    }
    std::size_t at = 0;
    auto next = kept.begin();
    for (ConfigurationNumbers& configuration : excerpt_.shown.configurations) {
      std::vector<ErrorCount> errors;
      for (ErrorCount& error : configuration.errors) {
        if (next != kept.end() && *next == at) {
          Shorten(error.name);
          Shorten(error.error);
          errors.push_back(std::move(error));
          ++next;
        }
        ++at;
      }
      configuration.errors = std::move(errors);
    }
  }

  PageLimits limits_;
  PageExcerpt excerpt_;
};

std::size_t HalfOf(std::size_t count) {
  return std::max<std::size_t>(count / 2, 1);
}

}  // namespace

PageLimits PageLimits::Halved() const {
  return {HalfOf(configurations), HalfOf(endpoints), HalfOf(endpoint_rows), HalfOf(rows)};
}

PageExcerpt ExcerptOf(const Comparison& comparison, const PageLimits& limits) {
  return Excerpt(comparison, limits).Take();
}

}  // namespace sqlicorn::loadgen
