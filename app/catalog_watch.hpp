// What a node knows of the catalog: asked for several times a second, kept on its disk, so that a node goes on with the
// last it has heard while the catalog cannot be reached.
#pragma once

#include <functional>

#include "actors/catalog/types_view.hpp"
#include "app/catalog_call.hpp"
#include "base/result.hpp"
#include "storage/disk.hpp"

namespace stoa {

class CatalogWatch {
 public:
  // Called on the loop, and by restore(), with what is new.
  struct Listeners {
    std::function<void(const Directory&)> on_directory;
    std::function<void(const SettingsView&)> on_settings;
    std::function<void(const KeysView&)> on_keys;
  };
  // Carries out, off the loop and in order, what waits for the disk.
  using Aside = std::function<void(std::function<void()>)>;

  // All outlive it, and what `aside` was given ends before it.
  CatalogWatch(CatalogCaller& catalog, Disk& data, Aside aside, Listeners listeners)
      : catalog_(catalog), data_(data), aside_(std::move(aside)), listeners_(std::move(listeners)) {}

  // The last view, from the disk; blocks. A file that is damaged is as good as none: the catalog has it all.
  Result<void> restore();

  // On the loop, several times a second: asks when it is time to.
  void tick();

  const CatalogView& view() const { return view_; }
  // The catalog has answered since the start.
  bool heard() const { return heard_; }

 private:
  void learn(CatalogView news);
  void tell(const CatalogView& news) const;

  CatalogCaller& catalog_;
  Disk& data_;
  const Aside aside_;
  const Listeners listeners_;
  CatalogView view_;
  Time ask_at_;
  bool asking_ = false;
  bool heard_ = false;
};

}  // namespace stoa
