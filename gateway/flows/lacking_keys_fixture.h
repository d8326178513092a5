#ifndef KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_
#define KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_

#include <memory>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/live_keys.h"
#include "common/auth/tenants.h"
#include "common/base/sha256.h"
#include "common/testing/test_keys.h"

namespace kith::gateway {

// For tests of what a key without a scope may do: the key kDemo with the scopes
// of all flows but `lacking`.
inline std::shared_ptr<const auth::LiveKeys> KeysWithout(
    const std::set<std::string>& lacking) {
  config::v1::TenantsFile tenants;
  config::v1::Tenant& tenant = *tenants.add_tenants();
  tenant.set_id(1);
  tenant.set_slug("demo");
  tenant.set_region("US");
  tenant.set_time_zone("UTC");
  config::v1::KeysFile keys;
  config::v1::ApiKey& key = *keys.add_keys();
  key.set_id(testing::kDemo.id);
  key.set_tenant("demo");
  key.set_assurance(config::v1::ASSURANCE_REPORTED);
  const auto secret = absl::StrCat("secret-of-", testing::kDemo.id);
  key.set_secret_sha256(absl::BytesToHexString(base::Sha256(secret)));
  for (const char* data :
       {"customers", "contacts", "identity", "interactions"}) {
    for (const char* may : {".read", ".write"}) {
      const std::string scope = absl::StrCat(data, may);
      if (!lacking.contains(scope)) key.add_scopes(scope);
    }
  }
  return std::make_shared<auth::LiveKeys>(
      *auth::KeyRing::Make(keys, *auth::Tenants::Make(tenants)));
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_
