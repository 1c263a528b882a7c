// CAF's broker of remote messages, without what it would hold for ever on behalf of others: for each node that it ever
// met an actor that asks there for a service we do not use, and all that is written to a connection between its end and
// the moment when the broker hears of that.
#pragma once

#include <caf/io/basp_broker.hpp>

namespace stoa {

class NodeBroker final : public caf::io::basp_broker {
 public:
  using caf::io::basp_broker::basp_broker;

  void learned_new_node_directly(const caf::node_id&, bool) override {}
  void learned_new_node_indirectly(const caf::node_id&) override {}
  buffer_type& get_buffer(caf::io::connection_handle connection) override;

 private:
  buffer_type nowhere_;
};

}  // namespace stoa
