#include "app/demo_shop.hpp"

#include "app/demo_mark.hpp"
#include "base/log.hpp"

namespace stoa {

DemoShop::DemoShop(NodeServer& server, std::string directory, DemoSeedOptions wanted, DemoSeed::Progress progress)
    : directory_(std::move(directory)),
      wanted_(wanted),
      seed_(
          wanted, server.backend().router(), server.backend().clock(), server.backend().random(),
          [&server](const std::string& password, std::function<void(std::string)> done) {
            server.effects().hash_password(password, std::move(done));
          },
          std::move(progress)) {}

void DemoShop::open(std::function<void(const std::string& fault)> done) {
  if (read_demo_mark(directory_).covers(wanted_)) return done({});
  seed_.start([this, done = std::move(done)](const std::string& fault) {
    if (fault.empty()) {
      const DemoMark mark{true, wanted_.products, wanted_.users};
      if (auto written = write_demo_mark(directory_, mark); !written)
        log_warn("what was seeded cannot be noted", {{"error", written.error().what}});
    }
    done(fault);
  });
}

}  // namespace stoa
