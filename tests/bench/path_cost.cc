// SPDX-License-Identifier: MIT
// What it costs to find an endpoint and to bind its fields, in nanoseconds of the fastest of
// several rounds: a literal path, and one with a typed variable, among ten endpoints and among a
// thousand. Prints four numbers: literal and variable of ten, literal and variable of a thousand.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/http/request_parser.h"
#include "worker/request/param_binder.h"
#include "worker/request/router.h"

namespace sqlicorn {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Half of them literal, half with a variable.
std::vector<EndpointSpec> MakeEndpoints(std::size_t count) {
  std::vector<EndpointSpec> endpoints;
  for (std::size_t i = 0; i < count / 2; ++i) {
    EndpointSpec literal;
    literal.path = fmt::format("/table{}/list", i);
    literal.methods = {"GET", "POST"};
    endpoints.push_back(literal);
    EndpointSpec variable;
    variable.path = fmt::format("/table{}/{{id}}", i);
    variable.methods = {"GET", "PUT"};
    variable.fields = {
        {.name = "id", .type = ParamType::kInteger, .source = ParamSource::kPath, .variable = 0}};
    endpoints.push_back(variable);
  }
  return endpoints;
}

// One request after another, as the dispatcher takes them; the sum keeps the work from being left
// out.
class Bench {
 public:
  explicit Bench(std::size_t count)
      : endpoints_(MakeEndpoints(count)),
        router_(endpoints_, std::vector<bool>(endpoints_.size(), false)) {
    for (const EndpointSpec& endpoint : endpoints_) {
      wants_.push_back(WantsOf(endpoint));
    }
  }

  double NsOf(const std::string& path) {
    constexpr int kRounds = 500;  // each shorter than a slice of the scheduler
    constexpr int kRequests = 2'000;
    RequestParser parser({});
    std::size_t consumed = 0;
    if (parser.Execute(fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n\r\n", path), &consumed) !=
        Feed::kMessage) {
      return -1;
    }
    double fastest = 1e9;
    for (int round = 0; round < kRounds; ++round) {
      const auto begin = SteadyClock::now();
      for (int i = 0; i < kRequests; ++i) {
        Serve(parser.message());
      }
      const std::chrono::duration<double, std::nano> took = SteadyClock::now() - begin;
      fastest = std::min(fastest, took.count() / kRequests);
    }
    return fastest;
  }

  [[nodiscard]] std::size_t sum() const { return sum_; }

 private:
  void Serve(const Message& request) {
    const auto route = router_.Find(request.method(), request.path(), &fields_.path);
    const EndpointSpec& endpoint = endpoints_[route.endpoint];
    if (!endpoint.fields.empty() && !fields_.Read(request, wants_[route.endpoint])) {
      sum_ += BindParams(endpoint, fields_, &params_).size();
    }
    sum_ += route.endpoint + params_.size();
  }

  std::vector<EndpointSpec> endpoints_;
  Router router_;
  std::vector<FieldWants> wants_;
  RequestFields fields_;
  std::vector<BoundParam> params_;
  std::size_t sum_ = 0;
};

void Run() {
  std::size_t sum = 0;
  for (const std::size_t count : {10, 1000}) {
    Bench bench(count);
    const std::size_t last = count / 2 - 1;
    fmt::print("{:.1f} {:.1f} ", bench.NsOf(fmt::format("/table{}/list", last)),
               bench.NsOf(fmt::format("/table{}/1234567", last)));
    sum += bench.sum();
  }
  fmt::print("{}\n", sum == 0 ? "nothing was done" : "");
}

}  // namespace
}  // namespace sqlicorn

int main() {
  sqlicorn::Run();
  return 0;
}
