// The fastest way on this machine to answer a GET: nginx, two workers, one static JSON body.
#pragma once

#include <memory>
#include <string>

#include "bench/checkout/measured.hpp"
#include "bench/checkout/process.hpp"

namespace stoa::bench {

class Nginx {
 public:
  // `body` is what every GET is answered with.
  Nginx(const std::string& directory, const std::string& body);

  Measured measure(int connections, double seconds);

 private:
  uint16_t port_;
  std::unique_ptr<Process> process_;
};

}  // namespace stoa::bench
