#include "interactions-svc/activity/summary_row.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::RecentInteractions;
using mysql::Param;
using mysql::Tx;

// ReadSummaries reads the columns by position.
std::string SelectByIds(absl::string_view recent) {
  return absl::StrCat("SELECT contact_id, details, version, ", recent,
                      ", work FROM summaries "
                      "WHERE tenant_id = ? AND contact_id IN (:list)");
}

const mysql::Statement kInsertSummary(
    "INSERT INTO summaries "
    "(tenant_id, contact_id, details, version, update_micros, recent, work) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kUpdateSummary(
    "UPDATE summaries "
    "SET details = ?, version = ?, update_micros = ?, recent = ?, work = ? "
    "WHERE tenant_id = ? AND contact_id = ?");

std::optional<RecentInteractions> RecentOf(const mysql::Row& row,
                                           uint64_t version) {
  if (row.IsNull(3)) return std::nullopt;
  std::optional<RecentInteractions> recent(std::in_place);
  if (!recent->ParseFromString(row.Bytes(3)) || recent->version() != version) {
    return std::nullopt;
  }
  return recent;
}

}  // namespace

const mysql::Statement kSelectSummaries(SelectByIds("NULL"));

const mysql::Statement kSelectWithRecent(SelectByIds("recent"));

const mysql::Statement kLockSummaries(SelectByIds("recent") +
                                      " ORDER BY contact_id FOR UPDATE");

const mysql::Statement kTryLockSummaries(SelectByIds("recent") +
                                         " FOR UPDATE NOWAIT");

absl::StatusOr<SummaryRows> ReadSummaries(
    const Tx& tx, absl::string_view sql, const std::vector<Uuid>& contact_ids) {
  SummaryRows rows;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, sql, {tx.tenant_id()}, base::BytesOf(contact_ids),
      [&](const mysql::Row& row) {
        SummaryRow& added = rows[Uuid::FromBytes(row.Bytes(0))];
        added.summary.ParseFromString(row.Bytes(1));
        added.version = row.Unsigned(2);
        added.recent = RecentOf(row, added.version);
        if (!row.IsNull(4)) added.work.ParseFromString(row.Bytes(4));
      }));
  return rows;
}

absl::Status WriteSummary(const Tx& tx, const Uuid& contact_id,
                          SummaryRow& row) {
  const std::string details = row.summary.SerializeAsString();
  const int64_t micros = absl::ToUnixMicros(tx.now);
  const uint64_t version = row.version + row.changes;
  std::string recent;
  if (row.recent.has_value()) {
    row.recent->set_version(version);
    recent = row.recent->SerializeAsString();
  }
  const Param stored = row.recent.has_value() ? Param(recent) : Param(nullptr);
  const std::string work = row.work.SerializeAsString();
  const Param stored_work = work.empty() ? Param(nullptr) : Param(work);
  if (row.version == 0) {
    return mysql::RetryIfDuplicate(
        tx.session
            .Execute(kInsertSummary,
                     {tx.tenant_id(), contact_id.bytes(), details, version,
                      micros, stored, stored_work})
            .status());
  }
  return tx.session
      .Execute(kUpdateSummary, {details, version, micros, stored, stored_work,
                                tx.tenant_id(), contact_id.bytes()})
      .status();
}

}  // namespace kith::interactions
