#include "common/ops/on_scrape.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/ops/metrics.h"

namespace kith::ops {
namespace {

struct Updates {
  absl::Mutex mutex;
  std::vector<std::function<void()>> all ABSL_GUARDED_BY(mutex);
};

// Never destroyed: the server's threads may still scrape at the end.
Updates& GetUpdates() {
  static auto& updates = *new Updates();
  return updates;
}

}  // namespace

void OnScrape(std::function<void()> update) {
  Updates& updates = GetUpdates();
  const absl::MutexLock lock(&updates.mutex);
  updates.all.push_back(std::move(update));
}

std::vector<prometheus::MetricFamily> Scrape() {
  Updates& updates = GetUpdates();
  const absl::MutexLock lock(&updates.mutex);
  for (const auto& update : updates.all) update();
  return Metrics().Collect();
}

}  // namespace kith::ops
