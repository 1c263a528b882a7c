#include "gateway/metrics.hpp"

#include <algorithm>
#include <map>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace stoa {
namespace {

prometheus::MetricType type_of(MetricFamily::Kind kind) {
  switch (kind) {
    case MetricFamily::Kind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricFamily::Kind::kHistogram:
      return prometheus::MetricType::Histogram;
    case MetricFamily::Kind::kGauge:
      break;
  }
  return prometheus::MetricType::Gauge;
}

prometheus::ClientMetric metric_of(const MetricSample& sample, MetricFamily::Kind kind) {
  prometheus::ClientMetric m;
  for (const auto& [name, value] : sample.labels) m.label.push_back({name, value});
  if (kind == MetricFamily::Kind::kCounter) m.counter.value = sample.value;
  if (kind == MetricFamily::Kind::kGauge) m.gauge.value = sample.value;
  if (kind == MetricFamily::Kind::kHistogram) {
    m.histogram.sample_sum = sample.value;
    m.histogram.sample_count = sample.buckets.empty() ? 0 : sample.buckets.back().second;
    for (const auto& [bound, count] : sample.buckets) m.histogram.bucket.push_back({count, bound});
  }
  return m;
}

// Several loops of a node count the same things: one series is shown, their sum.
void add_up(MetricSample& into, const MetricSample& sample) {
  into.value += sample.value;
  for (size_t i = 0; i < into.buckets.size() && i < sample.buckets.size(); ++i) {
    into.buckets[i].second += sample.buckets[i].second;
  }
}

}  // namespace

void Metrics::add(const Collectable& part) {
  const std::lock_guard lock(mutex_);
  parts_.push_back(&part);
}

void Metrics::remove(const Collectable& part) {
  const std::lock_guard lock(mutex_);
  parts_.erase(std::remove(parts_.begin(), parts_.end(), &part), parts_.end());
}

std::string Metrics::text() const {
  std::vector<MetricFamily> told;
  {
    const std::lock_guard lock(mutex_);
    for (const Collectable* part : parts_) part->collect(told);
  }
  struct Merged {
    MetricFamily* family;
    std::map<std::vector<std::pair<std::string, std::string>>, MetricSample> samples;
  };
  std::map<std::string, Merged> by_name;
  for (MetricFamily& family : told) {
    Merged& merged = by_name.try_emplace(family.name, Merged{&family, {}}).first->second;
    for (const MetricSample& sample : family.samples) {
      const auto [at, fresh] = merged.samples.try_emplace(sample.labels, sample);
      if (!fresh && family.name != "stoa_build_info") add_up(at->second, sample);
    }
  }
  std::vector<prometheus::MetricFamily> families;
  for (const auto& [name, merged] : by_name) {
    prometheus::MetricFamily f;
    f.name = name;
    f.help = merged.family->help;
    f.type = type_of(merged.family->kind);
    for (const auto& [labels, sample] : merged.samples) f.metric.push_back(metric_of(sample, merged.family->kind));
    families.push_back(std::move(f));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace stoa
