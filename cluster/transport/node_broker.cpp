#include "cluster/transport/node_broker.hpp"

namespace stoa {

caf::io::basp::instance::callee::buffer_type& NodeBroker::get_buffer(caf::io::connection_handle connection) {
  if (valid(connection)) return basp_broker::get_buffer(connection);
  buffer_type().swap(nowhere_);
  return nowhere_;
}

}  // namespace stoa
