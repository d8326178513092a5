#ifndef KITH_IDENTITY_SVC_KEYED_QUERY_H_
#define KITH_IDENTITY_SVC_KEYED_QUERY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/mysql/session.h"

namespace kith::identity {

// The bytes of an identity key, which is hex in code and messages and
// BINARY(16) in tables; and the other way round.
std::string KeyBytes(absl::string_view key);
std::string KeyHex(absl::string_view bytes);

// Runs `sql`, which takes the tenant and a :list of identity keys, as often as
// it takes for 500 keys at a time, and calls `each` for every row.
absl::Status QueryByKeys(mysql::Session& session, absl::string_view sql,
                         uint64_t tenant_id,
                         const std::vector<std::string>& keys,
                         absl::FunctionRef<void(const mysql::Row&)> each);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_KEYED_QUERY_H_
