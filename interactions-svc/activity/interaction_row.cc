#include "interactions-svc/activity/interaction_row.h"

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/times.h"
#include "common/mysql/statement.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_fields.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Param;
using mysql::Tx;

// SetColumns reads these by position.
const std::string kSelectColumns =
    "SELECT contact_id, occurred_micros, interaction_id, kind, direction, "
    "purpose, outcome, identity_key, recorded_micros, details, thread_id "
    "FROM interactions ";

const mysql::Statement kSelectInteraction(
    kSelectColumns +
    "WHERE tenant_id = ? AND contact_id = ? "
    "AND occurred_micros = ? AND interaction_id = ?");

const mysql::Statement kInsertInteraction(
    "INSERT INTO interactions (tenant_id, contact_id, occurred_micros, "
    "interaction_id, kind, direction, purpose, outcome, activity, "
    "identity_key, recorded_micros, details, thread_id, thread_word, "
    "thread_marks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kDeleteInteraction(
    "DELETE FROM interactions WHERE tenant_id = ? AND contact_id = ? "
    "AND occurred_micros = ? AND interaction_id = ?");

const mysql::Statement kFirstMicros(
    "SELECT occurred_micros FROM interactions FORCE INDEX (by_activity) "
    "WHERE tenant_id = ? AND contact_id = ? AND activity = ? "
    "ORDER BY occurred_micros LIMIT 1");

const mysql::Statement kLastMicros(
    "SELECT occurred_micros FROM interactions FORCE INDEX (by_activity) "
    "WHERE tenant_id = ? AND contact_id = ? AND activity = ? "
    "AND occurred_micros <= ? ORDER BY occurred_micros DESC LIMIT 1");

const mysql::Statement kListFuture(
    kSelectColumns +
    "FORCE INDEX (PRIMARY) "
    "WHERE tenant_id = ? AND contact_id = ? AND occurred_micros > ? "
    "AND occurred_micros <= ? AND (occurred_micros < ? OR interaction_id < ?) "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

// What is counted together. 0 for what the summary does not count.
int32_t Activity(const v1::Interaction& interaction) {
  if (!IsCounted(interaction)) return 0;
  return interaction.kind() << 8 | interaction.direction() << 4 |
         CountedOutcome(interaction);
}

Location LocationOf(const mysql::Row& row) {
  return {.contact_id = Uuid::FromBytes(row.Bytes(0)),
          .occurred_micros = row.Int(1),
          .interaction_id = Uuid::FromBytes(row.Bytes(2))};
}

// Sets all fields that have a column of their own.
void SetColumns(const mysql::Row& row, const Location& location,
                v1::Interaction& interaction) {
  interaction.set_contact_id(location.contact_id.ToString());
  *interaction.mutable_occurred_time() =
      base::ToProto(location.occurred_micros);
  interaction.set_interaction_id(location.interaction_id.ToString());
  interaction.set_kind(static_cast<v1::Kind>(row.Int(3)));
  interaction.set_direction(static_cast<v1::Direction>(row.Int(4)));
  interaction.set_purpose(static_cast<v1::Purpose>(row.Int(5)));
  interaction.set_outcome(static_cast<v1::Outcome>(row.Int(6)));
  interaction.set_identity_key(
      row.IsNull(7) ? "" : absl::BytesToHexString(row.Bytes(7)));
  *interaction.mutable_recorded_time() = base::ToProto(row.Int(8));
  interaction.set_thread_id(
      row.IsNull(10) ? "" : Uuid::FromBytes(row.Bytes(10)).ToString());
}

// The fields that have no column of their own.
std::string Details(const v1::Interaction& interaction) {
  v1::Interaction details = interaction;
  details.clear_interaction_id();
  details.clear_contact_id();
  details.clear_identity_key();
  details.clear_occurred_time();
  details.clear_recorded_time();
  details.clear_kind();
  details.clear_direction();
  details.clear_purpose();
  details.clear_outcome();
  details.clear_thread_id();
  return details.SerializeAsString();
}

absl::StatusOr<std::optional<int64_t>> SeekMicros(
    const Tx& tx, absl::string_view sql, const std::vector<Param>& params) {
  std::optional<int64_t> micros;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      sql, params, [&](const mysql::Row& row) { micros = row.Int(0); }));
  return micros;
}

}  // namespace

// The indexes are named: on a wrong guess the server would read and sort the
// whole history.

const mysql::Statement kListInteractions(
    kSelectColumns +
    "FORCE INDEX (PRIMARY) "
    "WHERE tenant_id = ? AND contact_id = ? AND occurred_micros <= ? "
    "AND (occurred_micros < ? OR interaction_id < ?) "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

const mysql::Statement kListByKind(
    kSelectColumns +
    "FORCE INDEX (by_kind) "
    "WHERE tenant_id = ? AND contact_id = ? AND kind = ? "
    "AND occurred_micros <= ? AND (occurred_micros < ? OR interaction_id < ?) "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

const mysql::Statement kListByIdentity(
    kSelectColumns +
    "FORCE INDEX (by_identity) "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ? "
    "AND occurred_micros <= ? AND (occurred_micros < ? OR interaction_id < ?) "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

const mysql::Statement kListByThread(
    kSelectColumns +
    "FORCE INDEX (by_thread) "
    "WHERE tenant_id = ? AND contact_id = ? AND thread_id = ? "
    "AND occurred_micros <= ? AND (occurred_micros < ? OR interaction_id < ?) "
    "ORDER BY occurred_micros DESC, interaction_id DESC LIMIT ?");

v1::Interaction FromRow(const mysql::Row& row) {
  v1::Interaction interaction;
  interaction.ParseFromString(row.Bytes(9));
  SetColumns(row, LocationOf(row), interaction);
  return interaction;
}

EncodedInteraction EncodedFromRow(const mysql::Row& row) {
  // Used again and again, so that it has its memory already.
  thread_local v1::Interaction columns;
  EncodedInteraction encoded = {LocationOf(row), row.Bytes(9)};
  SetColumns(row, encoded.location, columns);
  // The encoding of a message is that of its fields, one after the other.
  columns.AppendToString(&encoded.bytes);
  return encoded;
}

absl::StatusOr<std::optional<v1::Interaction>> ReadInteraction(
    const Tx& tx, const Location& location) {
  std::optional<v1::Interaction> interaction;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectInteraction,
      {tx.tenant_id(), location.contact_id.bytes(), location.occurred_micros,
       location.interaction_id.bytes()},
      [&](const mysql::Row& row) { interaction = FromRow(row); }));
  return interaction;
}

absl::StatusOr<std::vector<v1::Interaction>> ReadFuture(const Tx& tx,
                                                        const Uuid& contact_id,
                                                        int64_t micros,
                                                        const Location& after,
                                                        int32_t limit) {
  std::vector<v1::Interaction> interactions;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kListFuture,
      {tx.tenant_id(), contact_id.bytes(), micros, after.occurred_micros,
       after.occurred_micros, after.interaction_id.bytes(), limit},
      [&](const mysql::Row& row) { interactions.push_back(FromRow(row)); }));
  return interactions;
}

absl::Status InsertInteraction(const Tx& tx, const v1::Interaction& interaction,
                               const ThreadEntry& entry) {
  const Location location = Location::Of(interaction);
  const std::string identity_key =
      absl::HexStringToBytes(interaction.identity_key());
  const std::optional<Uuid> thread_id = Uuid::Parse(interaction.thread_id());
  const std::string details = Details(interaction);
  return tx.session
      .Execute(
          kInsertInteraction,
          {tx.tenant_id(), location.contact_id.bytes(),
           location.occurred_micros, location.interaction_id.bytes(),
           interaction.kind(), interaction.direction(), interaction.purpose(),
           interaction.outcome(), Activity(interaction),
           identity_key.empty() ? Param(nullptr) : Param(identity_key),
           base::ToMicros(interaction.recorded_time()), details,
           thread_id.has_value() ? Param(thread_id->bytes()) : Param(nullptr),
           static_cast<int32_t>(entry.word), int64_t{entry.marks}})
      .status();
}

absl::Status ReplaceInteraction(const Tx& tx, const Location& old,
                                const v1::Interaction& interaction,
                                const ThreadEntry& entry) {
  KITH_RETURN_IF_ERROR(
      tx.session
          .Execute(kDeleteInteraction,
                   {tx.tenant_id(), old.contact_id.bytes(), old.occurred_micros,
                    old.interaction_id.bytes()})
          .status());
  return InsertInteraction(tx, interaction, entry);
}

absl::StatusOr<std::optional<int64_t>> FirstMicros(
    const Tx& tx, const v1::Interaction& interaction) {
  const Uuid contact_id = Location::Of(interaction).contact_id;
  return SeekMicros(
      tx, kFirstMicros,
      {tx.tenant_id(), contact_id.bytes(), Activity(interaction)});
}

absl::StatusOr<std::optional<int64_t>> LastMicros(
    const Tx& tx, const v1::Interaction& interaction, int64_t most_micros) {
  const Uuid contact_id = Location::Of(interaction).contact_id;
  return SeekMicros(
      tx, kLastMicros,
      {tx.tenant_id(), contact_id.bytes(), Activity(interaction), most_micros});
}

}  // namespace kith::interactions
