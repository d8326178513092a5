#include "interactions-svc/threads/thread_row.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr size_t kThreadIdBytes = 16;

constexpr size_t kEntriesRead = 1000;

// RowOf reads these columns by position.
const std::string kSelectThreads =
    "SELECT contact_id, thread_id, details, version FROM threads ";

const mysql::Statement kSelectThread(
    kSelectThreads +
    "WHERE tenant_id = ? AND contact_id = ? AND thread_id = ?");

// The index is named: on a wrong guess the server would sort.
const std::string kNewestOfState =
    kSelectThreads +
    "FORCE INDEX (by_state) "
    "WHERE tenant_id = ? AND contact_id = ? AND state = ? ";

const mysql::Statement kSelectLive(
    "(" + kNewestOfState +
    "ORDER BY opened_micros DESC, thread_id DESC LIMIT 100) UNION ALL (" +
    kNewestOfState + "ORDER BY opened_micros DESC, thread_id DESC LIMIT 100)");

const mysql::Statement kListByState(
    kNewestOfState +
    "AND opened_micros <= ? AND (opened_micros < ? OR thread_id < ?) "
    "ORDER BY opened_micros DESC, thread_id DESC LIMIT ?");

const mysql::Statement kSelectProblems(
    kSelectThreads +
    "FORCE INDEX (by_kind) WHERE tenant_id = ? AND contact_id = ? AND kind = ? "
    "ORDER BY opened_micros DESC, thread_id DESC LIMIT 500");

const mysql::Statement kInsertThread(
    "INSERT INTO threads (tenant_id, contact_id, thread_id, state, kind, "
    "opened_micros, details, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kUpdateThread(
    "UPDATE threads SET state = ?, kind = ?, opened_micros = ?, details = ?, "
    "version = ? WHERE tenant_id = ? AND contact_id = ? AND thread_id = ?");

const mysql::Statement kInsertThreadId(
    "INSERT INTO thread_ids (tenant_id, thread_id, contact_id) "
    "VALUES (?, ?, ?)");

const mysql::Statement kSelectThreadId(
    "SELECT contact_id FROM thread_ids WHERE tenant_id = ? AND thread_id = ?");

const mysql::Statement kSelectEntries(
    "SELECT occurred_micros, interaction_id, thread_word, thread_marks, "
    "identity_key, recorded_micros "
    "FROM interactions FORCE INDEX (by_thread) "
    "WHERE tenant_id = ? AND contact_id = ? AND thread_id = ? "
    "AND occurred_micros >= ? AND (occurred_micros > ? OR interaction_id > ?) "
    "ORDER BY occurred_micros, interaction_id LIMIT ?");

const mysql::Statement kUpdateEntry(
    "UPDATE interactions SET thread_id = ?, thread_marks = ? "
    "WHERE tenant_id = ? AND contact_id = ? AND occurred_micros = ? "
    "AND interaction_id = ?");

ThreadRow RowOf(const mysql::Row& row) {
  ThreadRow read;
  read.contact_id = Uuid::FromBytes(row.Bytes(0));
  read.thread_id = Uuid::FromBytes(row.Bytes(1));
  read.stored.ParseFromString(row.Bytes(2));
  read.version = row.Unsigned(3);
  read.stored.mutable_thread()->set_thread_id(read.thread_id.ToString());
  read.stored.mutable_thread()->set_contact_id(read.contact_id.ToString());
  return read;
}

ThreadEntry EntryOfRow(const mysql::Row& row) {
  return {.occurred_micros = SaidAt(row.Int(0), row.Int(5)),
          .interaction_id = Uuid::FromBytes(row.Bytes(1)),
          .word = static_cast<Word>(row.Int(2)),
          .marks = static_cast<uint32_t>(row.Int(3)),
          .identity_key = row.IsNull(4) ? std::string() : row.Bytes(4)};
}

absl::StatusOr<std::vector<ThreadRow>> SelectRows(
    const Tx& tx, absl::string_view sql,
    std::initializer_list<mysql::Param> params) {
  std::vector<ThreadRow> rows;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      sql, params, [&](const mysql::Row& row) { rows.push_back(RowOf(row)); }));
  return rows;
}

bool IsJoined(const v1::Thread& thread) {
  return !thread.joined_into_thread_id().empty();
}

// What the column `state` holds.
int32_t StateColumn(const v1::Thread& thread) {
  const bool resolved = thread.state() == v1::THREAD_STATE_RESOLVED;
  const bool is_continued =
      resolved && !thread.continued_by_thread_id().empty();
  return is_continued || IsJoined(thread) ? 0 : thread.state();
}

// What the column `kind` holds.
int32_t KindColumn(const v1::Thread& thread) {
  const bool wordless = thread.resolution() == v1::RESOLUTION_EMPTY;
  return wordless || IsJoined(thread) ? 0 : thread.kind();
}

std::string ThreadDetails(const ThreadRow& row) {
  internal::v1::StoredThread details = row.stored;
  details.mutable_thread()->clear_thread_id();
  details.mutable_thread()->clear_contact_id();
  details.mutable_thread()->clear_etag();
  return details.SerializeAsString();
}

}  // namespace

ThreadPlace ThreadPlace::Newest() {
  return {.opened_micros = std::numeric_limits<int64_t>::max(),
          .thread_id = Uuid::FromBytes(std::string(kThreadIdBytes, '\xFF'))};
}

ThreadPlace ThreadPlace::Of(const v1::Thread& thread) {
  return {.opened_micros = base::ToMicros(thread.opened_time()),
          .thread_id = Uuid::Parse(thread.thread_id()).value_or(Uuid())};
}

v1::Thread ShowThread(const ThreadRow& row) {
  v1::Thread thread = row.stored.thread();
  thread.set_etag(absl::StrCat(row.version));
  return thread;
}

absl::StatusOr<std::optional<Uuid>> ReadThreadContact(const Tx& tx,
                                                      const Uuid& thread_id) {
  std::optional<Uuid> contact_id;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kSelectThreadId, {tx.tenant_id(), thread_id.bytes()},
                       [&](const mysql::Row& row) {
                         contact_id = Uuid::FromBytes(row.Bytes(0));
                       }));
  return contact_id;
}

absl::StatusOr<std::optional<ThreadRow>> ReadThread(const Tx& tx,
                                                    const Uuid& contact_id,
                                                    const Uuid& thread_id) {
  KITH_ASSIGN_OR_RETURN(
      std::vector<ThreadRow> rows,
      SelectRows(tx, kSelectThread,
                 {tx.tenant_id(), contact_id.bytes(), thread_id.bytes()}));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

absl::StatusOr<std::vector<ThreadRow>> ReadLiveThreads(const Tx& tx,
                                                       const Uuid& contact_id) {
  return SelectRows(
      tx, kSelectLive,
      {tx.tenant_id(), contact_id.bytes(), v1::THREAD_STATE_OPEN,
       tx.tenant_id(), contact_id.bytes(), v1::THREAD_STATE_WAITING});
}

absl::StatusOr<std::vector<ThreadRow>> ReadThreadsByState(
    const Tx& tx, absl::Span<const ThreadRange> ranges,
    const ThreadPlace& after, int32_t limit) {
  std::vector<std::vector<mysql::Param>> runs;
  runs.reserve(ranges.size());
  for (const ThreadRange& range : ranges) {
    runs.push_back({tx.tenant_id(), range.contact_id.bytes(),
                    static_cast<int32_t>(range.state), after.opened_micros,
                    after.opened_micros, after.thread_id.bytes(), limit});
  }
  std::vector<ThreadRow> rows;
  KITH_RETURN_IF_ERROR(mysql::QueryRuns(
      tx.session, kListByState, runs, mysql::kMaxRuns,
      [&](size_t, const mysql::Row& row) { rows.push_back(RowOf(row)); }));
  return rows;
}

absl::StatusOr<std::vector<ThreadRow>> ReadProblems(const Tx& tx,
                                                    const Uuid& contact_id) {
  return SelectRows(
      tx, kSelectProblems,
      {tx.tenant_id(), contact_id.bytes(), v1::THREAD_KIND_PROBLEM});
}

absl::StatusOr<std::vector<ThreadEntry>> ReadEntries(const Tx& tx,
                                                     const Uuid& contact_id,
                                                     const Uuid& thread_id) {
  std::vector<ThreadEntry> entries;
  size_t read = 0;
  // Before all entries, at first.
  int64_t last_micros = -1;
  Uuid last_id;
  do {
    const size_t before = entries.size();
    const int64_t after_micros = last_micros;
    const Uuid after_id = last_id;
    KITH_RETURN_IF_ERROR(tx.session.Query(
        kSelectEntries,
        {tx.tenant_id(), contact_id.bytes(), thread_id.bytes(), after_micros,
         after_micros, after_id.bytes(), static_cast<int64_t>(kEntriesRead)},
        [&](const mysql::Row& row) {
          entries.push_back(EntryOfRow(row));
          last_micros = row.Int(0);
          last_id = entries.back().interaction_id;
        }));
    read = entries.size() - before;
  } while (read == kEntriesRead);
  return entries;
}

absl::Status WriteEntry(const Tx& tx, const ThreadRow& thread,
                        int64_t occurred_micros, const ThreadEntry& entry) {
  return tx.session
      .Execute(kUpdateEntry, {thread.thread_id.bytes(), int64_t{entry.marks},
                              tx.tenant_id(), thread.contact_id.bytes(),
                              occurred_micros, entry.interaction_id.bytes()})
      .status();
}

absl::Status WriteThread(const Tx& tx, ThreadRow& row) {
  const v1::Thread& thread = row.stored.thread();
  const std::string details = ThreadDetails(row);
  const int64_t opened = base::ToMicros(thread.opened_time());
  const int32_t kind = KindColumn(thread);
  if (row.version++ > 0) {
    return tx.session
        .Execute(kUpdateThread, {StateColumn(thread), kind, opened, details,
                                 row.version, tx.tenant_id(),
                                 row.contact_id.bytes(), row.thread_id.bytes()})
        .status();
  }
  KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertThreadId, {tx.tenant_id(), row.thread_id.bytes(),
                                     row.contact_id.bytes()})
          .status()));
  return tx.session
      .Execute(kInsertThread,
               {tx.tenant_id(), row.contact_id.bytes(), row.thread_id.bytes(),
                StateColumn(thread), kind, opened, details, row.version})
      .status();
}

}  // namespace kith::interactions
