#ifndef KITH_COMMON_AUTH_TENANTS_H_
#define KITH_COMMON_AUTH_TENANTS_H_

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// The tenants of this installation. Immutable.
class Tenants {
 public:
  // INVALID_ARGUMENT with all faults at once: an id or slug missing, malformed
  // or used twice, a time zone the machine does not know, no region.
  static absl::StatusOr<Tenants> Make(const config::v1::TenantsFile& file);

  // Null where there is none of this slug.
  std::shared_ptr<const config::v1::Tenant> Find(absl::string_view slug) const;

 private:
  absl::flat_hash_map<std::string, std::shared_ptr<const config::v1::Tenant>>
      by_slug_;
};

// Days since 1970-01-01 in the tenant's zone. UTC where the zone is unknown,
// which Make has ruled out.
int32_t CalendarDay(absl::Time time, const config::v1::Tenant& tenant);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_TENANTS_H_
