#ifndef KITH_COMMON_AUTH_TENANTS_H_
#define KITH_COMMON_AUTH_TENANTS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// The tenants of this installation. Immutable, so thread-safe.
class Tenants {
 public:
  // Makes the tenants. INVALID_ARGUMENT with all faults at once: no tenant, an
  // id or slug that is missing, malformed or used twice, a time zone that the
  // machine does not know, no region of two capital letters, more than 1,000
  // placeholders, action rules or limits of identities with a fault (see
  // action_rules_validation.h, identity_limits_validation.h).
  static absl::StatusOr<Tenants> Make(const config::v1::TenantsFile& file);

  // Reads a --tenants_file. Errors as Make, or the file cannot be read.
  static absl::StatusOr<Tenants> Load(const std::string& file);

  // Returns the tenant with this id, or null.
  std::shared_ptr<const config::v1::Tenant> FindId(uint64_t id) const;

  // Returns all tenants, in no order.
  std::vector<std::shared_ptr<const config::v1::Tenant>> All() const;

  // Returns the tenant with this slug, or null.
  std::shared_ptr<const config::v1::Tenant> Find(absl::string_view slug) const;

 private:
  absl::flat_hash_map<std::string, std::shared_ptr<const config::v1::Tenant>>
      by_slug_;
};

// Returns the day in the tenant's time zone. UTC if the zone is unknown, which
// Make has ruled out.
absl::CivilDay CalendarDay(absl::Time time, const config::v1::Tenant& tenant);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_TENANTS_H_
