#include "tests/simulation/chaos.hpp"

#include <algorithm>

#include "tests/simulation/survey.hpp"

namespace stoa::whole {
namespace {

constexpr int64_t kFormedMs = 3'000;        // by then there is a shop, where nothing has gone wrong
constexpr int64_t kAskedWithinMs = 12'000;  // what a node asked the catalog is done, or never will be
constexpr int64_t kWrongMostMs = 4'000;     // beyond five seconds a node says that it is not ready

}  // namespace

Chaos::Chaos(Cluster& cluster, const Shape& shape, Operator& op)
    : cluster_(cluster), shape_(shape), operator_(op), quiet_most_ms_(cluster.schedule().between(800, 6000)) {
  for (size_t i = 0; i < cluster_.size(); ++i) {
    cluster_.machine(i).clock.ahead_ms = cluster_.schedule().between(-kWrongMostMs / 2, kWrongMostMs / 2);
  }
}

void Chaos::start() {
  const int64_t begin_ms = cluster_.schedule().chance(20) ? 1 : kFormedMs;
  cluster_.schedule().after(cluster_.schedule().between(begin_ms, begin_ms + 2000), [this] { strike(); });
}

void Chaos::strike() {
  if (healed_) return;
  if (shape_.loses_disks && cluster_.schedule().chance(10)) lose_disk();
  static constexpr void (Chaos::*kAll[])() = {
      &Chaos::end_one,   &Chaos::end_one,   &Chaos::end_one,    &Chaos::end_all,       &Chaos::restart_cleanly,
      &Chaos::pause_one, &Chaos::pause_one, &Chaos::partition,  &Chaos::partition,     &Chaos::disconnect,
      &Chaos::disks,     &Chaos::fill_disk, &Chaos::turn_clock, &Chaos::transfer_lead, &Chaos::transfer_lead,
      &Chaos::operate,   &Chaos::operate,   &Chaos::operate};
  (this->*kAll[cluster_.schedule().random().below(std::size(kAll))])();
  cluster_.schedule().after(cluster_.schedule().between(50, quiet_most_ms_), [this] { strike(); });
}

void Chaos::heal() {
  healed_ = true;
  partition_.clear();
  still_.clear();
  dark_.clear();
  cluster_.wake_all();
  apply_cuts();
  for (size_t i = 0; i < cluster_.size(); ++i) {
    cluster_.machine(i).free_bytes = uint64_t{1} << 40;
    cluster_.machine(i).disk_most_ms = 3;
    cluster_.machine(i).journal.cut_power_at(UINT64_MAX);
    if (stopping_.count(i) != 0) cluster_.end(i, Cluster::End::kStopped);
    cluster_.start(i);
  }
}

// ---- processes

void Chaos::start_later(size_t number, int64_t most_ms) {
  cluster_.schedule().after(cluster_.schedule().between(10, most_ms), [this, number] {
    dark_.erase(number);
    cluster_.start(number);
    apply_cuts();
  });
}

void Chaos::end_one() {
  const size_t number = any();
  if (!cluster_.up(number)) return;
  ++ends_;
  const uint64_t how = cluster_.schedule().random().below(3);
  if (how == 0) {  // in the middle of a write
    cluster_.machine(number).journal.cut_power_at(cluster_.machine(number).journal.operations() +
                                                  cluster_.schedule().random().below(6));
  } else if (how == 1) {
    cluster_.end(number, Cluster::End::kKilled);
  } else {
    dark_.insert(number);  // a machine without power says no farewell
    apply_cuts();
    cluster_.end(number, Cluster::End::kPowerCut);
  }
  start_later(number, 4000);
}

void Chaos::end_all() {
  if (!cluster_.schedule().chance(50)) return;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    if (!cluster_.up(i)) continue;
    ++ends_;
    cluster_.end(i, cluster_.schedule().chance(70) ? Cluster::End::kPowerCut : Cluster::End::kKilled);
    start_later(i, 800);
  }
}

void Chaos::restart_cleanly() {
  const size_t number = any();
  Node* const node = cluster_.running(number);
  if (node == nullptr || stopping_.count(number) != 0) return;
  ++ends_;
  node->begin_to_stop();
  stopping_.insert(number);
  hand_over(number, cluster_.schedule().now_ms() + 1000);
}

void Chaos::hand_over(size_t number, int64_t until_ms) {
  if (healed_) return;
  Node* const node = cluster_.running(number);
  if (node == nullptr && cluster_.up(number)) {  // it stands still meanwhile
    return cluster_.schedule().after(50, [this, number, until_ms] { hand_over(number, until_ms); });
  }
  if (node == nullptr) {
    stopping_.erase(number);
    return start_later(number, 1000);
  }
  const bool leads = node->hand_over_leads();
  if (!leads || cluster_.schedule().now_ms() >= until_ms) {
    cluster_.end(number, Cluster::End::kStopped);
    stopping_.erase(number);
    return start_later(number, 1000);
  }
  cluster_.schedule().after(50, [this, number, until_ms] { hand_over(number, until_ms); });
}

void Chaos::pause_one() {
  const size_t number = any();
  if (!cluster_.up(number) || still_.count(number) != 0) return;
  const int64_t ms = cluster_.schedule().between(50, 3000);
  cluster_.pause(number, cluster_.schedule().now_ms() + ms);
  still_.insert(number);
  apply_cuts();
  cluster_.schedule().after(ms, [this, number] {
    still_.erase(number);
    apply_cuts();
  });
}

// ---- the network

void Chaos::apply_cuts() {
  std::set<Cut> wanted = partition_;
  for (size_t a = 0; a < cluster_.size(); ++a) {
    for (size_t b = 0; b < cluster_.size(); ++b) {
      const bool mute = still_.count(a) + still_.count(b) + dark_.count(a) + dark_.count(b) > 0;
      if (a != b && mute) wanted.insert({a, b});
    }
  }
  for (const auto& [from, to] : cut_) {
    if (wanted.count({from, to}) == 0) cluster_.network().heal(cluster_.name(from), cluster_.name(to));
  }
  for (const auto& [from, to] : wanted) {
    if (cut_.count({from, to}) == 0) cluster_.network().cut(cluster_.name(from), cluster_.name(to));
  }
  cut_ = std::move(wanted);
}

void Chaos::partition() {
  if (!partition_.empty() && cluster_.schedule().chance(60)) {
    partition_.clear();
    return apply_cuts();
  }
  partition_.clear();
  ++partitions_;
  const bool one_way = cluster_.schedule().chance(40);
  const size_t alone = cluster_.schedule().chance(50) ? any() : cluster_.size();
  std::vector<bool> left;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    left.push_back(alone < cluster_.size() ? i == alone : cluster_.schedule().chance(50));
  }
  for (size_t a = 0; a < left.size(); ++a) {
    for (size_t b = 0; b < left.size(); ++b) {
      if (!left[a] || left[b]) continue;
      partition_.insert({a, b});
      if (!one_way) partition_.insert({b, a});
    }
  }
  apply_cuts();
}

void Chaos::disconnect() {
  const size_t a = any(), b = any();
  if (a != b) cluster_.network().disconnect(cluster_.name(a), cluster_.name(b));
}

// ---- machines

// One loss at a time: the next one only after all is in its place again.
bool Chaos::nothing_lost() {
  lost_ = lost_ && (cluster_.schedule().now_ms() < lost_until_ms_ || !all_in_place(cluster_));
  return !lost_;
}

// It comes back with an empty data directory.
void Chaos::lose_disk() {
  const size_t number = any();
  if (!cluster_.up(number) || !nothing_lost() || operator_.may_shrink() || !may_lose(cluster_, number)) return;
  lost_ = true;
  operator_.heed_loss();
  ++lost_disks_;
  cluster_.end(number, Cluster::End::kPowerCut);
  cluster_.lose_disk(number);
  start_later(number, 4000);
  if (!cluster_.schedule().chance(40)) return;
  cluster_.schedule().after(cluster_.schedule().between(100, 8000), [this, number] { find_disk(number); });
}

// Its node is started with it, and with the other one again where the cluster has taken that for the node's meanwhile.
void Chaos::find_disk(size_t number) {
  // One that belongs to no cluster would be taken for another new one, and the one in its place for lost.
  if (healed_ || cluster_.retired(number) || cluster_.other_disk(number).formation.empty()) return;
  ++found_disks_;
  // Until then somebody may still make the other one known.
  lost_until_ms_ = cluster_.schedule().now_ms() + kAskedWithinMs;
  cluster_.end(number, Cluster::End::kPowerCut);
  cluster_.exchange_disks(number);
  start_later(number, 1000);
  keep_to_the_named_disk(number);
}

void Chaos::keep_to_the_named_disk(size_t number) {
  cluster_.schedule().after(1000, [this, number] {
    const std::string other = cluster_.other_disk(number).data_id;
    if (other.empty() || cluster_.retired(number)) return;
    const DirectoryNode* const named = newest_directory(cluster_).node(cluster_.name(number));
    if (named != nullptr && named->data_id == other && cluster_.schedule().chance(healed_ ? 100 : 30)) {
      cluster_.end(number, Cluster::End::kPowerCut);
      cluster_.exchange_disks(number);
      cluster_.start(number);
      apply_cuts();
    }
    keep_to_the_named_disk(number);
  });
}

void Chaos::disks() {
  cluster_.machine(any()).disk_most_ms =
      cluster_.schedule().chance(50) ? cluster_.schedule().between(20, 400) : cluster_.schedule().between(1, 3);
}

// Under the soft mark for a while; or full, which stops the process until somebody has made room.
void Chaos::fill_disk() {
  const size_t number = any();
  if (!cluster_.up(number)) return;
  if (cluster_.schedule().chance(60)) {
    cluster_.machine(number).free_bytes = SpaceMarks{}.soft_bytes - 1;
    cluster_.schedule().after(cluster_.schedule().between(500, 4000),
                              [this, number] { cluster_.machine(number).free_bytes = uint64_t{1} << 40; });
    return;
  }
  ++ends_;
  if (cluster_.schedule().chance(50)) {
    cluster_.machine(number).free_bytes = 0;
  } else {
    cluster_.machine(number).journal.cut_power_at(cluster_.machine(number).journal.operations());
  }
  start_later(number, 4000);
}

void Chaos::turn_clock() {
  cluster_.machine(any()).clock.ahead_ms = cluster_.schedule().between(-kWrongMostMs / 2, kWrongMostMs / 2);
}

// ---- groups

void Chaos::transfer_lead() {
  const size_t number = any();
  Node* const node = cluster_.running(number);
  if (node == nullptr || node->host().shards().empty()) return;
  const auto& shards = node->host().shards();
  Shard& shard = *shards[cluster_.schedule().random().below(shards.size())]->shard;
  const auto& voters = shard.replica().members().voters;
  if (!shard.leads() || voters.empty()) return;
  const ReplicaId to = voters[cluster_.schedule().random().below(voters.size())];
  if (to != shard.replica().id()) shard.transfer_lead(to);
}

void Chaos::operate() {
  if (!shape_.members_change || cluster_.schedule().chance(50)) return operator_.act();
  if (operator_.change_members(shape_.loses_disks && nothing_lost())) lost_ = true;
}

}  // namespace stoa::whole
