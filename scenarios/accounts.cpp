#include "scenarios/accounts.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stoa::scenarios {
namespace {

using nlohmann::json;

constexpr size_t kLoginsAtOnce = 8;  // hashing a password is dear: more would only be turned away
constexpr int kPatience = 20;        // how often a request that was turned away for the moment is asked again
constexpr int64_t kShortWaitNs = 250'000'000;
constexpr int64_t kLongWaitNs = 2'000'000'000;

bool turned_away(int status) { return status == 0 || status == 429 || status == 503; }

int64_t retry_after_ns(const HttpResponse& response) {
  const std::string_view text = header_of(response, "Retry-After");
  int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::clamp(seconds * 1'000'000'000, kShortWaitNs, kLongWaitNs);
}

std::string said(const HttpResponse& response) {
  if (response.status == 0) return response.error;
  return std::to_string(response.status) + " " + response.body.substr(0, 200);
}

HttpRequest login_request(const Account& account) {
  return json_request("POST", "/v1/sessions", json{{"email", account.email}, {"password", account.password}}.dump());
}

}  // namespace

HttpRequest json_request(std::string method, std::string path, std::string body) {
  HttpRequest request{std::move(method), std::move(path), "", std::move(body)};
  if (!request.body.empty()) request.headers = "Content-Type: application/json\r\n";
  return request;
}

Result<void> Accounts::prepare(const UsersSpec& spec) {
  for (int number = 1; number <= spec.count; ++number) {
    std::string email = spec.email;
    email.replace(email.find("%d"), 2, std::to_string(number));
    Account& added = account(email);
    added.password = spec.password;
    added.kept_fresh = true;
    users_.push_back(&added);
  }
  constexpr size_t kSome = 500;
  for (size_t first = 0; first < users_.size(); first += kSome) {
    const auto begin = users_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = users_.begin() + static_cast<std::ptrdiff_t>(std::min(first + kSome, users_.size()));
    if (const auto done = prepare_some({begin, end}, first); !done) return done.error();
  }
  return {};
}

Result<void> Accounts::prepare_some(std::vector<Account*> users, size_t first) {
  std::vector<Ask> asks;
  for (size_t at = 0; at < users.size(); ++at) {
    const json body{{"email", users[at]->email},
                    {"password", users[at]->password},
                    {"name", "Load user " + std::to_string(first + at + 1)}};
    asks.push_back({nullptr, json_request("POST", "/v1/users", body.dump())});
  }
  const auto registered = ask_all(asks, kLoginsAtOnce);
  for (size_t at = 0; at < users.size(); ++at) {
    const int status = registered[at].status;
    if (status == 201 || (status == 409 && registered[at].body.find("email_taken") != std::string::npos)) continue;
    return Error{"users: POST /v1/users of " + users[at]->email + " gave " + said(registered[at])};
  }
  asks.clear();
  for (const Account* user : users) asks.push_back({nullptr, login_request(*user)});
  const auto sessions = ask_all(asks, kLoginsAtOnce);
  for (size_t at = 0; at < users.size(); ++at) {
    if (sessions[at].status == 201 && take_tokens(*users[at], sessions[at].body)) continue;
    return Error{"users: POST /v1/sessions of " + users[at]->email + " gave " + said(sessions[at])};
  }
  return {};
}

Account* Accounts::user(uint64_t number) { return users_.empty() ? nullptr : users_[number % users_.size()]; }

Account* Accounts::signed_in(const std::string& email, const std::string& password, const std::string& answer) {
  Account& found = account(email);
  found.password = password;
  return take_tokens(found, answer) ? &found : nullptr;
}

Account& Accounts::account(const std::string& email) {
  const auto same = [&](const Account& known) { return known.email == email; };
  const auto found = std::find_if(accounts_.begin(), accounts_.end(), same);
  if (found != accounts_.end()) return *found;
  accounts_.emplace_back();
  accounts_.back().email = email;
  return accounts_.back();
}

bool Accounts::take_tokens(Account& account, const std::string& answer) {
  const json body = json::parse(answer, nullptr, false);
  if (!body.is_object() || !body.contains("access_token") || !body["access_token"].is_string()) return false;
  const auto token = body["access_token"].get<std::string>();
  if (!is_header_value(token)) return false;
  account.authorization = "Authorization: Bearer " + token + "\r\n";
  if (body.contains("refresh_token") && body["refresh_token"].is_string()) {
    account.refresh_token = body["refresh_token"].get<std::string>();
  }
  const bool tells = body.contains("expires_in") && body["expires_in"].is_number_integer();
  const int64_t lasts_s = tells ? std::clamp<int64_t>(body["expires_in"].get<int64_t>(), 1, 86'400) : 300;
  account.renew_at_ns = clock_.monotonic_ns() + lasts_s * 1'000'000'000 / 4 * 3;
  return true;
}

void Accounts::send(HttpRequest request, Account* account, std::function<void(HttpResponse)> done) {
  if (account == nullptr) return client_.send(request, std::move(done));
  if (account->kept_fresh && !account->renewing && clock_.monotonic_ns() >= account->renew_at_ns) renew_aside(*account);
  HttpRequest sent = request;
  sent.headers += account->authorization;
  if (!account->kept_fresh) return client_.send(sent, std::move(done));
  client_.send(sent, [this, account, request = std::move(request), done = std::move(done)](HttpResponse response) {
    if (response.status != 401) return done(std::move(response));
    log_in(*account, [this, account, request, done, response](bool in) {
      if (!in) return done(response);
      HttpRequest again = request;
      again.headers += account->authorization;
      client_.send(again, done);
    });
  });
}

void Accounts::renew_aside(Account& account) {
  account.renewing = true;
  const auto request =
      json_request("POST", "/v1/sessions/refresh", json{{"refresh_token", account.refresh_token}}.dump());
  client_.send(request, [this, &account](HttpResponse response) {
    if (response.status == 201 && take_tokens(account, response.body)) {
      account.renewing = false;
      return;
    }
    log_in(account, [&account](bool) { account.renewing = false; });
  });
}

void Accounts::log_in(Account& account, std::function<void(bool)> done) {
  client_.send(login_request(account), [this, &account, done = std::move(done)](HttpResponse response) {
    done(response.status == 201 && take_tokens(account, response.body));
  });
}

std::vector<HttpResponse> Accounts::ask_all(const std::vector<Ask>& asks, size_t at_once) {
  std::vector<HttpResponse> answers(asks.size());
  std::vector<size_t> open(asks.size());
  for (size_t at = 0; at < asks.size(); ++at) open[at] = at;
  for (int round = 0; round < kPatience && !open.empty(); ++round) {
    std::vector<HttpRequest> requests;
    for (const size_t at : open) {
      requests.push_back(asks[at].request);
      if (asks[at].account) requests.back().headers += asks[at].account->authorization;
    }
    auto responses = client_.send_all(requests, at_once);
    std::vector<size_t> again;
    int64_t wait_ns = 0;
    for (size_t at = 0; at < open.size(); ++at) {
      answers[open[at]] = std::move(responses[at]);
      const HttpResponse& answer = answers[open[at]];
      Account* account = asks[open[at]].account;
      const bool old_token = answer.status == 401 && account != nullptr && round == 0;
      if (old_token) account->renew_at_ns = 0;
      if (turned_away(answer.status)) wait_ns = std::max(wait_ns, retry_after_ns(answer));
      if (old_token || turned_away(answer.status)) again.push_back(open[at]);
    }
    for (Account& account : accounts_) {
      if (account.renew_at_ns != 0 || account.authorization.empty()) continue;
      const auto session = client_.send_all({login_request(account)}, 1);
      take_tokens(account, session[0].body);
      account.renew_at_ns = std::max<int64_t>(account.renew_at_ns, 1);
    }
    open = std::move(again);
    if (!open.empty() && wait_ns > 0) client_.run_for(wait_ns);
  }
  return answers;
}

}  // namespace stoa::scenarios
