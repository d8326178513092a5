#include "common/feed/outbox.h"

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/big_endian.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/statement.h"

namespace kith::feed {
namespace {

const mysql::Statement kInsertOutboxRow(
    "INSERT INTO outbox (id, tenant_id, create_micros, details) "
    "VALUES (?, ?, ?, ?)");

// Tenant, owner and version: an owner's changes lie together, in order.
std::string RowId(const changes::v1::Change& change) {
  // A UUID or the digits of a key: 16 bytes either way.
  const std::string owner =
      absl::HexStringToBytes(absl::StrReplaceAll(change.owner(), {{"-", ""}}));
  return absl::StrCat(base::BigEndian(change.tenant_id()), owner,
                      base::BigEndian(change.owner_version()));
}

}  // namespace

absl::Status AddChanges(const mysql::Tx& tx,
                        std::vector<changes::v1::Change> changes) {
  std::vector<std::string> texts;
  texts.reserve(changes.size() * 2);
  std::vector<mysql::Param> params;
  for (changes::v1::Change& change : changes) {
    change.set_tenant_id(tx.tenant_id());
    *change.mutable_time() = base::ToProto(tx.now);
    change.set_trace_id(tx.context.trace_id);
    const std::string& id = texts.emplace_back(RowId(change));
    const std::string& details = texts.emplace_back(change.SerializeAsString());
    params.insert(params.end(),
                  {id, tx.tenant_id(), absl::ToUnixMicros(tx.now), details});
  }
  return mysql::RetryIfDuplicate(
      mysql::InsertRows(tx.session, kInsertOutboxRow, params));
}

}  // namespace kith::feed
