#ifndef KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_DRIVER_H_
#define KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_DRIVER_H_

#include <cstdint>
#include <memory>
#include <set>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "gateway/calls/task.h"
#include "gateway/hooks/journal/entry_flow.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::gateway {

// Takes up what waits in the journals of all tenants: attempts that a killed
// gateway has left, that are made again, and replays. Looks at each tenant once
// a second, and again at once while there is more. Entries are run side by
// side: the fewer of a tenant, the more tenants have some. The destructor waits
// for those that are being run.
class JournalDriver {
 public:
  // `flow` must outlive the driver.
  JournalDriver(const EntryFlow& flow,
                std::shared_ptr<const auth::LiveKeys> keys,
                absl::Duration period = absl::Seconds(1));
  ~JournalDriver();

  JournalDriver(const JournalDriver&) = delete;
  JournalDriver& operator=(const JournalDriver&) = delete;

 private:
  void Look();

  // Begins to take up what waits of a tenant, unless that goes on already.
  void Begin(uint64_t tenant_id);
  Detached TakeUpAndEnd(uint64_t tenant_id);
  Task<absl::Status> TakeUp(uint64_t tenant_id);

  // Runs entries side by side until the last has ended.
  class Runs;
  Detached RunOne(uint64_t tenant_id, const interactions::v1::Entry& entry,
                  std::shared_ptr<Runs> runs) const;

  // Returns how many entries a tenant may have leased now.
  int ShareOfTenant() const;

  // Waits between two looks. Returns false if the driver is being destroyed.
  bool Pause();
  bool IsStopping() const;

  const EntryFlow& flow_;
  const std::shared_ptr<const auth::LiveKeys> keys_;
  const absl::Duration period_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // The tenants that are being taken up.
  std::set<uint64_t> busy_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_DRIVER_H_
