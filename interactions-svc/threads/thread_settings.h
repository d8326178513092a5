#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_

#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// Returns for how long after a thread is resolved a word of the customer
// reopens it: 14 days for every tenant.
inline absl::Duration ReopenWindow(const config::v1::Tenant& /*tenant*/) {
  return absl::Hours(24) * 14;
}

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_SETTINGS_H_
