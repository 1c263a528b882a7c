#include "scenarios/summary.hpp"

namespace stoa::scenarios {
namespace {

// The page draws itself from the JSON result that it carries; it loads nothing and sends nothing.
constexpr char kHead[] = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Load report</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid #d8dee4;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}.good{color:#116329}.bad{color:#a40e26}.verdict{font-size:1.2rem;font-weight:600}
</style></head><body><main id="page"></main><script type="application/json" id="result">)html";

constexpr char kTail[] = R"html(</script><script>
const r = JSON.parse(document.getElementById("result").textContent), page = document.getElementById("page");
const add = (tag, text, kind) => { const e = document.createElement(tag); e.textContent = text; if (kind) e.className = kind; page.append(e); return e; };
const table = (title, head, rows) => {
  if (!rows.length) return;
  add("h2", title);
  const t = add("table", "");
  const line = (cells, tag) => { const tr = t.insertRow(); for (const c of cells) { const e = document.createElement(tag); e.textContent = c; tr.append(e); } };
  line(head, "th"); rows.forEach(row => line(row, "td"));
};
const ms = v => v < 10 ? v.toFixed(2) : v < 100 ? v.toFixed(1) : v.toFixed(0);
const timed = ([name, v]) => [name, v.count, v.per_second.toFixed(1), v.errors ?? v.failed,
  ...["p50", "p90", "p95", "p99", "p999", "max"].map(q => ms(v.latency_ms[q]))];
const head = ["count", "per s", "errors", "p50 ms", "p90", "p95", "p99", "p99.9", "max"];
add("h1", "Scenario " + r.scenario);
add("p", "Seed " + r.seed + ", against " + r.target + ", " + r.seconds.toFixed(1) + " s");
add("p", r.exit === 0 ? "Passed" : "Failed with exit code " + r.exit, "verdict " + (r.exit === 0 ? "good" : "bad"));
for (const reason of r.reasons) add("p", "(" + reason.exit + ") " + reason.text, "bad");
table("Flows", ["flow", ...head], Object.entries(r.flows).map(timed));
table("Requests", ["request", ...head], Object.entries(r.requests).map(timed));
table("Thresholds", ["key", "bound", "value", "kept"], r.thresholds.map(t => [t.key, t.bound, t.value ?? "nothing measured", t.kept ? "yes" : "no"]));
table("Checks", ["check", "passed", "failed"], Object.entries(r.checks).map(([n, c]) => [n, c.passed, c.failed]));
table("Verification", ["what", "examined", "violations", "remark"], r.verified.map(v => [v.what, v.examined, v.violations, v.remark]));
for (const v of r.verified) for (const line of v.shown) add("p", v.what + ": " + line, "bad");
table("Errors", ["error", "count"], Object.entries(r.errors));
const g = r.generator;
table("Generator", ["started", "not started", "most in flight", "connections", "start lag p99 ms", "requests per CPU s"],
  [[g.started, g.not_started, g.most_in_flight, g.connections_opened, ms(g.start_lag_ms.p99), g.requests_per_cpu_second.toFixed(0)]]);
</script></body></html>
)html";

}  // namespace

std::string html_report(const Outcome& outcome) {
  std::string page = kHead;
  // In JSON a "<" stands in texts only, and may be written so that it cannot end the script element.
  for (const char c : json_result(outcome)) {
    if (c == '<') {
      page += "\\u003c";
    } else {
      page += c;
    }
  }
  return page + kTail;
}

}  // namespace stoa::scenarios
