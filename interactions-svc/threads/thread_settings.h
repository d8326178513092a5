#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_

#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// Returns for how long after a thread is resolved a word of the customer
// reopens it: the tenant's reopen_days.
inline absl::Duration ReopenWindow(const config::v1::Tenant& tenant) {
  const config::v1::ActionRules& rules = tenant.actions();
  return absl::Hours(24) * (rules.has_reopen_days() ? rules.reopen_days() : 14);
}

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_
