#include "common/feed/change_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/mysql/lease.h"
#include "common/mysql/statement.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"

// How SequencePage numbers changes. It is one transaction:
//
// - It extends the lease if the epoch is still the same. The update locks the
//   row of the lease until COMMIT, so only one process at a time appends to the
//   feed.
// - It reads a page of the outbox in key order.
// - It reads the newest number in the feed and inserts the rows with the
//   numbers that follow, so the numbers have no gaps and are committed in
//   order.
// - It deletes the same rows from the outbox. If one of them is missing, the
//   transaction fails as INTERNAL and is rolled back.
//
// SweepChanges reads the times of the oldest page, finds the last change that
// is older than kChangeLifetime and not the newest of the feed, and deletes all
// changes up to it.
namespace kith::feed {
namespace {

// A page takes milliseconds; a transaction that must run again some more.
constexpr absl::Duration kPageTimeout = absl::Seconds(30);

const mysql::Statement kSelectChanges(
    "SELECT seq, sequence_micros, tenant_id, details FROM changes "
    "WHERE seq >= ? ORDER BY seq LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kSelectOldest(
    "SELECT seq, sequence_micros FROM changes ORDER BY seq LIMIT 1",
    mysql::Mark::kMaintenance);

const mysql::Statement kSelectNewest(
    "SELECT seq, sequence_micros FROM changes ORDER BY seq DESC LIMIT 1",
    mysql::Mark::kMaintenance);

const mysql::Statement kSelectPosition(
    "SELECT seq, sequence_micros FROM changes WHERE seq = ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kSelectFirst(
    "SELECT create_micros FROM outbox ORDER BY id LIMIT 1",
    mysql::Mark::kMaintenance);

const mysql::Statement kSelectOutbox(
    "SELECT id, tenant_id, create_micros, details FROM outbox "
    "WHERE id > ? ORDER BY id LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kInsertChange(
    "INSERT INTO changes (seq, tenant_id, sequence_micros, details) "
    "VALUES (?, ?, ?, ?)",
    mysql::Mark::kMaintenance);

const mysql::Statement kDeleteOutbox("DELETE FROM outbox WHERE id IN (:list)",
                                     mysql::Mark::kMaintenance);

const mysql::Statement kSelectTimes(
    "SELECT seq, sequence_micros FROM changes ORDER BY seq LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kDeleteChanges(
    "DELETE FROM changes WHERE seq <= ? ORDER BY seq LIMIT ?",
    mysql::Mark::kMaintenance);

struct OutboxRow {
  std::string id;
  uint64_t tenant_id;
  int64_t create_micros;
  std::string details;
};

absl::StatusOr<std::vector<OutboxRow>> ReadOutbox(mysql::Session& session,
                                                  const std::string& after) {
  std::vector<OutboxRow> rows;
  KITH_RETURN_IF_ERROR(session.Query(
      kSelectOutbox, {after, kChangesRead}, [&](const mysql::Row& row) {
        rows.push_back({.id = row.Bytes(0),
                        .tenant_id = row.Unsigned(1),
                        .create_micros = row.Int(2),
                        .details = row.Bytes(3)});
      }));
  return rows;
}

FeedPosition ReadPosition(const mysql::Row& row) {
  return {.sequence = row.Int(0), .sequence_micros = row.Int(1)};
}

absl::StatusOr<FeedPosition> SelectPosition(
    mysql::Session& session, const mysql::Statement& sql,
    const std::vector<mysql::Param>& params = {}) {
  FeedPosition position;
  KITH_RETURN_IF_ERROR(session.Query(sql, params, [&](const mysql::Row& row) {
    position = ReadPosition(row);
  }));
  return position;
}

absl::Status NoSuchPositionError() {
  return absl::OutOfRangeError(
      "the feed does not have the change at this position: it is too old, or "
      "the database was set back");
}

absl::Status Append(mysql::Session& session, const std::vector<OutboxRow>& rows,
                    absl::Time now) {
  KITH_ASSIGN_OR_RETURN(const FeedPosition newest, ReadNewest(session));
  int64_t sequence = newest.sequence;
  std::vector<mysql::Param> params;
  for (const OutboxRow& row : rows) {
    params.insert(params.end(), {++sequence, row.tenant_id,
                                 absl::ToUnixMicros(now), row.details});
  }
  return mysql::InsertRows(session, kInsertChange, params);
}

absl::Status Remove(mysql::Session& session,
                    const std::vector<OutboxRow>& rows) {
  std::vector<mysql::Param> ids;
  for (const OutboxRow& row : rows) ids.emplace_back(row.id);
  const std::string sql = mysql::WithList(kDeleteOutbox, rows.size(), ids);
  KITH_ASSIGN_OR_RETURN(const int64_t deleted, session.Execute(sql, ids));
  if (deleted == static_cast<int64_t>(rows.size())) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(
      "of ", rows.size(), " rows of the outbox ", deleted, " were left"));
}

SequencedPage PageOf(const std::vector<OutboxRow>& rows) {
  SequencedPage page;
  for (const OutboxRow& row : rows) {
    page.times.push_back(absl::FromUnixMicros(row.create_micros));
    page.bytes += static_cast<int64_t>(row.details.size());
  }
  if (static_cast<int64_t>(rows.size()) == kChangesRead) {
    page.last_id = rows.back().id;
  }
  return page;
}

}  // namespace

absl::StatusOr<std::vector<LoggedChange>> ReadChanges(
    mysql::Session& session, const FeedPosition& after) {
  std::vector<LoggedChange> changes;
  bool found = after.sequence == 0;
  KITH_RETURN_IF_ERROR(session.Query(
      kSelectChanges, {after.sequence, kChangesRead + (found ? 0 : 1)},
      [&](const mysql::Row& row) {
        const FeedPosition position = ReadPosition(row);
        if (position == after) {
          found = true;
          return;
        }
        changes.push_back({.position = position,
                           .tenant_id = row.Unsigned(2),
                           .details = row.Bytes(3)});
      }));
  const bool gap = !changes.empty() &&
                   changes.front().position.sequence != after.sequence + 1;
  if (!found || gap) return NoSuchPositionError();
  return changes;
}

absl::StatusOr<FeedPosition> ReadNewest(mysql::Session& session) {
  return SelectPosition(session, kSelectNewest);
}

absl::Status CheckPosition(mysql::Session& session,
                           const FeedPosition& position) {
  if (position.sequence == 0) {
    KITH_ASSIGN_OR_RETURN(const FeedPosition oldest,
                          SelectPosition(session, kSelectOldest));
    return oldest.sequence <= 1 ? absl::OkStatus() : NoSuchPositionError();
  }
  KITH_ASSIGN_OR_RETURN(
      const FeedPosition found,
      SelectPosition(session, kSelectPosition, {position.sequence}));
  return found == position ? absl::OkStatus() : NoSuchPositionError();
}

absl::StatusOr<ChangesKept> ReadChangesKept(mysql::Session& session) {
  ChangesKept kept;
  KITH_ASSIGN_OR_RETURN(const FeedPosition newest, ReadNewest(session));
  KITH_RETURN_IF_ERROR(
      session.Query(kSelectTimes, {int64_t{1}}, [&](const mysql::Row& row) {
        // The numbers have no gaps.
        kept.count = newest.sequence - row.Int(0) + 1;
        kept.oldest = absl::FromUnixMicros(row.Int(1));
      }));
  return kept;
}

absl::StatusOr<absl::Duration> OutboxAge(mysql::Session& session,
                                         absl::Time now) {
  absl::Duration age;
  KITH_RETURN_IF_ERROR(
      session.Query(kSelectFirst, {}, [&](const mysql::Row& row) {
        age = std::max(now - absl::FromUnixMicros(row.Int(0)),
                       absl::Microseconds(1));
      }));
  return age;
}

absl::StatusOr<SequencedPage> SequencePage(mysql::Session& session,
                                           int64_t epoch,
                                           const std::string& after,
                                           absl::Time now) {
  SequencedPage page;
  KITH_RETURN_IF_ERROR(mysql::Transact(
      session, absl::Now() + kPageTimeout, [&]() -> absl::Status {
        KITH_ASSIGN_OR_RETURN(const bool kept,
                              mysql::KeepLease(session, kSequencerLease, epoch,
                                               now, kSequencerLeaseTime));
        if (!kept) {
          return absl::FailedPreconditionError(
              "another sequencer has taken over");
        }
        KITH_ASSIGN_OR_RETURN(const std::vector<OutboxRow> rows,
                              ReadOutbox(session, after));
        page = PageOf(rows);
        if (rows.empty()) return absl::OkStatus();
        KITH_RETURN_IF_ERROR(Append(session, rows, now));
        return Remove(session, rows);
      }));
  return page;
}

absl::StatusOr<int64_t> SweepChanges(mysql::Session& session, absl::Time now) {
  const int64_t limit = absl::ToUnixMicros(now - kChangeLifetime);
  KITH_ASSIGN_OR_RETURN(const FeedPosition newest, ReadNewest(session));
  int64_t last = 0;
  KITH_RETURN_IF_ERROR(
      session.Query(kSelectTimes, {kChangesRead}, [&](const mysql::Row& row) {
        if (row.Int(1) < limit && row.Int(0) < newest.sequence) {
          last = row.Int(0);
        }
      }));
  if (last == 0) return 0;
  return session.Execute(kDeleteChanges, {last, kChangesRead});
}

}  // namespace kith::feed
