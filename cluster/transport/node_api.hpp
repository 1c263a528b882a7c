// What the node actors of a cluster say to each other: the typed interface, one message a line.
#pragma once

#include <caf/all.hpp>
#include <cstdint>
#include <string>

namespace stoa {

// The first word of the node that dialed.
struct Greeting {
  std::string hello;  // an encoded Hello
  std::string to;     // the node that the sender believes to have reached
  uint64_t link = 0;  // chosen by the sender for what follows; what carries another is of an earlier connection
};

// The answer: a Hello, or why not.
struct Welcome {
  std::string hello;    // an encoded Hello, also with a refusal
  std::string refusal;  // empty: welcome
};

// Sent five times a second by both. Stamps mean something to their sender alone.
struct Heartbeat {
  uint64_t link = 0;
  int64_t wall_ms = 0;   // the sender's clock
  int64_t stamp_ns = 0;  // to be sent back
  int64_t echo_ns = 0;   // the last stamp that came from the receiver; 0: none
  int64_t held_ns = 0;   // how long ago that one came
};

struct Parcel {
  uint64_t link = 0;
  uint64_t number = 0;  // 1, 2, 3… on each link and in each direction
  std::string bytes;
};

// Everything of the link up to a parcel is handed over.
struct Acknowledgement {
  uint64_t link = 0;
  uint64_t number = 0;
};

// Sent by the actor to itself.
struct NodeTick {
  bool again = true;  // and another one after an interval
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Greeting& x) {
  return f(caf::meta::type_name("Greeting"), x.hello, x.to, x.link);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Welcome& x) {
  return f(caf::meta::type_name("Welcome"), x.hello, x.refusal);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Heartbeat& x) {
  return f(caf::meta::type_name("Heartbeat"), x.link, x.wall_ms, x.stamp_ns, x.echo_ns, x.held_ns);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Parcel& x) {
  return f(caf::meta::type_name("Parcel"), x.link, x.number, x.bytes);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Acknowledgement& x) {
  return f(caf::meta::type_name("Acknowledgement"), x.link, x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, NodeTick& x) {
  return f(caf::meta::type_name("NodeTick"), x.again);
}

using NodeApi = caf::typed_actor<caf::replies_to<Greeting>::with<Welcome>, caf::reacts_to<Heartbeat>,
                                 caf::reacts_to<Parcel>, caf::reacts_to<Acknowledgement>, caf::reacts_to<NodeTick>>;

}  // namespace stoa

// Type ids of their own range: the last ten of the runtime's hundred (actors/runtime/api.hpp).
CAF_BEGIN_TYPE_ID_BLOCK(stoa_transport, caf::first_custom_type_id + 90)
CAF_ADD_TYPE_ID(stoa_transport, (stoa::Greeting))
CAF_ADD_TYPE_ID(stoa_transport, (stoa::Welcome))
CAF_ADD_TYPE_ID(stoa_transport, (stoa::Heartbeat))
CAF_ADD_TYPE_ID(stoa_transport, (stoa::Parcel))
CAF_ADD_TYPE_ID(stoa_transport, (stoa::Acknowledgement))
CAF_ADD_TYPE_ID(stoa_transport, (stoa::NodeTick))
CAF_END_TYPE_ID_BLOCK(stoa_transport)
