#include "contacts-svc/groups/merge_edge_row.h"

#include <string>

#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using base::BytesOf;
using base::Uuid;
using mysql::Tx;

// FromEdgeRow reads these columns by position.
const std::string kSelectEdges =
    "SELECT contact_id, edge_order, edge_id, survivor_id, absorbed_id, "
    "details, merge_micros, reversal FROM merge_edges ";

// The LIMIT is never reached: a group has at most 20,000 edges in force.
const mysql::Statement kSelectEdgesInForce(
    kSelectEdges +
    "WHERE tenant_id = ? AND contact_id IN (:list) "
    "AND unmerge_micros IS NULL AND contact_id = survivor_id LIMIT 20001");

const mysql::Statement kSelectEdgesAfter(
    kSelectEdges +
    "WHERE tenant_id = ? AND contact_id = ? AND edge_order > ? "
    "ORDER BY edge_order LIMIT 500");

const mysql::Statement kSelectEdgesOf(
    kSelectEdges +
    "WHERE tenant_id = ? AND contact_id IN (:list) "
    "ORDER BY contact_id, edge_order LIMIT 500");

const mysql::Statement kInsertEdge(
    "INSERT INTO merge_edges (tenant_id, contact_id, edge_order, edge_id, "
    "survivor_id, absorbed_id, details, merge_micros) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kReverseEdge(
    "UPDATE merge_edges SET unmerge_micros = ?, reversal = ? "
    "WHERE tenant_id = ? AND contact_id = ? AND edge_order = ?");

const mysql::Statement kSelectCaused(
    "SELECT edge_id, contact_id FROM merge_causes "
    "WHERE tenant_id = ? AND cause_kind = ? AND cause_value = ? "
    "AND edge_id > ? ORDER BY edge_id LIMIT ?");

EdgeRow FromEdgeRow(const mysql::Row& row) {
  EdgeRow read;
  read.contact_id = Uuid::FromBytes(row.Bytes(0));
  read.order = row.Int(1);
  read.edge_id = Uuid::FromBytes(row.Bytes(2));
  read.survivor = Uuid::FromBytes(row.Bytes(3));
  read.absorbed = Uuid::FromBytes(row.Bytes(4));
  v1::MergeEdge& edge = read.edge;
  edge.ParseFromString(row.Bytes(5));
  edge.set_edge_id(read.edge_id.ToString());
  edge.set_survivor_id(read.survivor.ToString());
  edge.set_absorbed_id(read.absorbed.ToString());
  edge.set_edge_order(read.order);
  *edge.mutable_merge_time() = base::ToProto(row.Int(6));
  if (!row.IsNull(7)) edge.mutable_reversal()->ParseFromString(row.Bytes(7));
  return read;
}

absl::Status OnCause(const Tx& tx, const mysql::Statement& sql,
                     const EdgeRow& row) {
  const auto cause = CauseRowOf(tx.tenant_id(), row);
  if (!cause.has_value()) return absl::OkStatus();
  return tx.session.Execute(sql, mysql::ParamsOf(*cause)).status();
}

}  // namespace

const mysql::Statement kInsertCause(
    "INSERT INTO merge_causes "
    "(tenant_id, cause_kind, cause_value, edge_id, contact_id) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kDeleteCause(
    "DELETE FROM merge_causes WHERE tenant_id = ? AND cause_kind = ? "
    "AND cause_value = ? AND edge_id = ? AND contact_id = ?");

std::optional<mysql::LookupRow> CauseRowOf(uint64_t tenant_id,
                                           const EdgeRow& row) {
  const v1::MergeCause& cause = row.edge.cause();
  if (cause.value().empty()) return std::nullopt;
  return mysql::LookupRow{tenant_id, static_cast<uint64_t>(cause.kind()),
                          cause.value(), std::string(row.edge_id.bytes()),
                          std::string(row.survivor.bytes())};
}

EdgeRow NewEdge(const v1::MergeContactsRequest& request, const Uuid& absorbed,
                int64_t order, absl::Time now) {
  EdgeRow row;
  row.edge_id = Uuid::Make(now);
  row.survivor = *Uuid::Parse(request.survivor_id());
  row.absorbed = absorbed;
  row.contact_id = row.survivor;
  row.order = order;
  v1::MergeEdge& edge = row.edge;
  edge.set_edge_id(row.edge_id.ToString());
  edge.set_survivor_id(row.survivor.ToString());
  edge.set_absorbed_id(row.absorbed.ToString());
  edge.set_edge_order(order);
  *edge.mutable_cause() = request.cause();
  *edge.mutable_actor() = request.actor();
  edge.set_reason(request.reason());
  *edge.mutable_merge_time() = base::ToProto(now);
  return row;
}

absl::Status InsertEdge(const Tx& tx, const EdgeRow& row) {
  v1::MergeEdge details;
  *details.mutable_cause() = row.edge.cause();
  *details.mutable_actor() = row.edge.actor();
  details.set_reason(row.edge.reason());
  const std::string bytes = details.SerializeAsString();
  for (const Uuid* contact : {&row.survivor, &row.absorbed}) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kInsertEdge, {tx.tenant_id(), contact->bytes(), row.order,
                                   row.edge_id.bytes(), row.survivor.bytes(),
                                   row.absorbed.bytes(), bytes,
                                   base::ToMicros(row.edge.merge_time())})
            .status());
  }
  return OnCause(tx, kInsertCause, row);
}

absl::Status ReverseEdge(const Tx& tx, const v1::MergeReversal& reversal,
                         EdgeRow& row) {
  const std::string bytes = reversal.SerializeAsString();
  for (const Uuid* contact : {&row.survivor, &row.absorbed}) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kReverseEdge,
                     {base::ToMicros(reversal.unmerge_time()), bytes,
                      tx.tenant_id(), contact->bytes(), row.order})
            .status());
  }
  *row.edge.mutable_reversal() = reversal;
  return OnCause(tx, kDeleteCause, row);
}

absl::StatusOr<std::vector<EdgeRow>> SelectEdgesInForce(
    const Tx& tx, const std::vector<Uuid>& members) {
  std::vector<EdgeRow> edges;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectEdgesInForce, {tx.tenant_id()}, BytesOf(members),
      [&](const mysql::Row& row) { edges.push_back(FromEdgeRow(row)); }));
  return edges;
}

absl::StatusOr<std::vector<EdgeRow>> SelectEdgesAfter(const Tx& tx,
                                                      const Uuid& contact,
                                                      int64_t after) {
  std::vector<EdgeRow> edges;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectEdgesAfter, {tx.tenant_id(), contact.bytes(), after},
      [&](const mysql::Row& row) { edges.push_back(FromEdgeRow(row)); }));
  return edges;
}

absl::StatusOr<std::vector<EdgeRow>> SelectEdgesOf(
    const Tx& tx, const std::vector<Uuid>& contacts) {
  std::vector<EdgeRow> edges;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectEdgesOf, {tx.tenant_id()}, BytesOf(contacts),
      [&](const mysql::Row& row) { edges.push_back(FromEdgeRow(row)); }));
  return edges;
}

absl::StatusOr<std::vector<CausedEdge>> SelectCaused(
    const Tx& tx, const v1::MergeCause& cause, const Uuid& after,
    int32_t limit) {
  std::vector<CausedEdge> edges;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectCaused,
      {tx.tenant_id(), cause.kind(), cause.value(), after.bytes(), limit},
      [&](const mysql::Row& row) {
        edges.push_back(
            {Uuid::FromBytes(row.Bytes(0)), Uuid::FromBytes(row.Bytes(1))});
      }));
  return edges;
}

}  // namespace kith::contacts
