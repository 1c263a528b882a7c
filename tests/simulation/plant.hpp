// A fault of the implementation that a run must find, put in through a seam. kNone is the true one.
#pragma once

#include <memory>
#include <vector>

#include "actors/runtime/router.hpp"
#include "actors/runtime/service.hpp"
#include "storage/database.hpp"
#include "storage/journal.hpp"

namespace stoa::whole {

enum class Plant {
  kNone,
  kSellsHeldStock,        // I1: a reservation that is committed leaves the pieces on hand
  kCapturesTwice,         // I2: a capture is counted twice
  kForgetsCompensation,   // I3: an order that is given up tells nobody
  kForgetsSyncedWrites,   // I4: the journal says stored before it is
  kForgetsKeys,           // I5: a gateway hands its calls on without their keys
  kTellsAFactTwice,       // I6: the order's stream has an entry twice
  kDamagesOneReplica,     // I7: one node's database gives back what it was not given
  kForgetsSessions,       // I4: a session that was refreshed is forgotten
  kReadsWithoutTheShard,  // reading: a gateway answers from what it saw before
};

// Services with the fault in one of their rules.
std::vector<Service> planted_services(Plant plant);

// The router that a gateway is given; nullptr: the true one.
std::unique_ptr<Router> planted_router(Plant plant, Router& real);

}  // namespace stoa::whole
