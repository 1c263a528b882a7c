// Batches that were evaluated and proposed but not yet applied, oldest first, and the view that the next batch is
// evaluated on: all of them over the committed state.
#pragma once

#include <deque>
#include <memory>

#include "cluster/replica_port.hpp"
#include "storage/layered_view.hpp"

namespace stoa {

template <class Batch>  // has `WriteSet writes` and `Position at`
class InFlight {
 public:
  explicit InFlight(const View& committed) : committed_(committed) {}

  // The state as the next batch must see it. Good until the next push or pop.
  const View& view() {
    views_.clear();
    const View* lower = &committed_;
    for (const auto& batch : batches_) lower = &views_.emplace_back(*lower, batch->writes);
    return *lower;
  }

  void push(std::unique_ptr<Batch> batch) { batches_.push_back(std::move(batch)); }
  std::unique_ptr<Batch> pop_front() {
    auto batch = std::move(batches_.front());
    batches_.pop_front();
    return batch;
  }
  std::deque<std::unique_ptr<Batch>> take_all() {
    views_.clear();
    return std::move(batches_);
  }
  Batch* front() { return batches_.empty() ? nullptr : batches_.front().get(); }
  Batch* back() { return batches_.empty() ? nullptr : batches_.back().get(); }
  auto begin() { return batches_.begin(); }
  auto end() { return batches_.end(); }
  size_t size() const { return batches_.size(); }
  bool empty() const { return batches_.empty(); }

 private:
  const View& committed_;
  std::deque<std::unique_ptr<Batch>> batches_;
  std::deque<LayeredView> views_;
};

}  // namespace stoa
