#ifndef KITH_GATEWAY_VISITS_VISIT_PLACES_H_
#define KITH_GATEWAY_VISITS_VISIT_PLACES_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace kith::gateway {

// How many beacons are being recorded, so that a flood of them, which needs no
// key, takes a bounded part of the gateway, and that of one tenant half of
// that. Thread-safe.
class VisitPlaces {
 public:
  static constexpr int kMost = 256;
  static constexpr int kMostOfTenant = kMost / 2;

  // Blocks until all places are given back.
  ~VisitPlaces() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* taken) { return *taken == 0; }, &taken_));
  }

  // A beacon's place; given back by the destructor. The places must outlive it.
  class Place {
   public:
    Place(Place&& other) noexcept
        : places_(std::exchange(other.places_, nullptr)),
          tenant_id_(other.tenant_id_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (places_ != nullptr) places_->Leave(tenant_id_);
    }

   private:
    friend class VisitPlaces;
    Place(VisitPlaces& places, uint64_t tenant_id)
        : places_(&places), tenant_id_(tenant_id) {}

    VisitPlaces* places_;
    uint64_t tenant_id_;
  };

  // Nothing if all places, or all of the tenant, are taken.
  std::optional<Place> Enter(uint64_t tenant_id) {
    absl::MutexLock lock(&mutex_);
    int& of_tenant = of_tenant_[tenant_id];
    if (taken_ == kMost || of_tenant == kMostOfTenant) return std::nullopt;
    ++taken_;
    ++of_tenant;
    return Place(*this, tenant_id);
  }

 private:
  void Leave(uint64_t tenant_id) {
    absl::MutexLock lock(&mutex_);
    --taken_;
    --of_tenant_[tenant_id];
  }

  absl::Mutex mutex_;
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
  // By tenant id; a tenant is never removed, as there are few.
  absl::flat_hash_map<uint64_t, int> of_tenant_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_PLACES_H_
