// Leader only: sends the messages of the shard's committed outbox rows and repeats each until it is answered; when all
// of a row are, the row is to be erased. What is in memory here is rebuilt from the rows by the next leader.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/runtime/leader_rows.hpp"
#include "actors/runtime/shard_world.hpp"

namespace stoa {

class Outbox {
 public:
  explicit Outbox(ShardWorld& world) : world_(world) {}

  void committed(OutboxRow row);  // sent by the next flush()
  void erased(const Uuid& id) { rows_.erase(id); }
  // Sends what was committed since. Apart from committed(), so that answers to clients leave first.
  void flush();
  void tick();   // repeats what failed and is due
  void clear();  // the lead is lost; late replies are ignored

  // Rows whose messages were all answered, for the batch that erases them.
  std::vector<Uuid> take_acked() { return std::exchange(acked_, {}); }
  void give_back(std::vector<Uuid> acked) { acked_.insert(acked_.end(), acked.begin(), acked.end()); }
  bool has_acked() const { return !acked_.empty(); }
  size_t size() const { return rows_.size(); }

 private:
  struct Message {
    int attempt = 0;
    Time retry_at;  // {0}: on its way, or answered
    bool answered = false;
  };
  struct Sent {
    OutboxRow row;
    std::vector<Message> messages;  // as in the row
    size_t unanswered = 0;
  };
  void send(const Uuid& id, Sent& sent, size_t at);
  void answered(const Uuid& id, size_t at, const Reply& reply);

  ShardWorld& world_;
  std::unordered_map<Uuid, Sent> rows_;
  std::vector<Uuid> fresh_;
  std::vector<Uuid> acked_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();  // replies of an earlier lead find it gone
};

}  // namespace stoa
