#ifndef KITH_IDENTITY_SVC_TASKS_IDENTITY_PAGES_H_
#define KITH_IDENTITY_SVC_TASKS_IDENTITY_PAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"

namespace kith::identity {

// How long a task of an operator tries to change one identity.
constexpr absl::Duration kTaskTimeout = absl::Seconds(5);

// What ForEachPage reads of an identity's row.
struct IdentityHead {
  std::string key;
  int64_t create_micros = 0;
  // See IdentityState.
  int rules = 0;
  bool is_alias = false;
};

// Calls `each` with all identities of all tenants: those of one tenant, by
// rising key, at most 100 at a time, while others write them. What was read may
// have changed since. The deadline of `tx` is kTaskTimeout away. Logs every 10
// s how many it has read, as `work`. The first error of `each` ends it.
absl::Status ForEachPage(
    mysql::Session& session, const base::Clock& clock, absl::string_view work,
    absl::FunctionRef<absl::Status(const mysql::Tx& tx,
                                   const std::vector<IdentityHead>& page)>
        each);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_TASKS_IDENTITY_PAGES_H_
