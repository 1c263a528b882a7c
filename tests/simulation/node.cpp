#include "tests/simulation/node.hpp"

#include <caf/all.hpp>
#include <charconv>

#include "actors/service_number.hpp"
#include "actors/services.hpp"
#include "actors/user/credentials_types.hpp"
#include "actors/user/refresh_token.hpp"
#include "cluster/data_identity.hpp"
#include "tests/simulation/damaged_database.hpp"

namespace stoa::whole {
namespace {

// One for all nodes of all runs: every actor of a node is pinned to the node's loop, and without threads of its own the
// system may be forked.
caf::actor_system& actor_system(const std::vector<Service>& services) {
  static caf::actor_system_config* const config = [&] {
    auto* made = new caf::actor_system_config();
    made->add_message_types<caf::id_block::stoa_runtime>();
    for (const Service& service : services) service.make_port()->add_types(*made);
    made->set("scheduler.policy", caf::atom("testing"));
    return made;
  }();
  static auto* const system = new caf::actor_system(*config);
  return *system;
}

// Tokens say who their bearer is: "customer-3".
class NamedBearers final : public Authenticator {
 public:
  std::variant<Verified, AuthFault> verify(std::string_view bearer, Time now) override {
    const size_t dash = bearer.find('-');
    const auto role = value_named<UserRole>(bearer.substr(0, dash));
    uint64_t number = 0;
    if (dash != bearer.npos) std::from_chars(bearer.data() + dash + 1, bearer.data() + bearer.size(), number);
    if (!role || number == 0) return AuthFault::kMalformed;
    const Uuid user{uint64_t{kBeginMs} << 16 | 0x7000 | number, static_cast<uint64_t>(*role)};
    return Verified{Caller{UserId{user}, *role}, after(now, 3'600'000), Uuid{}};
  }
  bool revoked(const Verified&) override { return false; }
  void revoke(const Verified&) override {}
};

// As user::Credentials, without the work of hashing a password; access tokens are not signed.
std::string credentials_of(const std::string& request, Random& random) {
  const auto r = decode_stored<CredentialsRequest>(request);
  CredentialsResult result;
  result.user_id = r.user_id;
  result.role = r.role;
  result.password_hash = "hash of " + r.password;
  result.verified = r.stored_hash == result.password_hash;
  const bool refreshes = r.kind == CredentialsRequest::Kind::kRefresh;
  result.session_id = refreshes ? r.session_id : mint_uuid(r.now, 0, random);
  if (refreshes) result.presented_hash = user::hash_of_secret(r.secret);
  if (!refreshes && !result.verified) return encode(result);
  const user::RefreshToken token{r.user_id, result.session_id, user::new_refresh_secret()};
  result.access_token = "a token";
  result.refresh_token = token.text();
  result.refresh_hash = user::hash_of_secret(token.secret);
  return encode(result);
}

}  // namespace

Node::Node(NodeWorld world, Machine& machine, uint64_t seed)
    : world_(world),
      machine_(machine),
      config_(*world.config.node(machine.name)),
      clock_(machine.clock),
      random_(seed),
      services_(planted_services(world.plant)),
      space_([&machine] { return Result<uint64_t>(machine.free_bytes); }),
      mesh_(loop_, clock_, machine.name),
      writer_(machine.late, clock_),
      flusher_(clock_),
      sandbox_([this](int64_t ms, std::function<void()> work) { later(ms, std::move(work)); }),
      watch_(machine.name, clock_, world.history, world.findings) {
  open_data();
  boot(random_.u64());
  join();
  open_gateway();
}

Node::~Node() {
  mesh_.attach(nullptr);
  end_.reset();
  failed_ = true;
  catalog_->detach();
  host_->stop();
  while (loop_.poll()) continue;
  worker_.drop();
  planted_.reset();
}

void Node::open_data() {
  data_.disk = std::make_unique<LentDisk>(machine_.data);
  data_.identity = read_identity(*data_.disk).value().value_or(DataIdentity{});
  if (complete_identity(data_.identity, world_.config, config_.name, {}, random_)) {
    STOA_CHECK(write_identity(*data_.disk, data_.identity).ok(), "the disk works");
  }
}

void Node::boot(uint64_t seed) {
  for (const Service& service : services_) {
    const bool catalog = service.number == service_number::catalog;
    counts_[service.number] = catalog ? 1 : world_.config.shards.at(std::string(service.name));
  }
  read_table_ = std::make_unique<ReadTable>(services_, counts_);
  HostParts parts{actor_system(services_),
                  loop_,
                  machine_.late,
                  writer_,
                  flusher_,
                  clock_,
                  random_,
                  probes_,
                  services_,
                  {},
                  counts_,
                  {},
                  {},
                  seed};
  for (const Service& service : services_) {
    Database* database = &machine_.databases[service.number];
    if (world_.plant == Plant::kDamagesOneReplica && machine_.number == 1 && service.number == service_number::order) {
      database = damaged_.emplace_back(std::make_unique<DamagedDatabase>(*database)).get();
    }
    parts.databases[service.number] = database;
  }
  parts.replicas = data_.identity.replicas;
  parts.adapters = adapters();
  parts.space = &space_;
  parts.mesh = &mesh_;
  parts.staging = &machine_.staging;
  parts.worker = &worker_;
  parts.kept_for_others = world_.kept_for_others;
  parts.on_applying = [this](GroupId group, const WriteSet& writes) {
    read_table_->applying(group, writes);
    watch_.applying(group, writes);
  };
  parts.on_open = [this](HostedShard& hosted) {
    watch_.opened(hosted);
    read_table_->serve(*hosted.shard);
  };
  auto host = ShardHost::start(std::move(parts));
  STOA_CHECK(host.ok(), "the disks of a machine that was started work");
  host_ = std::move(*host);
}

void Node::join() {
  agent_ = std::make_unique<ClusterAgent>(world_.config, config_, services_, *this);
  status_ = std::make_unique<ClusterStatus>(services_, *host_, mesh_, clock_, [this] { return space_.low(); });
  shepherd_ = std::make_unique<Shepherd>(*host_, mesh_, *status_, clock_,
                                         [this](const DirectoryGroup& group) { catalog_->settle(group); });
  agent_->ask_catalog_by([this](AdmitNode command, CatalogCaller::OnAnswer on_answer) {
    catalog_->admit(std::move(command), std::move(on_answer));
  });
  STOA_CHECK(agent_->start().ok(), "the disk works");
  CatalogClient::Parts parts{world_.config,
                             config_,
                             *data_.disk,
                             host_->router(),
                             clock_,
                             random_,
                             keys_,
                             [this] { return agent_->plan(); },
                             [this](const Directory& directory) { agent_->learn(directory); },
                             &worker_};
  auto catalog = CatalogClient::open(std::move(parts));
  STOA_CHECK(catalog.ok(), "the disk works");
  catalog_ = std::move(*catalog);
  Hello hello;
  hello.cluster = world_.config.cluster;
  hello.node = config_.name;
  hello.incarnation = std::to_string(random_.u64());
  end_ = world_.network.open(std::move(hello), *this, [this] { return agent_->facts(); });
  mesh_.attach(end_.get());
  agent_->connect();
}

void Node::open_gateway() {
  authenticator_ = std::make_unique<NamedBearers>();
  planted_ = planted_router(world_.plant, host_->router());
  Router& router = planted_ ? *planted_ : host_->router();
  gateway_ = std::make_unique<Gateway>(
      loop_.context(), GatewayOptions{},
      GatewayParts{router, services_, clock_, random_, *authenticator_, metrics_, nullptr, read_table_.get()});
  catalog_->attach(*gateway_);
}

std::map<std::string, EffectAdapter> Node::adapters() {
  return {{std::string(kCredentialsAdapter),
           [this](const std::string&, const std::string& request, std::function<void(std::string)> done) {
             loop_.post([done = std::move(done), result = credentials_of(request, random_)] { done(result); });
           }},
          {kPaymentProvider,
           [this](const std::string& key, const std::string& request, std::function<void(std::string)> done) {
             if (!failed_) world_.provider.perform(key, request);
             sandbox_.perform(key, request, std::move(done));
           }}};
}

void Node::later(int64_t ms, std::function<void()> work) {
  if (ms == 0) return loop_.post(std::move(work));
  delayed_.emplace(world_.schedule.now_ms() + ms, std::move(work));
}

void Node::peer_up(const std::string& node, const Hello& hello) {
  loop_.post([this, node, hello] { mesh_.peer_up(node, hello); });
}
void Node::peer_down(const std::string& node) {
  loop_.post([this, node] { mesh_.peer_down(node); });
}
void Node::received(const std::string& node, std::string parcel) {
  loop_.post([this, node, parcel = std::move(parcel)]() mutable { mesh_.received(node, std::move(parcel)); });
}

bool Node::run() {
  bool any = false;
  while (loop_.poll()) any = true;
  watch_.look(*host_, [this](GroupId group, Index applied, uint64_t records) {
    world_.schedule.note(machine_.number << 32 | group.value(), applied, records);
  });
  return any;
}

void Node::tick() {
  while (!delayed_.empty() && delayed_.begin()->first <= world_.schedule.now_ms()) {
    loop_.post(std::move(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
  }
  loop_.post([this] {
    host_->tick();
    agent_->tick();
    status_->tick(stopping_);
    if (!stopping_) shepherd_->tick(agent_->directory());
    catalog_->tick();
  });
}

void Node::store() { failed_ = failed_ || !writer_.step().ok(); }

void Node::flush() {
  if (machine_.free_bytes < SpaceMarks{}.hard_bytes) failed_ = true;
  if (failed_) return;
  space_.refresh();
  failed_ = !flusher_.step().ok();
}

void Node::work() { worker_.run(); }

void Node::hand_state_over(bool durable) {
  for (const auto& hosted : host_->shards()) {
    if (!hosted->state->installing()) hosted->state->hand_over(durable);
  }
}

void Node::flush_to_the_end() {
  host_->stop();
  while (loop_.poll()) continue;
  (void)writer_.step();
  (void)flusher_.finish();
}

}  // namespace stoa::whole
