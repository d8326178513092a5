#include "gateway/edge/http_metrics.h"

#include "common/ops/metrics.h"

namespace kith::edge {

void HttpMetrics::Note(absl::string_view protocol, absl::string_view route,
                       int status, absl::Duration took) {
  prometheus::Labels labels = {{"protocol", std::string(protocol)},
                               {"route", std::string(route)}};
  const absl::MutexLock lock(&mutex_);
  OfRoute& known = routes_[{labels["protocol"], labels["route"]}];
  if (known.seconds == nullptr) {
    known.seconds = &ops::SecondsHistogram(
        "kith_http_seconds", "Time from a request to its reply.", labels);
  }
  known.seconds->Observe(absl::ToDoubleSeconds(took));
  prometheus::Counter*& counter = known.by_status[status];
  if (counter == nullptr) {
    labels.emplace("status", std::to_string(status));
    counter = &ops::Counter("kith_http_requests_total",
                            "HTTP requests that were answered.", labels);
  }
  counter->Increment();
}

}  // namespace kith::edge
