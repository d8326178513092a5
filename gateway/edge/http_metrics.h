#ifndef KITH_GATEWAY_EDGE_HTTP_METRICS_H_
#define KITH_GATEWAY_EDGE_HTTP_METRICS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/histogram.h"

namespace kith::edge {

// Counts and times requests by protocol, route and HTTP status. Thread-safe.
class HttpMetrics {
 public:
  // `route` is the path of a method or a template, never a path that was sent:
  // there are only as many metrics as routes.
  void Note(absl::string_view protocol, absl::string_view route, int status,
            absl::Duration took);

 private:
  struct OfRoute {
    prometheus::Histogram* seconds = nullptr;
    absl::flat_hash_map<int, prometheus::Counter*> by_status;
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<std::pair<std::string, std::string>, OfRoute> routes_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_HTTP_METRICS_H_
