// What two nodes say to each other to bring a snapshot from one replica to another of its group. Unreliable: any of it
// may be lost, doubled or late; see cluster/snapshot_sender.hpp and cluster/snapshot_receiver.hpp for what they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/group.hpp"
#include "base/record.hpp"

namespace stoa {

// Sender to receiver: I have this for you. Said again when nothing was heard; always answered.
struct TransferOffer {
  std::string manifest;   // an encoded SnapshotManifest
  std::string consensus;  // the message to be stepped once the data is staged
};
template <class V>
void fields(V& v, TransferOffer& x) {
  v(1, "manifest", x.manifest);
  v(2, "consensus", x.consensus);
}

struct TransferChunk {
  uint64_t number = 0;
  uint32_t checksum = 0;  // snapshot_chunk_checksum()
  std::string payload;
};
template <class V>
void fields(V& v, TransferChunk& x) {
  v(1, "number", x.number);
  v(2, "checksum", x.checksum);
  v(3, "payload", x.payload);
}

// Receiver to sender: all before `next` is written, all before `upto` may be sent. `again`: begin again at `next`.
struct TransferCredit {
  uint64_t next = 0;
  uint64_t upto = 0;
  bool again = false;
};
template <class V>
void fields(V& v, TransferCredit& x) {
  v(1, "next", x.next);
  v(2, "upto", x.upto);
  v(3, "again", x.again);
}

// Receiver to sender: all of it is staged, checked and synced, and the consensus message was stepped.
struct TransferDone {};
template <class V>
void fields(V&, TransferDone&) {}

// Either to the other: this transfer is over.
struct TransferFailed {
  std::string reason;
};
template <class V>
void fields(V& v, TransferFailed& x) {
  v(1, "reason", x.reason);
}

struct TransferMessage {
  GroupId group;
  ReplicaId from = 0;   // the snapshot's sender, whoever says this
  ReplicaId to = 0;     // its receiver
  uint64_t number = 0;  // of the transfer, by its sender; never used again
  std::variant<TransferOffer, TransferChunk, TransferCredit, TransferDone, TransferFailed> body;
};

std::string encode_transfer(const TransferMessage& message);
// nullopt: no message of this version.
std::optional<TransferMessage> decode_transfer(std::string_view bytes);

}  // namespace stoa
