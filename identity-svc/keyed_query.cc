#include "identity-svc/keyed_query.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/status/status_macros.h"

namespace kith::identity {
namespace {

constexpr size_t kMaxKeys = 500;

}  // namespace

std::string KeyBytes(absl::string_view key) {
  return absl::HexStringToBytes(key);
}

std::string KeyHex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

absl::Status QueryByKeys(mysql::Session& session, absl::string_view sql,
                         uint64_t tenant_id,
                         const std::vector<std::string>& keys,
                         absl::FunctionRef<void(const mysql::Row&)> each) {
  for (size_t begin = 0; begin < keys.size(); begin += kMaxKeys) {
    const size_t count = std::min(kMaxKeys, keys.size() - begin);
    std::vector<std::string> bytes;
    for (size_t i = 0; i < count; ++i) {
      bytes.push_back(KeyBytes(keys[begin + i]));
    }
    std::vector<mysql::Param> params = {tenant_id};
    params.insert(params.end(), bytes.begin(), bytes.end());
    const std::string list = mysql::WithList(sql, count, params);
    KITH_RETURN_IF_ERROR(session.Query(list, params, each));
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
