#ifndef KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_GAUGES_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_GAUGES_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"
#include "kith/config/v1/config.pb.h"
#include "prometheus/gauge.h"

namespace kith::interactions {

// Exports what waits in the journal of each tenant: for a gateway, as
// kith_journal_first_due_timestamp_seconds, and for a person, as
// kith_journal_failed_entries. For one thread.
class JournalGauges {
 public:
  // Reads the head of each list: two index seeks for a tenant.
  absl::Status Export(
      mysql::Session& session,
      absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
      absl::Time now);

 private:
  // Those of a tenant.
  struct Gauges {
    prometheus::Gauge* first_due = nullptr;
    prometheus::Gauge* failed = nullptr;
  };

  // By slug.
  std::map<std::string, Gauges> gauges_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_GAUGES_H_
