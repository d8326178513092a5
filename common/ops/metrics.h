#ifndef KITH_COMMON_OPS_METRICS_H_
#define KITH_COMMON_OPS_METRICS_H_

#include <string>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/labels.h"
#include "prometheus/registry.h"

namespace kith::ops {

// The registry of this process's metrics, as Prometheus scrapes them.
// Thread-safe, as are the functions below. Each of them makes a metric on the
// first call, and returns the same one on every further call with this name and
// these labels. A metric lives as long as the process. Look a metric up once
// and keep the reference: a look-up takes a lock.
prometheus::Registry& Metrics();

// A number that only rises.
prometheus::Counter& Counter(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels = {});

// A number that rises and falls.
prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                         const prometheus::Labels& labels = {});

// A histogram of seconds, with buckets from 0.1 ms to 10 s.
prometheus::Histogram& SecondsHistogram(const std::string& name,
                                        const std::string& help,
                                        const prometheus::Labels& labels = {});

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_METRICS_H_
