#include "cluster/snapshot_sender.hpp"

#include <algorithm>
#include <utility>

namespace stoa {

SnapshotSender::SnapshotSender(SnapshotSenderPort& port, SnapshotShelf& shelf, Executor& loop, Executor& worker,
                               TransferLimits limits)
    : port_(port), shelf_(shelf), loop_(loop), worker_(worker), limits_(limits) {}
SnapshotSender::~SnapshotSender() = default;

void SnapshotSender::send(GroupId group, ReplicaId from, ReplicaId to, std::string consensus,
                          const SnapshotOffer& offer) {
  auto transfer = std::make_unique<Transfer>();
  transfer->group = group;
  transfer->from = from;
  transfer->to = to;
  transfer->number = ++last_number_;
  transfer->index = offer.at.index;
  transfer->offer = {offer.manifest, std::move(consensus)};
  waiting_.push_back(std::move(transfer));
  loop_.post([this] { begin_waiting(); });
}

void SnapshotSender::begin_waiting() {
  clear_away();
  while (!waiting_.empty() && moving_.size() < limits_.at_once) {
    std::unique_ptr<Transfer> next = std::move(waiting_.front());
    waiting_.pop_front();
    begin(std::move(next));
  }
  while (waiting_.size() > limits_.waiting) {
    fail_waiting(*waiting_.back());
    waiting_.pop_back();
  }
}

void SnapshotSender::begin(std::unique_ptr<Transfer> transfer) {
  for (auto& other : moving_) {
    if (!other->over && other->group == transfer->group && other->to == transfer->to) end(*other, false);
  }
  const SnapshotReader* reader = shelf_.hold(transfer->group, transfer->index);
  if (reader != nullptr && encode(reader->manifest()) != transfer->offer.manifest) {
    shelf_.release(transfer->group, transfer->index);
    reader = nullptr;
  }
  if (reader == nullptr) {
    // The core goes on offering what was put away: another one must take its place.
    shelf_.want(transfer->group, transfer->to, transfer->index);
    return fail_waiting(*transfer);
  }
  transfer->reader = reader;
  say(*transfer, transfer->offer);
  moving_.push_back(std::move(transfer));
}

void SnapshotSender::fail_waiting(Transfer& transfer) { port_.report_snapshot(transfer.group, transfer.to, false); }

SnapshotSender::Transfer* SnapshotSender::find(const TransferMessage& m) {
  for (auto& t : moving_) {
    if (!t->over && t->number == m.number && t->group == m.group && t->from == m.from && t->to == m.to) return t.get();
  }
  return nullptr;
}

bool SnapshotSender::say(const Transfer& t, decltype(TransferMessage::body) body) {
  return port_.send({t.group, t.from, t.to, t.number, std::move(body)});
}

void SnapshotSender::received(const TransferMessage& message) {
  Transfer* const t = find(message);
  if (t == nullptr) return;
  t->silent_ticks = 0;
  if (std::holds_alternative<TransferDone>(message.body)) end(*t, true);
  if (std::holds_alternative<TransferFailed>(message.body)) end(*t, false);
  if (const auto* credit = std::get_if<TransferCredit>(&message.body)) {
    const uint64_t chunks = t->reader->manifest().chunks;
    if (credit->next > chunks) return end(*t, false);
    if (credit->again || t->next < credit->next) t->next = credit->next;
    t->upto = std::min(std::max(t->upto, credit->upto), chunks);
    go_on(*t);
  }
  begin_waiting();
}

void SnapshotSender::go_on(Transfer& t) {
  if (t.reading || t.over || t.next >= t.upto) return;
  t.reading = true;
  worker_.post([this, reader = t.reader, number = t.number, chunk = t.next] {
    std::string payload = reader->chunk(chunk);
    loop_.post(
        [this, number, chunk, payload = std::move(payload)]() mutable { on_read(number, chunk, std::move(payload)); });
  });
}

void SnapshotSender::on_read(uint64_t number, uint64_t chunk, std::string payload) {
  const auto found = std::find_if(moving_.begin(), moving_.end(), [&](const auto& t) { return t->number == number; });
  Transfer& t = **found;  // while it reads it stays
  t.reading = false;
  if (t.over) return begin_waiting();
  if (chunk == t.next) {  // else the receiver asked for another meanwhile
    const uint32_t checksum = snapshot_chunk_checksum(chunk, payload);
    if (!say(t, TransferChunk{chunk, checksum, std::move(payload)})) return;  // the next tick tries again
    ++t.next;
  }
  go_on(t);
}

void SnapshotSender::end(Transfer& t, bool ok) {
  t.over = true;
  port_.report_snapshot(t.group, t.to, ok);
}

void SnapshotSender::clear_away() {
  for (auto at = moving_.begin(); at != moving_.end();) {
    const bool gone = (*at)->over && !(*at)->reading;
    if (gone) shelf_.release((*at)->group, (*at)->index);
    at = gone ? moving_.erase(at) : std::next(at);
  }
}

void SnapshotSender::lost(const std::function<bool(GroupId, ReplicaId)>& which) {
  for (auto& t : moving_) {
    if (!t->over && which(t->group, t->to)) end(*t, false);
  }
  begin_waiting();
}

void SnapshotSender::tick() {
  for (auto& t : moving_) {
    if (t->over) continue;
    if (++t->silent_ticks > limits_.give_up_ticks) {
      say(*t, TransferFailed{"nothing was heard of the receiver"});
      end(*t, false);
    } else if (t->silent_ticks % limits_.ask_again_ticks == 0) {
      say(*t, t->offer);  // the answer says where to go on
    }
    go_on(*t);
  }
  begin_waiting();
}

}  // namespace stoa
