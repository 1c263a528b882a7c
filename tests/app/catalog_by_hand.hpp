// The catalog's rules behind a router, without actors: what is asked is answered when the test says so.
#pragma once

#include <deque>

#include "actors/catalog/rules.hpp"
#include "actors/runtime/command_table.hpp"
#include "app/catalog_call.hpp"
#include "tests/actors/rules_fixture.hpp"
#include "tests/actors/runtime/manual_clock.hpp"

namespace stoa {

class CatalogByHand final : public Router {
 public:
  CatalogByHand() {
    table_.on(catalog::form_cluster)
        .on(catalog::set_settings)
        .on(catalog::roll_back_settings)
        .on(catalog::offer_first_keys)
        .on(catalog::rotate_signing_key)
        .query(catalog::read_settings)
        .query(catalog::list_settings_history)
        .query(catalog::watch_catalog)
        .query(catalog::read_directory_since);
  }

  void call(uint16_t, Slot, Call call, AnyCommand command, Reply reply) override {
    asked_.push_back({std::move(call), std::move(command), std::move(reply)});
  }
  void call_all(uint16_t, Call, AnyCommand, Replies) override {}

  // Answers all that was asked, and what is asked with that. How many there were.
  int answer() {
    int count = 0;
    for (; !asked_.empty(); ++count) {
      Asked next = std::move(asked_.front());
      asked_.pop_front();
      next.reply(run(next), false);
    }
    return count;
  }
  // All that was asked is refused, as when no leader can be reached.
  void refuse_all() {
    for (Asked& a : std::exchange(asked_, {})) a.reply(refuse(kUnavailable, "no leader").answer, false);
  }

  RulesFixture fixture;

 private:
  struct Asked {
    Call call;
    AnyCommand command;
    Reply reply;
  };

  Answer run(const Asked& a) {
    const CommandTable::Entry* entry = table_.find(a.command.name());
    STOA_CHECK(entry != nullptr, "the test's catalog knows the command");
    if (entry->kind == CommandTable::Entry::Kind::kQuery)
      return entry->query(a.command.value(), a.call, fixture.reader()).answer;
    Transaction tx(fixture.state, 0, fixture.now, fixture.random);
    const Outcome outcome = entry->rule(a.command.value(), a.call, tx);
    if (!outcome.is_refused()) fixture.state.apply(tx.writes());
    return outcome.answer;
  }

  CommandTable table_;
  std::deque<Asked> asked_;
};

}  // namespace stoa
