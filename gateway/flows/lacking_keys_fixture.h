#ifndef KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_
#define KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/test_keys.h"

namespace kith::gateway {

// For tests of what a key without a scope may do: the key kDemo with the scopes
// of all flows but `lacking`.
inline std::shared_ptr<const auth::LiveKeys> KeysWithout(
    const std::set<std::string>& lacking) {
  std::vector<std::string> scopes;
  for (const char* data :
       {"customers", "contacts", "identity", "interactions"}) {
    for (const char* may : {".read", ".write"}) {
      std::string scope = absl::StrCat(data, may);
      if (!lacking.contains(scope)) scopes.push_back(scope);
    }
  }
  return testing::KeyRingOf({{testing::kDemo, scopes}});
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_LACKING_KEYS_FIXTURE_H_
