#include "interactions-svc/summary_row.h"

#include <string>

#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

// ReadSummaries reads these columns by position.
const std::string kSelectByIds =
    "SELECT contact_id, details, version FROM summaries "
    "WHERE tenant_id = ? AND contact_id IN (:list)";

const mysql::Statement kInsertSummary(
    "INSERT INTO summaries "
    "(tenant_id, contact_id, details, version, update_micros) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateSummary(
    "UPDATE summaries SET details = ?, version = ?, update_micros = ? "
    "WHERE tenant_id = ? AND contact_id = ?");

}  // namespace

const mysql::Statement kSelectSummaries(kSelectByIds);

const mysql::Statement kLockSummaries(kSelectByIds +
                                      " ORDER BY contact_id FOR UPDATE");

absl::StatusOr<SummaryRows> ReadSummaries(
    const Tx& tx, absl::string_view sql, const std::vector<Uuid>& contact_ids) {
  SummaryRows rows;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, sql, {tx.tenant_id()}, base::BytesOf(contact_ids),
      [&](const mysql::Row& row) {
        SummaryRow& added = rows[Uuid::FromBytes(row.Bytes(0))];
        added.summary.ParseFromString(row.Bytes(1));
        added.version = row.Unsigned(2);
      }));
  return rows;
}

absl::Status WriteSummary(const Tx& tx, const Uuid& contact_id,
                          const SummaryRow& row) {
  const std::string details = row.summary.SerializeAsString();
  const int64_t micros = absl::ToUnixMicros(tx.now);
  if (row.version == 0) {
    return mysql::RetryIfDuplicate(
        tx.session
            .Execute(kInsertSummary, {tx.tenant_id(), contact_id.bytes(),
                                      details, row.changes, micros})
            .status());
  }
  return tx.session
      .Execute(kUpdateSummary, {details, row.version + row.changes, micros,
                                tx.tenant_id(), contact_id.bytes()})
      .status();
}

}  // namespace kith::interactions
