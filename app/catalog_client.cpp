#include "app/catalog_client.hpp"

#include <algorithm>

#include "actors/user/key_file.hpp"
#include "app/admin_cluster.hpp"
#include "app/admin_config.hpp"
#include "app/master_key_file.hpp"
#include "base/log.hpp"
#include "gateway/secret_file.hpp"

namespace stoa {
namespace {

constexpr const char* kFormerKey = "signing.key";
constexpr const char* kFormerSecret = "gateway.secret";
// Views to be written; there is a new one a few times a minute at most.
constexpr size_t kMaxWaitingForDisk = 64;

Result<bool> has_file(Disk& data, const char* name) {
  const auto names = data.list();
  if (!names) return names.error();
  return std::find(names->begin(), names->end(), name) != names->end();
}

// The files of a node from before the catalog held keys.
Result<FormerKeys> read_former(const std::string& directory, Disk& data, Random& random) {
  FormerKeys former;
  auto seed = user::read_key_file(directory + "/" + kFormerKey);
  if (!seed) return seed.error();
  if (*seed) former.seed = std::move(**seed);
  const auto there = has_file(data, kFormerSecret);
  if (!there) return there.error();
  if (!*there) return former;
  auto secret = load_secret_file(directory + "/" + kFormerSecret, random);
  if (!secret) return secret.error();
  former.gateway_secret = Secret(std::move(*secret));
  return former;
}

}  // namespace

CatalogClient::CatalogClient(Parts parts)
    : parts_(std::move(parts)), caller_(parts_.router, parts_.clock, parts_.random), settings_(parts_.config) {
  if (parts_.disk == nullptr) disk_.emplace(1, kMaxWaitingForDisk);
}

CatalogClient::~CatalogClient() = default;

Result<std::unique_ptr<CatalogClient>> CatalogClient::open(Parts parts) {
  std::unique_ptr<CatalogClient> client(new CatalogClient(std::move(parts)));
  if (auto opened = client->open_parts(); !opened) return opened.error();
  return client;
}

Result<void> CatalogClient::open_parts() {
  auto master = load_master_key(parts_.config.master_key_file, parts_.data);
  if (!master) return master.error();
  auto former = read_former(parts_.node.data, parts_.data, parts_.random);
  if (!former) return former.error();
  keeper_ = std::make_unique<KeyKeeper>(std::move(*master), std::move(*former), parts_.node.name, parts_.ring, caller_,
                                        [this](const Secret& secret) { apply_keys(secret); });
  CatalogWatch::Listeners listeners;
  listeners.on_directory = [this](const Directory& d) {
    if (parts_.on_directory) parts_.on_directory(d);
  };
  listeners.on_settings = [this](const SettingsView& view) {
    settings_.learn(view);
    log_info("the settings have a new version", {{"version", view.version}});
    apply_settings();
  };
  listeners.on_keys = [this](const KeysView& view) { keeper_->learn(view); };
  watch_ = std::make_unique<CatalogWatch>(
      caller_, parts_.data, [this](std::function<void()> work) { aside(std::move(work)); }, std::move(listeners));
  return watch_->restore();
}

void CatalogClient::attach(Gateway& gateway) {
  gateway_ = &gateway;
  apply_settings();
  if (ready()) gateway_->set_keys(std::string(gateway_secret_.reveal()), parts_.ring.jwks());
}

void CatalogClient::apply_settings() {
  set_log_level(settings_.log_level());
  if (gateway_ != nullptr) gateway_->set_limits(settings_.gateway_limits());
}

void CatalogClient::apply_keys(const Secret& gateway_secret) {
  gateway_secret_ = gateway_secret;
  if (gateway_ != nullptr) gateway_->set_keys(std::string(gateway_secret.reveal()), parts_.ring.jwks());
  if (keeper_->took_over()) forget_former_files();
}

// What was in them is durable in the catalog, sealed.
void CatalogClient::forget_former_files() {
  aside([this] {
    for (const char* name : {kFormerKey, kFormerSecret}) {
      const auto there = has_file(parts_.data, name);
      if (!there || !*there) continue;
      const auto removed = parts_.data.remove(name);
      if (!removed) log_warn("a key file that is needed no longer was not removed", {{"why", removed.error().what}});
    }
  });
}

void CatalogClient::aside(std::function<void()> work) {
  if (!disk_) return parts_.disk->post(std::move(work));
  STOA_CHECK(disk_->submit(std::move(work)), "the disk keeps up with the catalog");
}

void CatalogClient::settle(const DirectoryGroup& group) {
  SettleGroup command;
  command.service = group.service;
  command.shard = group.shard;
  command.epoch = group.epoch;
  for (const DirectoryReplica& replica : group.replicas) command.members.push_back(replica.id);
  caller_.command(UserRole::kService, std::move(command), [](const Answer&) {});
}

void CatalogClient::form() {
  if (forming_ || watch_->view().directory) return;
  Directory plan = parts_.plan();
  if (!plan.formed()) return;
  forming_ = true;
  caller_.command(UserRole::kService, FormCluster{std::move(plan)}, [this](const Answer& answer) {
    forming_ = false;
    if (answer.refused()) log_warn("the catalog was not told of the cluster", {{"why", answer.detail}});
  });
}

void CatalogClient::tick() {
  watch_->tick();
  if (watch_->heard()) {
    form();
    keeper_->tick(settings_.rotate_after_hours());
  }
  if (!ready() || waiting_.empty()) return;
  for (const auto& run : std::exchange(waiting_, {})) run();
}

void CatalogClient::when_ready(std::function<void()> run) {
  if (ready()) return run();
  waiting_.push_back(std::move(run));
}

Readiness CatalogClient::readiness() const {
  const std::string& fault = keeper_->fault();
  if (!fault.empty()) return {"keys", false, fault};
  if (!ready()) return {"keys", false, "the catalog was not heard yet"};
  return {"keys", true, parts_.ring.key_id(parts_.clock.now())};
}

std::vector<AdminRoute> CatalogClient::admin_routes() {
  std::vector<AdminRoute> routes = config_routes(caller_, settings_, parts_.node.name);
  for (AdminRoute& route : cluster_routes(caller_, *keeper_, parts_.node.name)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace stoa
