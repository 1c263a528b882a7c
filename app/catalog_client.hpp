// A node's side of the catalog: watches it, goes by its settings, shares its keys, and offers operators what they ask
// of it. Everything after open() happens on the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/user/key_ring.hpp"
#include "app/catalog_call.hpp"
#include "app/catalog_watch.hpp"
#include "app/key_keeper.hpp"
#include "app/live_settings.hpp"
#include "app/worker_pool.hpp"
#include "base/executor.hpp"
#include "cluster/config.hpp"
#include "gateway/admin_listener.hpp"
#include "gateway/gateway.hpp"

namespace stoa {

class CatalogClient {
 public:
  // All outlive it.
  struct Parts {
    const Config& config;
    const NodeConfig& node;
    Disk& data;
    Router& router;
    const Clock& clock;
    Random& random;
    user::KeyRing& ring;
    std::function<Directory()> plan;  // what the cluster was formed by, which the catalog is told if it knows of none
    std::function<void(const Directory&)> on_directory;  // may be empty
    // Carries out, off the loop and in order, what waits for the disk. It ends before the client; none: a thread of its
    // own does.
    Executor* disk = nullptr;
  };

  // Reads the master key, the last view of the catalog, and the files of a node from before it; blocks.
  static Result<std::unique_ptr<CatalogClient>> open(Parts parts);
  ~CatalogClient();

  // From now on the gateway has the settings' limits and the cluster's keys. It outlives this, or detach() is called.
  void attach(Gateway& gateway);
  void detach() { gateway_ = nullptr; }

  // Ten times a second.
  void tick();
  // Runs it once the keys are known, at once perhaps.
  void when_ready(std::function<void()> run);

  // The leader of a group says that its members are those that the directory wants. Lost: it will say so again.
  void settle(const DirectoryGroup& group);

  // A member was met with a new data directory.
  void admit(AdmitNode command, CatalogCaller::OnAnswer on_answer) {
    caller_.command(UserRole::kService, std::move(command), std::move(on_answer));
  }

  bool ready() const { return keeper_->known(); }
  Readiness readiness() const;
  // Of /v1/config and of /v1/cluster beside the document itself.
  std::vector<AdminRoute> admin_routes();

 private:
  explicit CatalogClient(Parts parts);
  Result<void> open_parts();
  void form();
  void apply_settings();
  void apply_keys(const Secret& gateway_secret);
  void forget_former_files();
  void aside(std::function<void()> work);

  const Parts parts_;
  CatalogCaller caller_;
  LiveSettings settings_;
  std::unique_ptr<KeyKeeper> keeper_;
  std::unique_ptr<CatalogWatch> watch_;
  bool forming_ = false;
  Secret gateway_secret_;
  Gateway* gateway_ = nullptr;
  std::vector<std::function<void()>> waiting_;
  std::optional<WorkerPool> disk_;  // none: parts_.disk; last: it ends first
};

}  // namespace stoa
