// A bare core on a bench, and messages made by hand.
#pragma once

#include <deque>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cluster/consensus.hpp"
#include "tests/cluster/table.hpp"

namespace stoa {

enum class Wire : uint64_t {
  kPropose = 2,
  kAppend = 3,
  kAppendResponse = 4,
  kVote = 5,
  kVoteResponse = 6,
  kSnapshot = 7,
  kHeartbeat = 8,
  kTransfer = 13,
  kTimeoutNow = 14,
  kReadIndex = 15,
  kPreVote = 17,
  kPreVoteResponse = 18,
};

// What replicas say to each other; the fields' numbers are the core's.
struct WireMessage {
  Wire type = Wire::kAppend;
  ReplicaId to = 0, from = 0;
  Term term = 0, log_term = 0;
  Index index = 0, commit = 0;
  bool reject = false;
  Index reject_hint = 0;
  std::vector<LogEntry> entries;
  Position snapshot;  // of voters 1, 2 and 3

  std::string encode() const {
    std::string bytes;
    protozero::pbf_writer out(bytes);
    out.add_uint64(1, static_cast<uint64_t>(type));
    out.add_uint64(2, to);
    out.add_uint64(3, from);
    out.add_uint64(4, term);
    out.add_uint64(5, log_term);
    out.add_uint64(6, index);
    for (const LogEntry& entry : entries) {
      protozero::pbf_writer one(out, 7);
      one.add_uint64(2, entry.term);
      one.add_uint64(3, entry.index);
      one.add_bytes(4, entry.data);
    }
    out.add_uint64(8, commit);
    if (snapshot.index != 0) {
      protozero::pbf_writer of(out, 9);
      protozero::pbf_writer meta(of, 2);
      {
        protozero::pbf_writer members(meta, 1);
        const std::vector<uint64_t> ids{1, 2, 3};
        members.add_packed_uint64(1, ids.begin(), ids.end());
      }
      meta.add_uint64(2, snapshot.index);
      meta.add_uint64(3, snapshot.term);
    }
    out.add_bool(10, reject);
    out.add_uint64(11, reject_hint);
    return bytes;
  }

  static WireMessage decode(std::string_view bytes) {
    WireMessage m;
    protozero::pbf_reader in(bytes.data(), bytes.size());
    while (in.next()) {
      switch (in.tag()) {
        case 1:
          m.type = static_cast<Wire>(in.get_uint64());
          break;
        case 2:
          m.to = in.get_uint64();
          break;
        case 4:
          m.term = in.get_uint64();
          break;
        case 6:
          m.index = in.get_uint64();
          break;
        case 7: {
          LogEntry& entry = m.entries.emplace_back();
          protozero::pbf_reader one = in.get_message();
          while (one.next()) {
            if (one.tag() == 3) {
              entry.index = one.get_uint64();
            } else {
              one.skip();
            }
          }
          break;
        }
        default:
          in.skip();
      }
    }
    return m;
  }
};

struct CoreSetup {
  ReplicaId id = 1;
  Members members;
  uint64_t seed = 1;
  Position base{1, 1};
  std::vector<LogEntry> log;
  Index applied = 1;
  Index commit = 1;
};

class CoreBench {
 public:
  explicit CoreBench(const CoreSetup& setup) : setup_(setup), core(boot()) {}

  // Hands over and makes durable all that is ready; applies it, members included.
  void take() {
    while (core.status().has_ready != 0) {
      ReadyView ready;
      core.ready(ready);
      for (const MessageView& message : ready.messages) {
        sent.push_back(WireMessage::decode(view(message.bytes)));
      }
      for (const EntryView& entry : ready.committed) {
        if (entry.kind != 0) {
          core.apply_change(entry.kind, view(entry.data), members);
        }
        committed.push_back(entry.index);
        core.applied(entry.index);
      }
      core.persisted(ready.number);
    }
  }

  bool step(WireMessage message) {
    message.to = message.to == 0 ? setup_.id : message.to;
    return core.step(message.from, message.encode());
  }

  // Its own candidacy, and the votes of `from`.
  void win(const std::vector<ReplicaId>& from) {
    core.campaign();
    take();
    for (const ReplicaId voter : from) {
      step(answer(Wire::kPreVoteResponse, voter, core.status().term + 1));
    }
    take();
    for (const ReplicaId voter : from) {
      step(answer(Wire::kVoteResponse, voter, core.status().term));
    }
    take();
  }
  void acknowledge(ReplicaId from, Index index) {
    WireMessage m = answer(Wire::kAppendResponse, from, core.status().term);
    m.index = index;
    step(m);
  }
  int ticks_to_campaign() {
    for (int ticks = 1;; ++ticks) {
      core.tick();
      if (core.status().role != 0 || ticks == 1000) {
        return ticks;
      }
    }
  }
  static WireMessage answer(Wire type, ReplicaId from, Term term) {
    WireMessage m;
    m.type = type;
    m.from = from;
    m.term = term;
    return m;
  }

 private:
  CoreBoot boot() {
    for (const LogEntry& entry : setup_.log) {
      log_.push_back({entry.index, entry.term, entry.kind, slice(entry.data)});
    }
    const Term term = setup_.log.empty() ? setup_.base.term : setup_.log.back().term;
    return {setup_.id,
            setup_.seed,
            term,
            0,
            setup_.commit,
            setup_.base.index,
            setup_.base.term,
            setup_.applied,
            view_of(setup_.members),
            {log_.data(), log_.size()}};
  }

  CoreSetup setup_;
  std::vector<EntryView> log_;

 public:
  Consensus core;
  std::vector<WireMessage> sent;
  std::vector<Index> committed;
  Members members;
};

}  // namespace stoa
