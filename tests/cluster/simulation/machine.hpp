// The toy state that the simulated groups replicate: a few registers, with each client's last request kept, so that a
// repeat changes nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>

#include "storage/journal.hpp"
#include "tests/cluster/simulation/schedule.hpp"

namespace stoa::simulation {

struct Command {
  uint64_t client = 0;
  uint64_t request = 0;
  uint64_t key = 0;

  std::string encode() const { return std::string(reinterpret_cast<const char*>(this), sizeof *this); }
  static Command decode(const std::string& bytes) {
    Command out;
    std::memcpy(&out, bytes.data(), sizeof out);
    return out;
  }
};

struct Machine {
  struct Last {
    uint64_t request = 0;
    Index index = 0;  // where it took effect
  };
  std::map<uint64_t, Last> clients;
  std::map<uint64_t, Index> registers;  // the last write of each
  uint64_t history = 0;                 // of all entries, folded

  // The index at which the command took effect: this one, or an earlier one for a repeat.
  Index apply(const LogEntry& entry) {
    history = (history ^ hash_of(entry.data) ^ entry.index * 31 ^ entry.term) * 0x9e3779b97f4a7c15u;
    if (entry.kind != 0 || entry.data.empty()) {
      return 0;
    }
    const Command command = Command::decode(entry.data);
    Last& last = clients[command.client];
    if (command.request > last.request) {
      last = {command.request, entry.index};
      registers[command.key] = entry.index;
    }
    return last.index;
  }
};

}  // namespace stoa::simulation
