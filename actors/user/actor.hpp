// The user service's shards as typed actors. They decide nothing: each message goes into the shard's batch.
#pragma once

#include <memory>

namespace stoa {

class ServicePort;

namespace user {

std::unique_ptr<ServicePort> make_port();

}  // namespace user
}  // namespace stoa
