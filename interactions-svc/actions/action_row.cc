#include "interactions-svc/actions/action_row.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredAction;
using mysql::Tx;

const mysql::Statement kSelectOpen(
    "SELECT contact_id, cause, details FROM actions "
    "WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kSelectEnded(
    "SELECT details FROM ended_actions FORCE INDEX (by_id) "
    "WHERE tenant_id = ? AND contact_id = ? AND action_id IN (:list) "
    "LIMIT 500");

const mysql::Statement kListEnded(
    "SELECT contact_id, ended_micros, action_id, details FROM ended_actions "
    "WHERE tenant_id = ? AND contact_id = ? AND ended_micros <= ? "
    "AND (ended_micros < ? OR action_id < ?) "
    "ORDER BY ended_micros DESC, action_id DESC LIMIT ?");

const mysql::Statement kInsertAction(
    "INSERT INTO actions (tenant_id, contact_id, cause, action_id, details) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateAction(
    "UPDATE actions SET details = ? "
    "WHERE tenant_id = ? AND contact_id = ? AND cause = ?");

const mysql::Statement kDeleteAction(
    "DELETE FROM actions "
    "WHERE tenant_id = ? AND contact_id = ? AND cause = ?");

const mysql::Statement kInsertEnded(
    "INSERT INTO ended_actions "
    "(tenant_id, contact_id, ended_micros, action_id, details) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kReadQueue(
    "SELECT contact_id, state, rank_micros FROM action_queue "
    "WHERE tenant_id = ? AND queue = ? AND state = ? "
    "AND rank_micros >= ? AND rank_micros <= ? "
    "ORDER BY rank_micros, contact_id LIMIT ?");

// The index is named: on a wrong guess the server would sort.
const mysql::Statement kReadHistory(
    "SELECT occurred_micros, interaction_id, kind, direction, purpose, "
    "outcome, recorded_micros, thread_id, details FROM interactions "
    "FORCE INDEX (PRIMARY) "
    "WHERE tenant_id = ? AND contact_id = ? AND occurred_micros >= ? "
    "ORDER BY occurred_micros, interaction_id LIMIT 500");

StoredAction ParseAction(const std::string& details) {
  StoredAction stored;
  stored.ParseFromString(details);
  return stored;
}

Uuid IdOf(const StoredAction& stored) {
  return Uuid::Parse(stored.action().action_id()).value_or(Uuid());
}

v1::Interaction HistoryRow(const mysql::Row& row) {
  v1::Interaction interaction;
  interaction.ParseFromString(row.Bytes(8));
  *interaction.mutable_occurred_time() = base::ToProto(row.Int(0));
  interaction.set_interaction_id(Uuid::FromBytes(row.Bytes(1)).ToString());
  interaction.set_kind(static_cast<v1::Kind>(row.Int(2)));
  interaction.set_direction(static_cast<v1::Direction>(row.Int(3)));
  interaction.set_purpose(static_cast<v1::Purpose>(row.Int(4)));
  interaction.set_outcome(static_cast<v1::Outcome>(row.Int(5)));
  *interaction.mutable_recorded_time() = base::ToProto(row.Int(6));
  interaction.set_thread_id(
      row.IsNull(7) ? "" : Uuid::FromBytes(row.Bytes(7)).ToString());
  return interaction;
}

}  // namespace

const mysql::Statement kInsertPlace(
    "INSERT INTO action_queue "
    "(tenant_id, queue, state, rank_micros, contact_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kDeletePlace(
    "DELETE FROM action_queue WHERE tenant_id = ? AND queue = ? AND state = ? "
    "AND rank_micros = ? AND contact_id = ?");

absl::StatusOr<std::map<Uuid, OpenActions>> ReadOpenActions(
    const Tx& tx, absl::Span<const Uuid> contact_ids) {
  std::map<Uuid, OpenActions> actions;
  const std::vector<Uuid> ids(contact_ids.begin(), contact_ids.end());
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectOpen, {tx.tenant_id()}, base::BytesOf(ids),
      [&](const mysql::Row& row) {
        actions[Uuid::FromBytes(row.Bytes(0))][row.Bytes(1)] =
            ParseAction(row.Bytes(2));
      }));
  return actions;
}

absl::StatusOr<std::vector<StoredAction>> ReadEndedActions(
    const Tx& tx, const Uuid& contact_id, absl::Span<const Uuid> action_ids) {
  std::vector<StoredAction> actions;
  const std::vector<Uuid> ids(action_ids.begin(), action_ids.end());
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectEnded, {tx.tenant_id(), contact_id.bytes()},
      base::BytesOf(ids), [&](const mysql::Row& row) {
        actions.push_back(ParseAction(row.Bytes(0)));
      }));
  return actions;
}

absl::StatusOr<std::vector<EndedAction>> ListEndedActions(
    const Tx& tx, absl::Span<const Uuid> contact_ids, int64_t before_micros,
    const Uuid& before_id, int32_t limit) {
  std::vector<std::vector<mysql::Param>> runs;
  runs.reserve(contact_ids.size());
  for (const Uuid& contact_id : contact_ids) {
    runs.push_back({tx.tenant_id(), contact_id.bytes(), before_micros,
                    before_micros, before_id.bytes(), limit});
  }
  std::vector<EndedAction> ended;
  KITH_RETURN_IF_ERROR(mysql::QueryRuns(
      tx.session, kListEnded, runs, mysql::kMaxRuns,
      [&](size_t, const mysql::Row& row) {
        ended.push_back({.contact_id = Uuid::FromBytes(row.Bytes(0)),
                         .ended_micros = row.Int(1),
                         .action_id = Uuid::FromBytes(row.Bytes(2)),
                         .stored = ParseAction(row.Bytes(3))});
      }));
  return ended;
}

absl::Status InsertAction(const Tx& tx, const Uuid& contact_id,
                          const StoredAction& stored) {
  const Uuid id = IdOf(stored);
  const std::string details = stored.SerializeAsString();
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertAction, {tx.tenant_id(), contact_id.bytes(),
                                   stored.cause_key(), id.bytes(), details})
          .status());
}

absl::Status UpdateAction(const Tx& tx, const Uuid& contact_id,
                          const StoredAction& stored) {
  const std::string details = stored.SerializeAsString();
  return tx.session
      .Execute(kUpdateAction, {details, tx.tenant_id(), contact_id.bytes(),
                               stored.cause_key()})
      .status();
}

absl::Status EndAction(const Tx& tx, const Uuid& contact_id, bool is_stored,
                       const StoredAction& stored) {
  if (is_stored) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kDeleteAction,
                     {tx.tenant_id(), contact_id.bytes(), stored.cause_key()})
            .status());
  }
  const Uuid id = IdOf(stored);
  const std::string details = stored.SerializeAsString();
  const int64_t micros = base::ToMicros(stored.action().end().end_time());
  return tx.session
      .Execute(kInsertEnded, {tx.tenant_id(), contact_id.bytes(), micros,
                              id.bytes(), details})
      .status();
}

absl::Status MovePlaces(const Tx& tx, const Uuid& contact_id,
                        const QueuePlaces& before, const QueuePlaces& after) {
  const auto execute = [&](const mysql::Statement& sql,
                           const QueuePlace& place) {
    return tx.session
        .Execute(sql, {tx.tenant_id(), place.queue,
                       static_cast<int32_t>(place.state), place.rank_micros,
                       contact_id.bytes()})
        .status();
  };
  for (const QueuePlace& place : before) {
    if (after.contains(place)) continue;
    KITH_RETURN_IF_ERROR(execute(kDeletePlace, place));
  }
  for (const QueuePlace& place : after) {
    if (before.contains(place)) continue;
    // Of two who are the first to record for a contact, no lock tells.
    KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(execute(kInsertPlace, place)));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<WaitingContact>> ReadQueues(
    const Tx& tx, absl::Span<const QueueRange> ranges, int32_t limit) {
  std::vector<std::vector<mysql::Param>> runs;
  runs.reserve(ranges.size());
  for (const QueueRange& range : ranges) {
    runs.push_back({tx.tenant_id(), range.queue,
                    static_cast<int32_t>(range.state), range.least, range.most,
                    limit});
  }
  std::vector<WaitingContact> waiting;
  KITH_RETURN_IF_ERROR(mysql::QueryRuns(
      tx.session, kReadQueue, runs, mysql::kMaxRuns,
      [&](size_t run, const mysql::Row& row) {
        waiting.push_back({.contact_id = Uuid::FromBytes(row.Bytes(0)),
                           .state = static_cast<QueueState>(row.Int(1)),
                           .rank_micros = row.Int(2),
                           .queue = run});
      }));
  return waiting;
}

absl::StatusOr<std::vector<v1::Interaction>> ReadHistory(const Tx& tx,
                                                         const Uuid& contact_id,
                                                         int64_t from_micros) {
  std::vector<v1::Interaction> history;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kReadHistory, {tx.tenant_id(), contact_id.bytes(), from_micros},
      [&](const mysql::Row& row) { history.push_back(HistoryRow(row)); }));
  return history;
}

}  // namespace kith::interactions
