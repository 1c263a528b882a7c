// The product service's shards as typed actors. They decide nothing: each message goes into the shard's batch.
#pragma once

#include <memory>

namespace stoa {

class ServicePort;

namespace product {

std::unique_ptr<ServicePort> make_port();

}  // namespace product
}  // namespace stoa
