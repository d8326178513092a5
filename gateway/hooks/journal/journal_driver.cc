#include "gateway/hooks/journal/journal_driver.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/ops/log.h"
#include "gateway/calls/pending_call.h"

namespace kith::gateway {
namespace {

// Entries that are run at once, of all tenants: what they ask of services
// leaves callers their places. What a form has sent takes 100 ms, most of which
// it waits (FormWait).
constexpr int kMostEntries = 100;
// As many as interactions-svc leases at once.
constexpr int kMostOfTenant = 50;
constexpr int kLeastOfTenant = 5;

}  // namespace

// Completed with the first error when all runs have ended. Thread-safe.
class JournalDriver::Runs final : public PendingCall<bool>::State {
 public:
  // `count` is 1 or more.
  explicit Runs(int count) : left_(count) {}

  void End(const absl::Status& status) {
    absl::StatusOr<bool> all = true;
    {
      const absl::MutexLock lock(&mutex_);
      first_.Update(status);
      if (--left_ > 0) return;
      if (!first_.ok()) all = first_;
    }
    Complete(std::move(all));
  }

 private:
  absl::Mutex mutex_;
  int left_ ABSL_GUARDED_BY(mutex_);
  absl::Status first_ ABSL_GUARDED_BY(mutex_);
};

JournalDriver::JournalDriver(const EntryFlow& flow,
                             std::shared_ptr<const auth::LiveKeys> keys,
                             absl::Duration period)
    : flow_(flow), keys_(std::move(keys)), period_(period), thread_([this] {
        do {
          Look();
        } while (Pause());
      }) {}

JournalDriver::~JournalDriver() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
  const auto idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return busy_.empty();
  };
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&idle));
}

bool JournalDriver::Pause() {
  const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_;
  };
  const absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&stopping), period_);
}

bool JournalDriver::IsStopping() const {
  const absl::MutexLock lock(&mutex_);
  return stopping_;
}

int JournalDriver::ShareOfTenant() const {
  const absl::MutexLock lock(&mutex_);
  const int tenants = std::max(1, static_cast<int>(busy_.size()));
  return std::clamp(kMostEntries / tenants, kLeastOfTenant, kMostOfTenant);
}

void JournalDriver::Look() {
  const auto ring = keys_->keys();
  for (const auto& tenant : ring->tenants()) Begin(tenant->id());
}

void JournalDriver::Begin(uint64_t tenant_id) {
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_ || !busy_.insert(tenant_id).second) return;
  }
  TakeUpAndEnd(tenant_id);
}

Detached JournalDriver::TakeUpAndEnd(uint64_t tenant_id) {
  absl::Status status;
  try {
    status = co_await TakeUp(tenant_id);
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("exception: ", e.what()));
  }
  if (!status.ok()) {
    ops::Log(ops::Severity::kWarning, "taking up the journal was interrupted",
             {{"reason", status.message()}});
  }
  // The driver may be gone as soon as the tenant is not busy.
  const absl::MutexLock lock(&mutex_);
  busy_.erase(tenant_id);
}

Detached JournalDriver::RunOne(uint64_t tenant_id,
                               const interactions::v1::Entry& entry,
                               std::shared_ptr<Runs> runs) const {
  absl::Status status;
  try {
    status = co_await flow_.Run(tenant_id, entry);
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("exception: ", e.what()));
  }
  runs->End(status);
}

Task<absl::Status> JournalDriver::TakeUp(uint64_t tenant_id) {
  while (!IsStopping()) {
    KITH_CO_ASSIGN_OR_RETURN(const auto leased,
                             co_await flow_.Lease(tenant_id, ShareOfTenant()));
    if (leased.entries().empty()) co_return absl::OkStatus();
    // Side by side: one after the other, the leases of the last would end
    // before their attempts begin.
    const auto runs = std::make_shared<Runs>(leased.entries_size());
    PendingCall<bool> ended(runs);
    for (const auto& entry : leased.entries()) RunOne(tenant_id, entry, runs);
    KITH_CO_RETURN_IF_ERROR((co_await ended).status());
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
