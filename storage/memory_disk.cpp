#include "storage/memory_disk.hpp"

#include <algorithm>

namespace stoa {
namespace {

Error failure(DiskFault fault) {
  if (fault == DiskFault::kPowerCut) return Error{"memory disk: the power was cut"};
  return Error{fault == DiskFault::kError ? "memory disk: input/output error" : "memory disk: no space left"};
}

}  // namespace

class MemoryDisk::OpenFile final : public File {
 public:
  OpenFile(MemoryDisk& disk, Content* content) : disk_(disk), content_(content) {}

  uint64_t size() const override { return content_->seen.size(); }

  Result<void> write(uint64_t offset, std::string_view data) override {
    STOA_CHECK(offset + data.size() <= size(), "a file is written inside its size");
    const auto fault = disk_.next_operation();
    if (fault == DiskFault::kError) return failure(*fault);
    // A cut write is seen whole by nobody but crash(), which keeps any sectors of it.
    if (fault == DiskFault::kShortWrite) data = data.substr(0, data.size() / 2);
    if (!fault || !disk_.dark_ || disk_.operations_ == disk_.fault_->first + 1) put(offset, data);
    if (fault) return failure(*fault);
    return {};
  }

  Result<std::string> read(uint64_t offset, size_t bytes) const override {
    if (offset + bytes > size()) return Error{"memory disk: the file ends before"};
    const std::lock_guard<std::mutex> lock(disk_.bytes_);
    return content_->seen.substr(offset, bytes);
  }

  Result<void> sync() override {
    const auto fault = disk_.next_operation();
    // As Linux does: after a failed sync the pages count as clean, although the disk never took them.
    if (fault && fault != DiskFault::kPowerCut) content_->dirty.clear();
    if (fault) return failure(*fault);
    for (const size_t sector : content_->dirty) {
      const size_t at = sector * kSector;
      content_->durable.replace(at, kSector, content_->seen, at, kSector);
    }
    content_->dirty.clear();
    return {};
  }

 private:
  void put(uint64_t offset, std::string_view data) {
    if (data.empty()) return;
    const std::lock_guard<std::mutex> lock(disk_.bytes_);
    content_->seen.replace(offset, data.size(), data);
    for (size_t s = offset / kSector; s <= (offset + data.size() - 1) / kSector; ++s) content_->dirty.insert(s);
  }

  MemoryDisk& disk_;
  Content* const content_;
};

std::optional<DiskFault> MemoryDisk::next_operation() {
  const uint64_t number = operations_++;
  if (dark_) return DiskFault::kPowerCut;
  if (!fault_ || fault_->first != number) return std::nullopt;
  dark_ = fault_->second == DiskFault::kPowerCut;
  return fault_->second;
}

void MemoryDisk::fail_at(uint64_t operation, DiskFault fault) { fault_ = {operation, fault}; }

Result<std::vector<std::string>> MemoryDisk::list() const {
  std::vector<std::string> out;
  for (const auto& [name, content] : names_) out.push_back(name);
  return out;
}

Result<std::unique_ptr<File>> MemoryDisk::open(const std::string& name) {
  const auto found = names_.find(name);
  if (found == names_.end()) return Error{"memory disk: there is no " + name};
  return std::unique_ptr<File>(new OpenFile(*this, found->second));
}

Result<std::unique_ptr<File>> MemoryDisk::create(const std::string& name, uint64_t size) {
  if (const auto fault = next_operation()) return failure(*fault);
  Content* content = &contents_.emplace_back();
  names_[name] = content;
  content->seen.assign(size / 2, '\0');  // half filled, if it fails below
  content->durable = content->seen;
  if (const auto fault = next_operation()) return failure(*fault);
  content->seen.assign(size, '\0');
  content->durable = content->seen;
  return std::unique_ptr<File>(new OpenFile(*this, content));
}

Result<void> MemoryDisk::change_names() {
  if (const auto fault = next_operation()) return failure(*fault);
  return {};
}

Result<void> MemoryDisk::rename(const std::string& from, const std::string& to) {
  auto changed = change_names();
  if (changed) {
    names_[to] = names_.at(from);
    names_.erase(from);
  }
  return changed;
}

Result<void> MemoryDisk::remove(const std::string& name) {
  auto changed = change_names();
  if (changed) names_.erase(name);
  return changed;
}

Result<void> MemoryDisk::sync_names() {
  auto changed = change_names();
  if (changed) durable_names_ = names_;
  return changed;
}

void MemoryDisk::crash(Random& random) {
  // Changes of names since the last sync of them: all or none, as a journalling file system does.
  if (random.below(2) == 0) durable_names_ = names_;
  names_ = durable_names_;
  const uint64_t taste = random.below(4);  // nothing of the unsynced, all of it, or any sectors
  for (auto& [name, content] : names_) {
    for (const size_t sector : content->dirty) {
      const bool kept = taste == 0 ? false : taste == 1 ? true : random.below(2) == 0;
      const size_t at = sector * kSector;
      if (kept) content->durable.replace(at, kSector, content->seen, at, kSector);
    }
    content->dirty.clear();
    content->seen = content->durable;
  }
  restart();
}

void MemoryDisk::restart() {
  dark_ = false;
  fault_.reset();
}

const std::string& MemoryDisk::content(const std::string& name) const { return names_.at(name)->seen; }

void MemoryDisk::flip_bit(const std::string& name, uint64_t bit) {
  Content& content = *names_.at(name);
  for (std::string* bytes : {&content.seen, &content.durable}) {
    (*bytes)[bit / 8] = static_cast<char>((*bytes)[bit / 8] ^ (1 << bit % 8));
  }
}

}  // namespace stoa
