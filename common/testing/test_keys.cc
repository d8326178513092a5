#include "common/testing/test_keys.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/tenants.h"
#include "common/base/sha256.h"

namespace kith::testing {
namespace {

const std::vector<std::string> kAllScopes = {
    "contacts.read",  "contacts.write",         "identity.read",
    "identity.write", "interactions.read",      "interactions.write",
    "customers.read", "customers.write",        "changes.tail",
    "actors.assert",  "interactions.advertise", "journal.write"};

std::string Secret(TestKey key) { return absl::StrCat("secret-of-", key.id); }

void AddTenant(config::v1::TenantsFile& file, uint64_t id, const char* slug,
               const char* region, const char* time_zone) {
  config::v1::Tenant* tenant = file.add_tenants();
  tenant->set_id(id);
  tenant->set_slug(slug);
  tenant->set_region(region);
  tenant->set_time_zone(time_zone);
  tenant->mutable_actions()->add_queues(kQueueByHand);
}

void AddKey(config::v1::KeysFile& file, const ScopedKey& given,
            const char* tenant) {
  config::v1::ApiKey& added = *file.add_keys();
  added.set_id(given.key.id);
  added.set_secret_sha256(
      absl::BytesToHexString(base::Sha256(Secret(given.key))));
  added.set_tenant(tenant);
  added.set_assurance(given.assurance);
  for (const std::string& scope : given.scopes) added.add_scopes(scope);
}

void AddCap(config::v1::ContactRules& rules, const char* topic, int count,
            int days) {
  config::v1::FrequencyCap& cap = *rules.add_caps();
  cap.set_topic(topic);
  cap.set_count(count);
  cap.set_days(days);
}

std::shared_ptr<const auth::LiveKeys> RingOf(const config::v1::KeysFile& file) {
  return std::make_shared<auth::LiveKeys>(
      *auth::KeyRing::Make(file, *auth::Tenants::Make(TestTenantsFile())));
}

}  // namespace

std::string Authorization(TestKey key) {
  return absl::StrCat("Bearer kith_", key.id, "_", Secret(key));
}

std::shared_ptr<const auth::LiveKeys> TestKeys() {
  std::vector<std::string> all_tenants = kAllScopes;
  all_tenants.emplace_back("changes.tail_all");
  config::v1::KeysFile keys = KeysFileOf({
      {kDemo, kAllScopes},
      {kDemoPublic, kAllScopes, config::v1::ASSURANCE_UNAUTHENTICATED},
      {kDemoVerified, kAllScopes, config::v1::ASSURANCE_VERIFIED},
      {kDemoNoScopes, {}},
      {kDemoAllTenants, std::move(all_tenants)},
  });
  AddKey(keys, {kOther, kAllScopes}, "other");
  AddKey(keys, {kCareful, kAllScopes}, "careful");
  std::vector<std::string> no_advertising = kAllScopes;
  std::erase(no_advertising, "interactions.advertise");
  AddKey(keys, {kCarefulNoAdvertising, std::move(no_advertising)}, "careful");
  return RingOf(keys);
}

config::v1::KeysFile KeysFileOf(const std::vector<ScopedKey>& keys) {
  config::v1::KeysFile file;
  for (const ScopedKey& key : keys) AddKey(file, key, "demo");
  return file;
}

std::shared_ptr<const auth::LiveKeys> KeyRingOf(
    const std::vector<ScopedKey>& keys) {
  return RingOf(KeysFileOf(keys));
}

config::v1::TenantsFile TestTenantsFile() {
  config::v1::TenantsFile tenants;
  AddTenant(tenants, 1, "demo", "US", "America/Los_Angeles");
  AddTenant(tenants, 2, "other", "DE", "Europe/Berlin");
  AddTenant(tenants, 3, "careful", "DE", "Europe/Berlin");
  config::v1::VisitRules& visits =
      *tenants.mutable_tenants(1)->mutable_visits();
  visits.add_origins("https://shop.example.com");
  visits.add_no_last_touch_hosts("pay.example");
  visits.add_affiliate_parameters("aff");
  config::v1::ContactRules& rules =
      *tenants.mutable_tenants(2)->mutable_contact();
  AddCap(rules, "", 3, 7);
  AddCap(rules, "shoes", 1, 30);
  config::v1::QuietHours& nights = *rules.add_quiet_hours();
  nights.set_channel(config::v1::CONTACT_CHANNEL_PHONE);
  nights.set_begins("21:00");
  nights.set_ends("08:00");
  rules.set_ask_at_open_problem(true);
  rules.set_recent_return_days(14);
  rules.set_stale_phone_months(6);
  return tenants;
}

}  // namespace kith::testing
