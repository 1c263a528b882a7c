#include "cluster/snapshot_receiver.hpp"

#include <algorithm>
#include <utility>

namespace stoa {

SnapshotReceiver::SnapshotReceiver(SnapshotReceiverPort& port, Disk& disk, Executor& loop, Executor& worker,
                                   TransferLimits limits)
    : port_(port), disk_(disk), loop_(loop), worker_(worker), limits_(limits) {}
SnapshotReceiver::~SnapshotReceiver() = default;

void SnapshotReceiver::received(TransferMessage message) {
  if (std::holds_alternative<TransferOffer>(message.body)) return on_offer(std::move(message));
  const auto found = incoming_.find({message.group, message.to});
  if (found == incoming_.end() || found->second->number != message.number || found->second->from != message.from) {
    return;
  }
  if (std::holds_alternative<TransferChunk>(message.body)) on_chunk(*found->second, std::move(message));
  if (std::holds_alternative<TransferFailed>(message.body)) found->second->abandoned = true;
}

void SnapshotReceiver::on_offer(TransferMessage message) {
  const auto refuse = [&](const std::string& reason) { say(message, TransferFailed{reason}); };
  const auto& offer = std::get<TransferOffer>(message.body);
  if (!port_.hosts(message.group, message.to)) return refuse("there is no such replica here");
  auto manifest = decode_manifest(offer.manifest);
  if (!manifest) return refuse(manifest.error().what);
  if (manifest->group != message.group.value()) return refuse("the snapshot is of another group");

  const auto found = incoming_.find({message.group, message.to});
  if (found != incoming_.end()) {
    Incoming& in = *found->second;
    if (in.offer.manifest == offer.manifest) return resume(in, std::move(message));
    if (in.phase >= Phase::kPromised) return refuse("another snapshot is being installed");
    drop(in);
  }
  const auto active = std::count_if(incoming_.begin(), incoming_.end(), [](const auto& pair) {
    return !pair.second->abandoned && pair.second->phase < Phase::kStaged;
  });
  const std::string name = staging_name(message.group, message.to, manifest->index);
  const bool going = std::any_of(dropped_.begin(), dropped_.end(), [&](const auto& d) { return d->name == name; });
  if (static_cast<size_t>(active) >= limits_.at_once || going) return refuse("too much at once");
  begin(std::move(message), std::move(*manifest));
}

// The same snapshot again: by another transfer, or because what was answered got lost.
void SnapshotReceiver::resume(Incoming& in, TransferMessage message) {
  in.from = message.from;
  in.number = message.number;
  in.offer = std::move(std::get<TransferOffer>(message.body));
  in.silent_ticks = 0;
  in.abandoned = false;
  if (in.phase < Phase::kStaged) return credit(in, true);
  if (in.phase == Phase::kStaged) step(in);
  say(message, TransferDone{});
}

void SnapshotReceiver::begin(TransferMessage message, SnapshotManifest manifest) {
  auto owned = std::make_unique<Incoming>();
  Incoming& in = *owned;
  in.group = message.group;
  in.from = message.from;
  in.to = message.to;
  in.number = message.number;
  in.offer = std::move(std::get<TransferOffer>(message.body));
  in.name = staging_name(in.group, in.to, manifest.index);
  in.manifest = std::move(manifest);
  incoming_[{in.group, in.to}] = std::move(owned);
  const auto open = [this](Incoming& i) -> Result<bool> {
    const Result<uint64_t> free = disk_.free_bytes();
    if (!free) return free.error();
    if (*free < kReserveBytes || (*free - kReserveBytes) / 2 < i.manifest.bytes) return false;  // staging and state
    auto staging = SnapshotStaging::begin(disk_, i.to, i.manifest);
    if (!staging) return staging.error();
    i.staging = std::move(*staging);
    return true;
  };
  work(in, open, [this](Incoming& i, bool opened) {
    if (!opened) return give_up(i, "the disk has no room for it");
    i.phase = Phase::kReceiving;
    if (i.staging->whole()) return check(i);
    credit(i, true);
  });
}

void SnapshotReceiver::on_chunk(Incoming& in, TransferMessage message) {
  if (in.phase != Phase::kReceiving) return;
  auto& chunk = std::get<TransferChunk>(message.body);
  in.silent_ticks = 0;
  if (chunk.number == in.next && in.next < in.manifest.chunks && in.chunks.size() < limits_.window) {
    in.chunks.push_back(std::move(chunk));
    ++in.next;
    in.asked_again = false;
    write_next(in);
  } else if (chunk.number > in.next && !std::exchange(in.asked_again, true)) {
    credit(in, true);
  }
}

void SnapshotReceiver::write_next(Incoming& in) {
  if (in.working || in.chunks.empty()) return;
  const auto add = [chunk = &in.chunks.front()](Incoming& i) {  // it stays where it is while others come behind it
    return i.staging->add(chunk->number, chunk->checksum, chunk->payload);
  };
  work(in, add, [this](Incoming& i, SnapshotStaging::Fate fate) { on_written(i, fate); });
}

void SnapshotReceiver::on_written(Incoming& in, SnapshotStaging::Fate fate) {
  in.chunks.pop_front();
  if (fate != SnapshotStaging::Fate::kTaken) {
    in.chunks.clear();
    in.next = in.staging->next();
    in.asked_again = true;
    return credit(in, true);
  }
  if (in.staging->whole()) return check(in);
  credit(in, false);
  write_next(in);
}

void SnapshotReceiver::check(Incoming& in) {
  in.phase = Phase::kChecking;
  const auto job = [this](Incoming& i) -> Result<SnapshotStaging::Verdict> {
    const auto verdict = i.staging->check(kCheckedChunks);
    if (!verdict || *verdict != SnapshotStaging::Verdict::kSealed) return verdict;
    auto staged = StagedSnapshot::open(disk_, i.name);
    if (!staged) return staged.error();
    if (!*staged) return Error{"the staged snapshot " + i.name + " was sealed and is not there"};
    i.staged = std::move(*staged);
    return verdict;
  };
  work(in, job, [this](Incoming& i, SnapshotStaging::Verdict verdict) { on_checked(i, verdict); });
}

void SnapshotReceiver::on_checked(Incoming& in, SnapshotStaging::Verdict verdict) {
  if (verdict == SnapshotStaging::Verdict::kMore) return check(in);
  if (verdict == SnapshotStaging::Verdict::kDamaged) return give_up(in, "the chunks do not make the whole");
  in.staging.reset();
  in.phase = Phase::kStaged;
  in.silent_ticks = 0;
  step(in);
  say({in.group, in.from, in.to, in.number, {}}, TransferDone{});
}

// take() may come from inside.
void SnapshotReceiver::step(Incoming& in) {
  const bool promised = port_.staged(in.group, in.from, in.to, in.offer.consensus);
  if (promised && in.phase == Phase::kStaged) in.phase = Phase::kPromised;
}

template <class Job, class Then>
void SnapshotReceiver::work(Incoming& in, Job job, Then then) {
  in.working = true;
  worker_.post([this, &in, job, then] {
    const auto result = job(in);
    loop_.post([this, &in, then, result] {
      in.working = false;
      if (!result) return port_.broken(result.error());
      if (in.phase == Phase::kOver) return clear_away();
      then(in, result.value());
    });
  });
}

void SnapshotReceiver::credit(const Incoming& in, bool again) {
  const uint64_t written = in.next - in.chunks.size();
  const uint64_t upto = in.phase == Phase::kReceiving ? written + limits_.window : in.next;
  say({in.group, in.from, in.to, in.number, {}}, TransferCredit{in.next, upto, again});
}

void SnapshotReceiver::say(const TransferMessage& to, decltype(TransferMessage::body) body) {
  port_.answer({to.group, to.from, to.to, to.number, std::move(body)});
}

void SnapshotReceiver::give_up(Incoming& in, const std::string& reason) {
  say({in.group, in.from, in.to, in.number, {}}, TransferFailed{reason});
  drop(in);
}

void SnapshotReceiver::drop(Incoming& in) {
  in.phase = Phase::kOver;
  const auto found = incoming_.find({in.group, in.to});
  dropped_.push_back(std::move(found->second));
  incoming_.erase(found);
  clear_away();
}

// What was staged goes once the worker is done with it.
void SnapshotReceiver::clear_away() {
  for (auto& dropped : dropped_) {
    if (dropped->working) continue;
    dropped->working = true;
    worker_.post([this, in = dropped.get()] {
      in->staging.reset();
      in->staged.reset();
      const Result<void> removed = remove_staging(disk_, in->name);
      loop_.post([this, in, removed] {
        dropped_.erase(std::find_if(dropped_.begin(), dropped_.end(), [&](const auto& d) { return d.get() == in; }));
        if (!removed) port_.broken(removed.error());
      });
    });
  }
}

void SnapshotReceiver::tick() {
  std::vector<Incoming*> old;
  for (auto& [key, in] : incoming_) {
    ++in->silent_ticks;
    const bool due = in->silent_ticks % limits_.ask_again_ticks == 0;
    const bool waits = in->phase == Phase::kReceiving || in->phase == Phase::kStaged;
    if (waits && in->silent_ticks > kKeepTicks) {
      old.push_back(in.get());
    } else if (in->phase == Phase::kReceiving && in->silent_ticks > limits_.give_up_ticks) {
      in->abandoned = true;
    } else if (due && in->phase < Phase::kStaged && !in->abandoned) {
      credit(*in, in->phase == Phase::kReceiving);
    }
  }
  for (Incoming* in : old) drop(*in);
}

std::optional<StagedSnapshot> SnapshotReceiver::take(GroupId group, ReplicaId replica, const std::string& manifest) {
  const auto found = incoming_.find({group, replica});
  if (found == incoming_.end() || !found->second->staged || found->second->offer.manifest != manifest) {
    return std::nullopt;
  }
  found->second->phase = Phase::kTaken;
  return std::exchange(found->second->staged, std::nullopt);
}

void SnapshotReceiver::installed(GroupId group, ReplicaId replica) {
  const auto found = incoming_.find({group, replica});
  if (found != incoming_.end() && found->second->phase == Phase::kTaken) drop(*found->second);
}

}  // namespace stoa
