// SPDX-License-Identifier: MIT
#include "loadgen/page/live_page.h"

#include <string_view>

#include <fmt/format.h>

#include "loadgen/page/html_text.h"
#include "loadgen/page/style.h"

namespace sqlicorn::loadgen {
namespace {

constexpr std::string_view kOwnStyle = R"css(
.now{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:.6rem;margin:1rem 0}
.now div{background:var(--wash);padding:.5rem .8rem}
.now b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}
.bad b{color:var(--bad)}
)css";

constexpr std::string_view kBody = R"html(
<h1>Load test</h1><p class="soft" id="state">connecting …</p>
<div class="now" id="now"></div>
<figure><figcaption>successful requests per second, failures in red</figcaption>
<svg id="rates" role="img" viewBox="0 0 600 120" preserveAspectRatio="none" width="100%" height="120">
<title>successful and failed requests per second over time</title></svg></figure>
<figure><figcaption>p99, ms</figcaption>
<svg id="times" role="img" viewBox="0 0 600 120" preserveAspectRatio="none" width="100%" height="120">
<title>99th percentile over time</title></svg></figure>
<div class="wide"><table id="endpoints"></table></div>
<div class="wide"><table id="errors"></table></div>
)html";

// Every text is put in as text, never as markup.
constexpr std::string_view kScript = R"js(
const at = id => document.getElementById(id);
const make = (name, text) => {
  const e = document.createElement(name);
  e.textContent = text;
  return e;
};
const number = (n, digits = 0) => n.toLocaleString("en", {
  minimumFractionDigits: digits, maximumFractionDigits: digits});
const ms = n => number(n, n < 100 ? 1 : 0);
function table(id, heads, rows) {
  const cells = (name, texts, first) => {
    const row = make("tr", "");
    texts.forEach((text, i) => {
      const cell = make(i === 0 ? "th" : name, text);
      if (i >= first) cell.className = "n";
      row.append(cell);
    });
    return row;
  };
  const first = id === "errors" ? 9 : 1;
  at(id).replaceChildren(...(rows.length ? [heads, ...rows] : []).map(
      (texts, i) => cells(i === 0 ? "th" : "td", texts, first)));
}
function line(svg, values, greatest, looks) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const step = 600 / Math.max(1, values.length - 1);
  path.setAttribute("d", values.map((v, i) =>
      `${i ? "L" : "M"}${(i * step).toFixed(1)} ${(118 - 114 * v / greatest).toFixed(1)}`).join(""));
  path.setAttribute("class", looks);
  svg.append(path);
}
function chart(id, lines) {
  const svg = at(id), greatest = Math.max(1e-9, ...lines.flatMap(([values]) => values));
  svg.querySelectorAll("path").forEach(e => e.remove());
  lines.forEach(([values, looks]) => line(svg, values, greatest, looks));
}
function show(d) {
  const of = d.run_time_s === null ? "" : ` of ${number(d.run_time_s)}`;
  at("state").textContent = `${d.state}, ${number(d.elapsed_s)}${of} s`;
  const failed = d.requests ? 100 * d.failures / d.requests : 0;
  at("now").replaceChildren(...[
    ["users", number(d.users)], ["req/s", number(d.rps)], ["requests", number(d.requests)],
    ["failures", `${number(d.failures)} (${number(failed, 2)} %)`], ["p50, ms", ms(d.p50_ms)],
    ["p99, ms", ms(d.p99_ms)], ["longest silence, ms", ms(d.longest_gap_ms)]
  ].map(([name, value]) => {
    const box = make("div", name);
    box.className = name === "failures" && d.failures ? "bad" : "";
    box.prepend(make("b", value));
    return box;
  }));
  chart("rates", [[d.ok_rps, "line s1"], [d.failed_rps, "fail"]]);
  chart("times", [[d.p99s_ms, "line s2"]]);
  table("endpoints", ["endpoint", "requests", "failures", "req/s", "p50, ms", "p99, ms", "max, ms"],
    d.endpoints.map(e => [`${e.method} ${e.name}`, number(e.requests), number(e.failures),
      number(e.rps, 1), ms(e.p50_ms), ms(e.p99_ms), ms(e.max_ms)]));
  table("errors", ["failures", "endpoint", "error"],
    d.errors.map(e => [number(e.occurrences), `${e.method} ${e.name}`, e.error]));
}
show(JSON.parse(at("data").textContent));
const events = new EventSource("/events");
events.onmessage = event => {
  const data = JSON.parse(event.data);
  show(data);
  if (data.state === "ended") events.close();
};
events.onerror = () => { at("state").textContent += " (connection lost)"; };
)js";

}  // namespace

std::string LivePage(std::string_view now) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
      "<title>sqlicorn-loadgen</title>\n<style>{}{}</style></head>\n<body>{}"
      "<script type=\"application/json\" id=\"data\">{}</script>\n<script>{}</script>\n"
      "</body></html>\n",
      kPageStyle, kOwnStyle, kBody, ScriptJson(now), kScript);
}

}  // namespace sqlicorn::loadgen
