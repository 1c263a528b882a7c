#include "app/backend.hpp"

#include <boost/asio/steady_timer.hpp>
#include <caf/all.hpp>

#include "actors/runtime/shard_host.hpp"
#include "actors/service_number.hpp"
#include "base/log.hpp"
#include "cluster/transport/open_transport.hpp"
#include "storage/file_journal.hpp"
#include "storage/flusher_thread.hpp"
#include "storage/free_space.hpp"
#include "storage/journal_thread.hpp"
#include "storage/posix_disk.hpp"
#include "storage/rocks_database.hpp"
#include "storage/work_thread.hpp"

namespace stoa {
namespace {

constexpr int64_t kTickMs = 100;
// Written with zeros at the first start. Some seconds of a full load: what is older must be durable in the state by
// then.
constexpr uint64_t kSegmentBytes = 32 << 20;
constexpr uint64_t kSegments = 8;
// Of the journal, needed: makes the state durable ahead of its age; a round takes a second or two under full load.
constexpr uint64_t kMakeRoomBytes = kSegmentBytes * kSegments / 2;
constexpr int64_t kMakeRoomAgainMs = 4000;

void prepare(caf::actor_system_config& config, const std::vector<Service>& services) {
  config.add_message_types<caf::id_block::stoa_runtime>();
  for (const Service& service : services) service.make_port()->add_types(config);
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", 1u);
  config.set("scheduler.max-throughput", 300u);
}

// A running node stops hard when its disk gets this full; one that starts says so before it touches anything.
Result<void> check_room(const std::string& directory) {
  const Result<uint64_t> room = free_bytes_at(directory);
  if (!room) return room.error();
  const uint64_t needed = SpaceMarks{}.hard_bytes;
  if (*room >= needed) return {};
  return Error{directory + ": its disk has " + std::to_string(*room >> 20) + " MiB left and " +
               std::to_string(needed >> 20) + " MiB are needed: make room, then start again"};
}

}  // namespace

// In the order of what stands on what; destroyed the other way round.
struct Backend::Storage {
  explicit Storage(boost::asio::io_context& context) : ticker(context) {}

  NodeData data;
  std::unique_ptr<PosixDisk> journal_disk;
  std::unique_ptr<FileJournal> journal;
  std::map<uint16_t, std::unique_ptr<Database>> databases;
  std::unique_ptr<PosixDisk> staging;
  std::unique_ptr<FreeSpace> space;
  caf::actor_system_config caf_config;
  std::unique_ptr<caf::actor_system> system;
  std::unique_ptr<JournalWriter> writer;
  std::unique_ptr<StateFlusher> flusher;
  std::unique_ptr<JournalThread> journal_thread;
  std::unique_ptr<FlusherThread> flusher_thread;
  std::unique_ptr<WorkThread> snapshot_thread;
  std::unique_ptr<NodeTransport> transport;
  boost::asio::steady_timer ticker;
};

Backend::Backend(const NodeConfig& node, const Config& config, const std::vector<Service>& services, bool links,
                 Observers observers)
    : directory_(node.data),
      services_(services),
      observers_(std::move(observers)),
      alone_(!links),
      mesh_(loop_, clock_, node.name),
      storage_(std::make_unique<Storage>(loop_.context())) {
  for (const Service& service : services_) {
    const bool catalog = service.number == service_number::catalog;
    counts_[service.number] = catalog ? 1 : config.shards.at(std::string(service.name));
  }
  prepare(storage_->caf_config, services_);
  if (links) prepare_transport(storage_->caf_config, loop_);
}

Backend::~Backend() {
  if (closer_.joinable()) closer_.join();
  // Threads first: what they still post finds a loop that runs no more.
  storage_->flusher_thread.reset();
  storage_->journal_thread.reset();
  storage_->snapshot_thread.reset();
  host_.reset();
}

Result<std::unique_ptr<Backend>> Backend::open(const Config& config, const NodeConfig& node, NodeData data,
                                               const std::vector<Service>& services, bool links, Observers observers) {
  std::unique_ptr<Backend> backend(new Backend(node, config, services, links, std::move(observers)));
  if (auto opened = backend->open_storage(std::move(data)); !opened) return opened.error();
  return backend;
}

Result<void> Backend::open_storage(NodeData data) {
  Storage& s = *storage_;
  s.data = std::move(data);
  if (auto room = check_room(directory_); !room) return room;
  // Making a journal writes all of it once: on a busy disk this may take a minute, and nobody should wonder.
  log_info("opening the data", {{"data", directory_}});
  replicas_ = s.data.identity.replicas;
  auto disk = PosixDisk::open_directory(directory_ + "/journal");
  if (!disk) return disk.error();
  s.journal_disk = std::move(*disk);
  JournalOptions options;
  options.segment_bytes = kSegmentBytes;
  options.segments = kSegments;
  auto journal = FileJournal::open(*s.journal_disk, options);
  if (!journal) return journal.error();
  s.journal = std::move(*journal);
  for (const Service& service : services_) {
    const std::string path = directory_ + "/" + std::string(service.name);
    auto database = open_rocks_database(path);
    if (!database) return Error{path + ": " + database.error().what + ". If it is damaged, restore a backup"};
    s.databases[service.number] = std::move(*database);
  }
  auto staging = PosixDisk::open_directory(directory_ + "/staging");
  if (!staging) return staging.error();
  s.staging = std::move(*staging);
  s.space = std::make_unique<FreeSpace>([directory = directory_] { return free_bytes_at(directory); });
  return {};
}

Result<void> Backend::boot(Hooks hooks) {
  Storage& s = *storage_;
  hooks_ = std::move(hooks);
  s.system = std::make_unique<caf::actor_system>(s.caf_config);
  s.writer = std::make_unique<JournalWriter>(*s.journal, clock_, observers_.on_turn);
  s.flusher = std::make_unique<StateFlusher>(clock_, FlusherOptions{}, observers_.on_flush);
  HostParts parts{
      *s.system, loop_, *s.journal, *s.writer, *s.flusher,      clock_,        random_,       probes_,
      services_, {},    counts_,    replicas_, hooks_.adapters, random_.u64(), s.space.get(), hooks_.on_applying,
      &mesh_};
  parts.on_open = hooks_.on_open;
  parts.early = alone_;
  for (auto& [number, database] : s.databases) parts.databases[number] = database.get();
  s.snapshot_thread = std::make_unique<WorkThread>("snapshots");
  parts.staging = s.staging.get();
  parts.worker = s.snapshot_thread.get();
  auto host = ShardHost::start(std::move(parts));
  if (!host) return host.error();
  host_ = std::move(*host);
  s.journal_thread = std::make_unique<JournalThread>(*s.writer);
  s.flusher_thread = std::make_unique<FlusherThread>(*s.flusher, s.space.get());
  tick();
  return {};
}

void Backend::tick() {
  storage_->ticker.expires_after(std::chrono::milliseconds(kTickMs));
  storage_->ticker.async_wait([this](boost::system::error_code stopped) {
    if (stopped) return;
    host_->tick();
    make_journal_room();
    hooks_.on_tick();
    tick();
  });
}

// Before the journal runs out of segments, and would have to make one or to copy: what fills it becomes durable state.
// Not again before that has come through, since it would only make more and smaller tables.
void Backend::make_journal_room() {
  const Time now = clock_.now();
  const uint64_t needed = storage_->journal->needed_bytes();
  const bool under_way = needed > room_wanted_at_bytes_ / 2 && now < make_room_again_at_;
  if (needed < kMakeRoomBytes || under_way) return;
  room_wanted_at_bytes_ = needed;
  make_room_again_at_ = after(now, kMakeRoomAgainMs);
  for (const auto& hosted : host_->shards()) hosted->state->hand_over(true);
}

Result<void> Backend::link(TransportOptions options) {
  Storage& s = *storage_;
  auto transport = open_transport(*s.system, loop_, std::move(options), mesh_, clock_, random_, probes_);
  if (!transport) return transport.error();
  s.transport = std::move(*transport);
  mesh_.attach(s.transport.get());
  return {};
}

Transport* Backend::transport() { return storage_->transport.get(); }
NodeData& Backend::data() { return storage_->data; }
Router& Backend::router() { return host_->router(); }
void Backend::run() { loop_.run(); }

bool Backend::storage_low() const { return storage_->space->low(); }

void Backend::close() {
  storage_->ticker.cancel();
  mesh_.attach(nullptr);
  if (storage_->transport) storage_->transport->close();
  host_->stop();
  // On a thread of its own: it waits for actors and disks, which the loop must serve meanwhile.
  closer_ = std::thread([this] {
    storage_->system->await_all_actors_done();
    storage_->journal_thread.reset();
    storage_->flusher_thread.reset();  // all state is durable now
    loop_.stop();
  });
}

}  // namespace stoa
