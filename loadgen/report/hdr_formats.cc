// SPDX-License-Identifier: MIT
// HdrHistogram's formats, after the sources of its Java and C versions. Our buckets are its own for
// three digits, so that a bucket has the same index in both.
#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "common/base/histogram.h"
#include "loadgen/report/exchange_formats.h"

namespace sqlicorn::loadgen {
namespace {

constexpr LogBuckets kLayout{10, 36};
constexpr double kUsPerMs = 1000;

void AppendBig(std::uint64_t value, int bytes, std::string* out) {
  for (int i = bytes - 1; i >= 0; --i) {
    *out += static_cast<char>(value >> (8 * i) & 0xff);
  }
}

// Seven bits a byte, the sign folded into the lowest.
void AppendZigZag(std::int64_t value, std::string* out) {
  auto rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  while (rest >= 0x80) {
    *out += static_cast<char>((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  *out += static_cast<char>(rest);
}

// Counts by index; a run of zeros is its length, negative.
std::string EncodedCounts(const Histogram::Content& content) {
  std::string out;
  std::size_t next = 0;
  for (const auto& [value, count] : content.counts) {
    const std::size_t index = kLayout.IndexOf(value);
    if (index > next) {
      AppendZigZag(-static_cast<std::int64_t>(index - next), &out);
    }
    AppendZigZag(static_cast<std::int64_t>(count), &out);
    next = index + 1;
  }
  return out;
}

std::string EncodedV2(const Histogram::Content& content) {
  constexpr std::uint32_t kCookie = 0x1c849313;
  const std::string counts = EncodedCounts(content);
  std::string out;
  AppendBig(kCookie, 4, &out);
  AppendBig(counts.size(), 4, &out);
  AppendBig(0, 4, &out);  // the normalizing offset
  AppendBig(3, 4, &out);  // significant digits
  AppendBig(1, 8, &out);  // the lowest value that can be told from 0
  AppendBig(kLayout.greatest_value(), 8, &out);
  AppendBig(std::bit_cast<std::uint64_t>(1.0), 8, &out);  // integers are the values themselves
  return out + counts;
}

std::uint32_t Adler32(std::string_view data) {
  constexpr std::uint32_t kBase = 65521;
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : data) {
    a = (a + static_cast<unsigned char>(c)) % kBase;
    b = (b + a) % kBase;
  }
  return b << 16 | a;
}

// A zlib stream of stored blocks: it need not be small, and no library is needed to write it.
std::string ZlibStored(std::string_view data) {
  constexpr std::size_t kMostInBlock = 65535;
  std::string out = "\x78\x01";
  std::string_view rest = data;
  do {
    const std::string_view block = rest.substr(0, kMostInBlock);
    rest.remove_prefix(block.size());
    const auto size = static_cast<std::uint32_t>(block.size());
    out += rest.empty() ? '\1' : '\0';
    out += {static_cast<char>(size & 0xff), static_cast<char>(size >> 8),
            static_cast<char>(~size & 0xff), static_cast<char>(~size >> 8 & 0xff)};
    out += block;
  } while (!rest.empty());
  AppendBig(Adler32(data), 4, &out);
  return out;
}

std::string CompressedV2(const Histogram::Content& content) {
  constexpr std::uint32_t kCookie = 0x1c849314;
  const std::string stream = ZlibStored(EncodedV2(content));
  std::string out;
  AppendBig(kCookie, 4, &out);
  AppendBig(stream.size(), 4, &out);
  return out + stream;
}

std::string Base64(std::string_view data) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < data.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = i; j < i + 3; ++j) {
      bits = bits << 8 | (j < data.size() ? static_cast<unsigned char>(data[j]) : 0);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= data.size() ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return out;
}

// Neither commas nor blanks can stand in a tag.
std::string Tag(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == ',' || c <= ' '; }, '_');
  return text;
}

double DeviationUs(const Histogram::Content& content, std::uint64_t count) {
  const double mean = static_cast<double>(content.sum_us) / static_cast<double>(count);
  double sum = 0;
  for (const auto& [value, times] : content.counts) {
    sum += static_cast<double>(times) * std::pow(static_cast<double>(value) - mean, 2);
  }
  return std::sqrt(sum / static_cast<double>(count));
}

// Five steps for each halving of what is left above the percentile.
double NextPercent(double percent) {
  constexpr double kTicksPerHalf = 5;
  const double halvings = std::floor(std::log2(100 / (100 - percent))) + 1;
  return percent + 100 / (std::pow(2, halvings) * kTicksPerHalf);
}

std::string HgrmLine(double us, double percent, std::uint64_t total) {
  const std::string line =
      fmt::format("{:12.3f} {:14.12f} {:10}", us / kUsPerMs, percent / 100, total);
  return percent < 100 ? line + fmt::format(" {:14.2f}\n", 1 / (1 - percent / 100)) : line + "\n";
}

}  // namespace

std::string ComparisonHdrLog(const Comparison& comparison) {
  std::string log = fmt::format(
      "#[Logged with sqlicorn-loadgen {}, values in microseconds]\n"
      "#[Histogram log format version 1.3]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      comparison.provenance.version);
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    for (const EndpointStats& endpoint : configuration.distribution.endpoints) {
      log += fmt::format(
          "Tag={},0.000,{:.3f},{:.3f},{}\n",
          Tag(fmt::format("{}:{}:{}", configuration.name, endpoint.method, endpoint.name)),
          configuration.measured.seconds, static_cast<double>(endpoint.latency.max_us()) / kUsPerMs,
          Base64(CompressedV2(endpoint.latency.content())));
    }
  }
  return log;
}

std::string Hgrm(const Histogram& latency) {
  std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                 "TotalCount", "1/(1-Percentile)");
  const std::uint64_t count = latency.count();
  const Histogram::Content content = latency.content();
  double percent = 0;
  std::uint64_t total = 0;
  for (const auto& [value, times] : content.counts) {
    total += times;
    const double reached = 100 * static_cast<double>(total) / static_cast<double>(count);
    const auto us = std::min(static_cast<double>(value), static_cast<double>(content.max_us));
    while (percent <= reached && percent < 100 && total < count) {
      text += HgrmLine(us, percent, total);
      percent = NextPercent(percent);
    }
  }
  if (count > 0) {
    text += HgrmLine(static_cast<double>(content.max_us), 100, count);
  }
  return text + fmt::format(
                    "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n"
                    "#[Max     = {:12.3f}, Total count    = {:12}]\n"
                    "#[Buckets = {:12}, SubBuckets     = {:12}]\n",
                    latency.MeanUs() / kUsPerMs,
                    count > 0 ? DeviationUs(content, count) / kUsPerMs : 0.0,
                    static_cast<double>(content.max_us) / kUsPerMs, count, 26, 2048);
}

std::vector<HgrmFile> ComparisonHgrm(const Comparison& comparison) {
  std::vector<HgrmFile> files;
  for (const ConfigurationNumbers& configuration : comparison.configurations) {
    const std::pair<const char*, Scope> scopes[] = {
        {"", Scope::kAll}, {"_reads", Scope::kReads}, {"_writes", Scope::kWrites}};
    for (const auto& [name, scope] : scopes) {
      std::string stem = configuration.name;
      std::replace_if(
          stem.begin(), stem.end(), [](char c) { return c == '/' || c <= ' '; }, '_');
      const Histogram latency = LatencyOf(configuration.distribution, scope);
      if (latency.count() > 0) {
        files.push_back({fmt::format("_{}{}.hgrm", stem, name), Hgrm(latency)});
      }
    }
  }
  return files;
}

}  // namespace sqlicorn::loadgen
