#ifndef KITH_COMMON_OPS_ON_SCRAPE_H_
#define KITH_COMMON_OPS_ON_SCRAPE_H_

#include <functional>
#include <vector>

#include "prometheus/metric_family.h"

namespace kith::ops {

// Has `update` called before each scrape, until the process ends: for a metric
// that is only worth finding when somebody looks. `update` sets metrics, must
// not block for long, and must not call OnScrape. Thread-safe; no two updates
// run at the same time.
void OnScrape(std::function<void()> update);

// Runs the updates, and returns all metrics, as they are scraped.
std::vector<prometheus::MetricFamily> Scrape();

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_ON_SCRAPE_H_
