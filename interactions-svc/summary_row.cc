#include "interactions-svc/summary_row.h"

#include <string>

#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Session;

const mysql::Statement kInsertSummary(
    "INSERT INTO summaries "
    "(tenant_id, contact_id, details, version, update_micros) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateSummary(
    "UPDATE summaries SET details = ?, version = ?, update_micros = ? "
    "WHERE tenant_id = ? AND contact_id = ?");

}  // namespace

const mysql::Statement kSelectSummaries(
    "SELECT contact_id, details, version FROM summaries "
    "WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kLockSummaries(
    "SELECT contact_id, details, version FROM summaries "
    "WHERE tenant_id = ? AND contact_id IN (:list) "
    "ORDER BY contact_id FOR UPDATE");

absl::StatusOr<SummaryRows> ReadSummaries(
    Session& session, absl::string_view sql, uint64_t tenant_id,
    const std::vector<Uuid>& contact_ids) {
  SummaryRows rows;
  std::vector<absl::string_view> ids;
  for (const Uuid& id : contact_ids) ids.push_back(id.bytes());
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      session, sql, {tenant_id}, ids, [&](const mysql::Row& row) {
        SummaryRow& added = rows[Uuid::FromBytes(row.Bytes(0))];
        added.summary.ParseFromString(row.Bytes(1));
        added.version = row.Unsigned(2);
      }));
  return rows;
}

absl::Status WriteSummary(Session& session, uint64_t tenant_id,
                          const Uuid& contact_id, const SummaryRow& row,
                          absl::Time now) {
  const std::string details = row.summary.SerializeAsString();
  const int64_t micros = absl::ToUnixMicros(now);
  if (row.version == 0) {
    return mysql::RetryIfDuplicate(
        session
            .Execute(kInsertSummary, {tenant_id, contact_id.bytes(), details,
                                      row.changes, micros})
            .status());
  }
  return session
      .Execute(kUpdateSummary, {details, row.version + row.changes, micros,
                                tenant_id, contact_id.bytes()})
      .status();
}

}  // namespace kith::interactions
