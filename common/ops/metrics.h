#ifndef KITH_COMMON_OPS_METRICS_H_
#define KITH_COMMON_OPS_METRICS_H_

#include <string>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/labels.h"
#include "prometheus/registry.h"

namespace kith::ops {

// The metrics of this process, as Prometheus scrapes them. Asking twice for
// one name and labels answers the same metric, which lives as long as the
// process. Look metrics up once and keep the reference: a look-up takes a
// lock. Thread-safe.
prometheus::Registry& Metrics();

prometheus::Counter& Counter(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels = {});

prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                         const prometheus::Labels& labels = {});

// Of seconds, from 0.1 ms to 10 s.
prometheus::Histogram& SecondsHistogram(const std::string& name,
                                        const std::string& help,
                                        const prometheus::Labels& labels = {});

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_METRICS_H_
