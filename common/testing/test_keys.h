#ifndef KITH_COMMON_TESTING_TEST_KEYS_H_
#define KITH_COMMON_TESTING_TEST_KEYS_H_

#include <memory>
#include <string>

#include "common/auth/live_keys.h"

namespace kith::testing {

// A key that tests call with. Tenants: "demo" (id 1, US, America/Los_Angeles)
// and "other" (id 2, DE, Europe/Berlin).
struct TestKey {
  const char* id;
};
inline constexpr TestKey kDemo{"demo"};                  // all scopes, REPORTED
inline constexpr TestKey kDemoPublic{"demopublic"};      // UNAUTHENTICATED
inline constexpr TestKey kDemoVerified{"demoverified"};  // VERIFIED
inline constexpr TestKey kDemoNoScopes{"demonoscopes"};  // none at all
inline constexpr TestKey kDemoAllTenants{"demoalltenants"};  // changes.tail_all
inline constexpr TestKey kOther{"other"};                    // the other tenant
inline constexpr TestKey kNobody{"nobody"};  // not in the key ring

// Returns "Bearer kith_<id>_<secret>" for the key.
std::string Authorization(TestKey key);

// Returns a new key ring with all keys above except kNobody.
std::shared_ptr<const auth::LiveKeys> TestKeys();

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_TEST_KEYS_H_
