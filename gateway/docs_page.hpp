// The page at /docs: reads /openapi.json and lets a person try a call. No asset from elsewhere.
#pragma once

#include <string_view>

namespace stoa {

inline constexpr std::string_view kDocsPage = R"html(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Stoa API</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
details{border:1px solid #ccc;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer}code,pre,textarea,input{font:14px ui-monospace,monospace}
b{display:inline-block;min-width:4.5rem}textarea,input{width:100%;box-sizing:border-box;margin:.2rem 0}
pre{background:#f4f4f4;padding:.6rem;overflow:auto}
@media(prefers-color-scheme:dark){body{background:#151515;color:#eee}pre{background:#222}details{border-color:#444}}
</style></head><body>
<h1>Stoa API</h1>
<p>The machine-readable form is <a href="/openapi.json">/openapi.json</a>; the states of things are at
<a href="/meta/state-machines">/meta/state-machines</a>.</p>
<label>Access token <input id="token" autocomplete="off" title="from POST /v1/sessions"></label>
<div id="calls">Loading …</div>
<script>
const make = (tag, text) => { const e = document.createElement(tag); if (text) e.textContent = text; return e; };
fetch('/openapi.json').then(r => r.json()).then(api => {
  const list = document.getElementById('calls');
  list.textContent = '';
  for (const [path, verbs] of Object.entries(api.paths)) for (const [verb, op] of Object.entries(verbs)) {
    const box = make('details'), head = make('summary');
    head.append(make('b', verb.toUpperCase()), make('code', path), ' ' + op.summary);
    const url = make('input'); url.value = path; url.setAttribute('aria-label', 'path');
    const body = make('textarea'); body.rows = 5; body.value = '{}'; body.setAttribute('aria-label', 'body');
    const go = make('button', 'Send'), out = make('pre');
    go.onclick = async () => {
      const headers = {}, token = document.getElementById('token').value;
      if (token) headers.Authorization = 'Bearer ' + token;
      if (op.requestBody) headers['Content-Type'] = 'application/json';
      if (op.parameters.some(p => p.name === 'Idempotency-Key' && p.required))
        headers['Idempotency-Key'] = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
      const r = await fetch(url.value, {method: verb.toUpperCase(), headers, body: op.requestBody ? body.value : undefined});
      out.textContent = r.status + ' ' + r.statusText + '\n' + await r.text();
    };
    box.append(head, make('p', op.description), url);
    if (op.requestBody) box.append(body);
    box.append(go, out);
    list.append(box);
  }
});
</script></body></html>
)html";

}  // namespace stoa
