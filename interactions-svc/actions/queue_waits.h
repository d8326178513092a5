#ifndef KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_WAITS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_WAITS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"
#include "kith/config/v1/config.pb.h"
#include "prometheus/gauge.h"

namespace kith::interactions {

// Exports by when the first contact of each queue ranks that waits, as
// kith_queue_first_rank_timestamp_seconds: the queues that the settings of the
// tenants name. For one thread at a time.
class QueueWaits {
 public:
  // Looks again. Two index seeks for each queue, whatever it holds. If it
  // fails, the metrics stay as they are.
  absl::Status Export(
      mysql::Session& session,
      absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
      absl::Time now);

 private:
  // By the slug of a tenant and the name of a queue.
  std::map<std::pair<std::string, std::string>, prometheus::Gauge*> gauges_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_WAITS_H_
