#include "common/testing/test_keys.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/tenants.h"
#include "common/base/sha256.h"

namespace kith::testing {
namespace {

constexpr const char* kAllScopes[] = {
    "contacts.read",  "contacts.write",    "identity.read",
    "identity.write", "interactions.read", "interactions.write",
    "customers.read", "customers.write",   "changes.tail"};

std::string Secret(TestKey key) { return absl::StrCat("secret-of-", key.id); }

void AddTenant(config::v1::TenantsFile& file, uint64_t id, const char* slug,
               const char* region, const char* time_zone) {
  config::v1::Tenant* tenant = file.add_tenants();
  tenant->set_id(id);
  tenant->set_slug(slug);
  tenant->set_region(region);
  tenant->set_time_zone(time_zone);
}

config::v1::ApiKey* AddKey(config::v1::KeysFile& file, TestKey key,
                           const char* tenant,
                           config::v1::Assurance assurance) {
  config::v1::ApiKey* added = file.add_keys();
  added->set_id(key.id);
  added->set_secret_sha256(absl::BytesToHexString(base::Sha256(Secret(key))));
  added->set_tenant(tenant);
  added->set_assurance(assurance);
  for (const char* scope : kAllScopes) added->add_scopes(scope);
  return added;
}

}  // namespace

std::string Authorization(TestKey key) {
  return absl::StrCat("Bearer kith_", key.id, "_", Secret(key));
}

std::shared_ptr<const auth::LiveKeys> TestKeys() {
  config::v1::TenantsFile tenants;
  AddTenant(tenants, 1, "demo", "US", "America/Los_Angeles");
  AddTenant(tenants, 2, "other", "DE", "Europe/Berlin");
  config::v1::KeysFile keys;
  AddKey(keys, kDemo, "demo", config::v1::ASSURANCE_REPORTED);
  AddKey(keys, kDemoPublic, "demo", config::v1::ASSURANCE_UNAUTHENTICATED);
  AddKey(keys, kDemoVerified, "demo", config::v1::ASSURANCE_VERIFIED);
  AddKey(keys, kDemoNoScopes, "demo", config::v1::ASSURANCE_REPORTED)
      ->clear_scopes();
  AddKey(keys, kDemoAllTenants, "demo", config::v1::ASSURANCE_REPORTED)
      ->add_scopes("changes.tail_all");
  AddKey(keys, kOther, "other", config::v1::ASSURANCE_REPORTED);
  return std::make_shared<auth::LiveKeys>(
      *auth::KeyRing::Make(keys, *auth::Tenants::Make(tenants)));
}

}  // namespace kith::testing
