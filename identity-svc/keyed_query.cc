#include "identity-svc/keyed_query.h"

#include "absl/strings/escaping.h"
#include "common/mysql/lists.h"

namespace kith::identity {

std::string KeyBytes(absl::string_view key) {
  return absl::HexStringToBytes(key);
}

std::string KeyHex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

absl::Status QueryByKeys(const mysql::Tx& tx, absl::string_view sql,
                         const std::vector<std::string>& keys,
                         absl::FunctionRef<void(const mysql::Row&)> each) {
  std::vector<std::string> bytes;
  bytes.reserve(keys.size());
  for (const std::string& key : keys) bytes.push_back(KeyBytes(key));
  const std::vector<absl::string_view> listed(bytes.begin(), bytes.end());
  return mysql::QueryListed(tx.session, sql, {tx.tenant_id()}, listed, each);
}

}  // namespace kith::identity
