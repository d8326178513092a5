#include "common/ops/metrics.h"

namespace kith::ops {

prometheus::Registry& Metrics() {
  static auto* const registry = new prometheus::Registry();
  return *registry;
}

prometheus::Counter& Counter(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels) {
  return prometheus::BuildCounter()
      .Name(name)
      .Help(help)
      .Register(Metrics())
      .Add(labels);
}

prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                         const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(Metrics()).Add(
      labels);
}

prometheus::Histogram& SecondsHistogram(const std::string& name,
                                        const std::string& help,
                                        const prometheus::Labels& labels) {
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Register(Metrics())
      .Add(labels, prometheus::Histogram::BucketBoundaries{
                       0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                       0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
}

}  // namespace kith::ops
