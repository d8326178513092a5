#ifndef KITH_IDENTITY_SVC_KEYED_QUERY_H_
#define KITH_IDENTITY_SVC_KEYED_QUERY_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"

namespace kith::identity {

// Convert an identity key, which is hexadecimal in code and messages, to the
// BINARY(16) of the tables, and back.
std::string KeyBytes(absl::string_view key);
std::string KeyHex(absl::string_view bytes);

// Runs `sql`, which takes the tenant and a :list of identity keys, once for
// each 500 keys, and calls `each` for every row.
absl::Status QueryByKeys(const mysql::Tx& tx, absl::string_view sql,
                         const std::vector<std::string>& keys,
                         absl::FunctionRef<void(const mysql::Row&)> each);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_KEYED_QUERY_H_
