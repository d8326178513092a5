#ifndef KITH_COMMON_TESTING_TEST_KEYS_H_
#define KITH_COMMON_TESTING_TEST_KEYS_H_

#include <memory>
#include <string>
#include <vector>

#include "common/auth/live_keys.h"
#include "kith/config/v1/config.pb.h"

namespace kith::testing {

// A key that tests call with. Tenants: "demo" (id 1, US, America/Los_Angeles),
// "other" (id 2, DE, Europe/Berlin), which alone has visits, and "careful" (id
// 3, DE, Europe/Berlin), which alone has contact rules: see TestTenantsFile.
struct TestKey {
  const char* id;
};
inline constexpr TestKey kDemo{"demo"};                  // all scopes, REPORTED
inline constexpr TestKey kDemoPublic{"demopublic"};      // UNAUTHENTICATED
inline constexpr TestKey kDemoVerified{"demoverified"};  // VERIFIED
inline constexpr TestKey kDemoNoScopes{"demonoscopes"};  // none at all
inline constexpr TestKey kDemoAllTenants{"demoalltenants"};  // changes.tail_all
inline constexpr TestKey kOther{"other"};                    // the other tenant
inline constexpr TestKey kCareful{"careful"};  // of the tenant with rules
inline constexpr TestKey kCarefulNoAdvertising{
    "carefulnoadvertising"};                 // lacks interactions.advertise
inline constexpr TestKey kNobody{"nobody"};  // not in the key ring

// Returns "Bearer kith_<id>_<secret>" for the key.
std::string Authorization(TestKey key);

// Returns a new key ring with all keys above except kNobody.
std::shared_ptr<const auth::LiveKeys> TestKeys();

// A key of the tenant "demo", with the scopes that a test gives it.
struct ScopedKey {
  TestKey key;
  std::vector<std::string> scopes;
  config::v1::Assurance assurance = config::v1::ASSURANCE_REPORTED;
};

// Returns a keys file with these keys alone, and a key ring of it.
config::v1::KeysFile KeysFileOf(const std::vector<ScopedKey>& keys);
std::shared_ptr<const auth::LiveKeys> KeyRingOf(
    const std::vector<ScopedKey>& keys);

// The queue that each of the test tenants name, beside those that there are by
// default.
inline constexpr char kQueueByHand[] = "by-hand";

// Returns a tenants file with "demo"; "other", whose pages are at
// https://shop.example.com, who pays at pay.example and has affiliates by
// "aff"; and "careful", which advertises at most 3 times in 7 days, and of
// "shoes" once in 30; does not call from 21:00 to 08:00; asks at an open
// problem, for 14 days after a return, and at phones that were not seen for 6
// months.
config::v1::TenantsFile TestTenantsFile();

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_TEST_KEYS_H_
