#include "scenarios/verifier.hpp"

#include <algorithm>

#include "scenarios/json_field.hpp"

namespace stoa::scenarios {
namespace {

// As it must stand in a query (RFC 3986, unreserved characters).
std::string escaped(const std::string& text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out.append("%").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
  return out;
}

}  // namespace

Verifier::Verifier(HttpClient& client, Accounts& accounts, const Promises& promises, const Clock& clock)
    : client_(client), accounts_(accounts), promises_(promises), clock_(clock) {}

std::vector<HttpResponse> Verifier::get_all(const std::vector<std::pair<Account*, std::string>>& asks) {
  std::vector<Accounts::Ask> requests;
  for (const auto& [account, path] : asks) {
    // Products may be read from nearby; what is verified is the truth.
    requests.push_back({account, {"GET", path, "Cache-Control: no-cache\r\n", ""}});
  }
  return accounts_.ask_all(requests, kAtOnce);
}

bool Verifier::may_settle() {
  if (clock_.monotonic_ns() >= settled_ns_) return false;
  client_.run_for(kAgainNs);
  return true;
}

Result<void> Verifier::look_before(const std::vector<Account*>& accounts) {
  std::vector<std::pair<Account*, std::string>> asks;
  for (Account* account : accounts) asks.emplace_back(account, "/v1/orders?limit=1");
  const auto answers = get_all(asks);
  for (size_t at = 0; at < answers.size(); ++at) {
    const Json list = Json::parse(answers[at].body, nullptr, false);
    if (answers[at].status != 200 || !list.is_object() || !list.value("items", Json()).is_array()) {
      const std::string said = answers[at].status == 0 ? answers[at].error : std::to_string(answers[at].status);
      return Error{"GET /v1/orders?limit=1 as " + accounts[at]->email + " gave " + said + ", not a list of orders"};
    }
    accounts[at]->looked_before = true;
    if (!list["items"].empty()) accounts[at]->newest_order_before = text_of(list["items"][0], "id");
  }
  return {};
}

bool Verifier::list_orders(std::vector<Listed>& listed, Findings& findings) {
  // Page by page, all accounts abreast.
  std::vector<std::pair<Account*, std::string>> asks;
  for (Account& account : accounts_.all()) {
    if (account.placed_orders) asks.emplace_back(&account, "/v1/orders?limit=100");
  }
  while (!asks.empty()) {
    const auto answers = get_all(asks);
    std::vector<std::pair<Account*, std::string>> further;
    for (size_t at = 0; at < answers.size(); ++at) {
      Account* account = asks[at].first;
      const Json list = Json::parse(answers[at].body, nullptr, false);
      if (answers[at].status != 200 || !list.is_object() || !list.value("items", Json()).is_array()) {
        findings.violated("the orders of " + account->email + " cannot be listed: GET " + asks[at].second + " gave " +
                          (answers[at].status == 0 ? answers[at].error : std::to_string(answers[at].status)));
        return false;
      }
      bool met_older = false;
      for (const Json& order : list["items"]) {
        if (!order.is_object()) {
          findings.violated("the orders of " + account->email + " list something that is no order");
          continue;
        }
        met_older = !account->newest_order_before.empty() && text_of(order, "id") == account->newest_order_before;
        if (met_older) break;
        listed.push_back({account, order});
      }
      const std::string cursor = text_of(list, "next_cursor");
      if (!met_older && !cursor.empty())
        further.emplace_back(account, "/v1/orders?limit=100&cursor=" + escaped(cursor));
    }
    asks = std::move(further);
  }
  return true;
}

std::vector<Findings> Verifier::verify(const VerifySpec& spec, int64_t settle_ns) {
  settled_ns_ = clock_.monotonic_ns() + settle_ns;
  std::vector<Findings> all;
  if (spec.idempotency) all.push_back(idempotency());
  if (spec.orders) all.push_back(orders());
  if (spec.stock) all.push_back(stock());
  if (spec.events) all.push_back(events());
  return all;
}

Findings Verifier::idempotency() {
  Findings findings;
  findings.what = "idempotency";
  std::vector<Accounts::Ask> asks;
  std::vector<const Exchange*> asked;
  for (const Exchange& exchange : promises_.sample()) {
    if (exchange.request.headers.find("dempotency-") == std::string::npos) continue;
    asks.push_back({exchange.account, exchange.request});
    asked.push_back(&exchange);
  }
  const auto answers = accounts_.ask_all(asks, kAtOnce);
  for (size_t at = 0; at < answers.size(); ++at) {
    const HttpResponse& first = asked[at]->response;
    const HttpResponse& again = answers[at];
    const std::string what = "POST /v1/orders of " + asked[at]->account->email + ", repeated with its key, ";
    if (again.status != first.status) {
      findings.violated(what + "gave " + std::to_string(again.status) + (again.status == 0 ? " " + again.error : "") +
                        " after " + std::to_string(first.status));
    } else if (again.body != first.body) {
      findings.violated(what + "gave another body: " + again.body.substr(0, 100) + " after " +
                        first.body.substr(0, 100));
    } else if (header_of(again, "Idempotency-Replayed") != "true") {
      findings.violated(what + "gave no Idempotency-Replayed: true");
    }
  }
  findings.examined = answers.size();
  if (asks.empty()) findings.remark = "no order was placed with an Idempotency-Key";
  return findings;
}

Findings Verifier::events() {
  Findings findings;
  findings.what = "events";
  const auto& promised = promises_.orders();
  for (size_t first = 0; first < promised.size(); first += kChunk) {
    std::vector<std::pair<Account*, std::string>> asks;
    for (size_t at = first; at < std::min(first + kChunk, promised.size()); ++at) {
      asks.emplace_back(promised[at].owner, "/v1/orders/" + promised[at].id);
    }
    const auto answers = get_all(asks);
    for (size_t at = 0; at < answers.size(); ++at) {
      const std::string& id = promised[first + at].id;
      const Json order = Json::parse(answers[at].body, nullptr, false);
      const Json history = order.is_object() ? order.value("history", Json()) : Json();
      if (answers[at].status != 200 || !history.is_array() || history.empty()) {
        findings.violated("order " + id + " shows no history (" + std::to_string(answers[at].status) + ")");
        continue;
      }
      for (size_t place = 0; place < history.size(); ++place) {
        const Json seq = history[place].is_object() ? history[place].value("seq", Json()) : Json();
        if (seq == place + 1) continue;
        findings.violated("order " + id + ": event " + std::to_string(place + 1) + " has seq " + seq.dump());
        break;
      }
    }
  }
  findings.examined = promised.size();
  if (promised.empty()) findings.remark = "no order was acknowledged with s:ack";
  return findings;
}

}  // namespace stoa::scenarios
