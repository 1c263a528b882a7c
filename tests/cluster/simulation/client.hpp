// A client of the simulated group: one request at a time, repeated under its number until it is answered.
#pragma once

#include <cstdint>

#include "tests/cluster/simulation/node.hpp"

namespace stoa::simulation {

class Client {
 public:
  Client(World& world, uint64_t id) : world_(world), id_(id) {}

  void start() { think(); }
  void stop() { stopped_ = true; }
  // Ends with this one more write.
  void write_once_more();
  bool idle() const { return idle_; }
  uint64_t answered() const { return answered_; }

 private:
  void think();
  void begin(bool read);
  void attempt();
  void answered(uint64_t attempt, Node::Answer answer);

  World& world_;
  const uint64_t id_;
  bool stopped_ = false;
  bool idle_ = true;
  bool read_ = false;
  Command command_;
  Index floor_ = 0;
  uint64_t attempt_ = 0;  // answers to earlier ones come too late
  uint64_t answered_ = 0;
};

}  // namespace stoa::simulation
