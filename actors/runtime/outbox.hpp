// Leader only: sends the shard's committed outbox rows and repeats each until it is answered; then the row is to be
// erased. What is in memory here is rebuilt from the rows by the next leader.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "actors/runtime/leader_rows.hpp"
#include "actors/runtime/shard_world.hpp"

namespace stoa {

class Outbox {
 public:
  // `on_acked` is called when an answer has come and acked() is not empty any more.
  Outbox(ShardWorld& world, std::function<void()> on_acked) : world_(world), on_acked_(std::move(on_acked)) {}

  void committed(const OutboxRow& row);  // send it
  void erased(const Uuid& id) { rows_.erase(id); }
  void tick();   // repeats what failed and is due
  void clear();  // the lead is lost; late replies are ignored

  // Rows that were answered, for the batch that erases them.
  std::vector<Uuid> take_acked() { return std::exchange(acked_, {}); }
  void give_back(std::vector<Uuid> acked) { acked_.insert(acked_.end(), acked.begin(), acked.end()); }
  bool has_acked() const { return !acked_.empty(); }
  size_t size() const { return rows_.size(); }

 private:
  struct Sent {
    OutboxRow row;
    int attempt = 0;
    Time retry_at;  // {0}: on its way
  };
  void send(Sent& sent);
  void answered(const Uuid& id, const Reply& reply);

  ShardWorld& world_;
  std::function<void()> on_acked_;
  std::map<Uuid, Sent> rows_;
  std::vector<Uuid> acked_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // replies of an earlier lead find it gone
};

}  // namespace stoa
