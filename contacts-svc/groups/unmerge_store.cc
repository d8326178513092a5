#include "contacts-svc/groups/unmerge_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "common/api/page_token.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_changes.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/unmerge_answer.h"
#include "contacts-svc/groups/unmerge_plan.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

using Choice = absl::FunctionRef<bool(const EdgeRow&)>;

template <typename Request>
v1::MergeReversal Reversal(const Request& request, absl::Time now) {
  v1::MergeReversal reversal;
  *reversal.mutable_actor() = request.actor();
  reversal.set_reason(request.reason());
  *reversal.mutable_unmerge_time() = base::ToProto(now);
  return reversal;
}

absl::StatusOr<ContactRow> SelectCanonical(const Tx& tx, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(const Uuid canonical_id, SelectCanonicalId(tx, id));
  KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows,
                        SelectRows(tx, {canonical_id}));
  return std::move(rows.front());
}

absl::StatusOr<v1::UnmergedGroup> DryRun(const Tx& tx, const Uuid& id,
                                         Choice remove) {
  v1::UnmergedGroup group;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const ContactRow canonical, SelectCanonical(tx, id));
    KITH_ASSIGN_OR_RETURN(const UnmergePlan plan,
                          UnmergePlan::Read(tx, canonical, remove));
    group = plan.Show();
    return absl::OkStatus();
  }));
  return group;
}

absl::Status NoSuchEdgeError() {
  return absl::NotFoundError(
      "edge_id: no such edge is in force in the group of this contact");
}

// What a request that was carried out leaves behind for its repeat: a contact
// that all removed edges are at, and when they were removed.
std::string Result(const Uuid& contact, absl::Time now) {
  internal::v1::UnmergeResult result;
  result.set_contact_id(std::string(contact.bytes()));
  result.set_unmerge_micros(absl::ToUnixMicros(now));
  return result.SerializeAsString();
}

struct Removed {
  Uuid contact;
  int64_t micros = 0;
};

absl::StatusOr<Removed> FromResult(const std::string& stored) {
  internal::v1::UnmergeResult result;
  if (!result.ParseFromString(stored)) {
    return absl::InternalError(
        "the stored result of an unmerge cannot be read");
  }
  return Removed{Uuid::FromBytes(result.contact_id()), result.unmerge_micros()};
}

// What an unmerge that was carried out before has removed.
absl::StatusOr<std::vector<EdgeRow>> SelectRemoved(const Tx& tx,
                                                   const Removed& removed,
                                                   Choice was_removed) {
  std::vector<EdgeRow> edges;
  int64_t after = 0;
  size_t read = mysql::kMaxListed;
  while (read == mysql::kMaxListed) {
    KITH_ASSIGN_OR_RETURN(std::vector<EdgeRow> rows,
                          SelectEdgesAfter(tx, removed.contact, after));
    read = rows.size();
    for (EdgeRow& row : rows) {
      after = row.order;
      const auto time = base::ToMicros(row.edge.reversal().unmerge_time());
      if (time == removed.micros && was_removed(row)) {
        edges.push_back(std::move(row));
      }
    }
  }
  return edges;
}

// Adds the parts of a group as it is now.
absl::Status AddParts(const Tx& tx, const Uuid& id,
                      const std::vector<EdgeRow>& removed,
                      v1::UnmergedGroup& group) {
  KITH_ASSIGN_OR_RETURN(const ContactRow canonical, SelectCanonical(tx, id));
  KITH_ASSIGN_OR_RETURN(
      const UnmergePlan plan,
      UnmergePlan::Read(tx, canonical, [](const EdgeRow&) { return false; }));
  plan.AddParts(removed, group);
  return absl::OkStatus();
}

// The answer for a repeated request: the edges that it removed the first time,
// with the groups as they are now.
absl::StatusOr<v1::UnmergedGroup> ShowRemoved(const Tx& tx,
                                              const Removed& removed,
                                              Choice was_removed) {
  v1::UnmergedGroup group;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const std::vector<EdgeRow> edges,
                          SelectRemoved(tx, removed, was_removed));
    std::set<Uuid> ends = {removed.contact};
    for (const EdgeRow& edge : edges) {
      *group.add_removed_edges() = edge.edge;
      ends.insert({edge.survivor, edge.absorbed});
    }
    KITH_ASSIGN_OR_RETURN(const auto canonical_ids,
                          SelectCanonicalIds(tx, {ends.begin(), ends.end()}));
    std::set<Uuid> groups;
    for (const auto& [id, canonical_id] : canonical_ids) {
      groups.insert(canonical_id);
    }
    for (const Uuid& id : groups) {
      KITH_RETURN_IF_ERROR(AddParts(tx, id, edges, group));
    }
    return absl::OkStatus();
  }));
  return group;
}

// What an unmerge has come to: the group it took apart, or, if the request was
// carried out before, its stored result.
struct Outcome {
  std::optional<v1::UnmergedGroup> group;
  std::optional<std::string> known;
};

// Removes the chosen edges from the group of `id`, under the group's lock.
// With `one_edge`, NOT_FOUND if nothing is chosen.
absl::StatusOr<Outcome> RemoveEdges(const Tx& tx,
                                    const mysql::IdempotencyKey& key,
                                    const v1::MergeReversal& reversal,
                                    NotSameObserver on_not_same, const Uuid& id,
                                    bool one_edge, Choice remove) {
  Outcome outcome;
  const auto unmerge = [&](LockedGroups& groups) -> absl::Status {
    KITH_ASSIGN_OR_RETURN(outcome.known, mysql::FindRequest(tx, key));
    if (outcome.known.has_value()) return absl::OkStatus();
    KITH_ASSIGN_OR_RETURN(UnmergePlan plan,
                          UnmergePlan::Read(tx, groups.Of(id), remove));
    if (one_edge && plan.empty()) return NoSuchEdgeError();
    KITH_RETURN_IF_ERROR(plan.Apply(tx, reversal, on_not_same));
    if (!plan.empty()) {
      KITH_RETURN_IF_ERROR(
          AddUnmergedChange(tx, groups.Of(id), plan.removed()));
    }
    outcome.group = plan.Show();
    const Uuid& end = one_edge ? plan.removed().front().survivor : id;
    return mysql::AddRequest(tx, key, Result(end, tx.now));
  };
  KITH_RETURN_IF_ERROR(WithLockedGroups(tx, {id}, unmerge));
  // A COMMIT in doubt that turned out to be done leaves both: this call did it.
  return outcome;
}

// Returns the condition of the edges that the request removes from the group of
// `contact`.
auto EdgesOf(const v1::UnmergeContactsRequest& request, const Uuid& contact) {
  return [by_edge = request.has_edge_id(), contact,
          edge_id = Uuid::Parse(request.edge_id()).value_or(Uuid())](
             const EdgeRow& edge) {
    return by_edge ? edge.edge_id == edge_id
                   : edge.survivor == contact || edge.absorbed == contact;
  };
}

absl::StatusOr<v1::UnmergedGroup> ShowUnmerge(
    const Tx& tx, const v1::UnmergeContactsRequest& request) {
  const Uuid contact = *Uuid::Parse(request.contact_id());
  KITH_ASSIGN_OR_RETURN(v1::UnmergedGroup group,
                        DryRun(tx, contact, EdgesOf(request, contact)));
  if (request.has_edge_id() && group.removed_edges().empty()) {
    return NoSuchEdgeError();
  }
  return group;
}

absl::StatusOr<v1::UnmergedGroup> RunUnmerge(
    const Tx& tx, const v1::UnmergeContactsRequest& request,
    NotSameObserver on_not_same) {
  const auto key = mysql::KeyOf(tx, request);
  const std::optional<Uuid> contact = Uuid::Parse(request.contact_id());
  Outcome outcome;
  if (contact.has_value()) {
    KITH_ASSIGN_OR_RETURN(
        outcome,
        RemoveEdges(tx, key, Reversal(request, tx.now), on_not_same, *contact,
                    request.has_edge_id(), EdgesOf(request, *contact)));
  } else {
    KITH_ASSIGN_OR_RETURN(outcome.known, mysql::FindRepeated(tx, key));
  }
  if (outcome.group.has_value()) return *std::move(outcome.group);
  // A repeat may name another contact, or none: what the request has removed is
  // at the contact that it named first.
  KITH_ASSIGN_OR_RETURN(const Removed removed, FromResult(*outcome.known));
  const auto was_removed = [&](const EdgeRow& edge) {
    return !request.has_edge_id() ||
           edge.edge_id == Uuid::Parse(request.edge_id());
  };
  return ShowRemoved(tx, removed, was_removed);
}

// Removes all edges of the cause from the group of a contact.
absl::StatusOr<v1::UnmergedGroup> RemoveCause(
    const Tx& tx, const v1::UndoMergesRequest& request,
    NotSameObserver on_not_same, const Uuid& contact) {
  const auto remove = [&](const EdgeRow& edge) {
    return edge.edge.cause().kind() == request.cause().kind() &&
           edge.edge.cause().value() == request.cause().value();
  };
  if (request.dry_run()) {
    return DryRun(tx, contact, remove);
  }
  const std::string fingerprint = base::Fingerprint(request);
  const std::string request_id = mysql::RequestIdOrOwn("", tx.now);
  const mysql::IdempotencyKey key{.request_id = request_id,
                                  .method = "UndoMerges",
                                  .fingerprint = fingerprint};
  KITH_ASSIGN_OR_RETURN(
      const Outcome outcome,
      RemoveEdges(tx, key, Reversal(request, tx.now), on_not_same, contact,
                  /*one_edge=*/false, remove));
  if (outcome.group.has_value()) return *outcome.group;
  KITH_ASSIGN_OR_RETURN(const Removed removed, FromResult(*outcome.known));
  return ShowRemoved(tx, removed, remove);
}

// Adds the removed edges to `done`, and returns whether the page shows the
// group by the edge `id`: if anything was removed and, in a dry run, which
// removes nothing, if this is the group's first edge.
bool IsFirstOf(const v1::UnmergedGroup& group, const std::string& id,
               bool dry_run, absl::flat_hash_set<std::string>& done) {
  if (group.removed_edges().empty()) return false;
  std::string first = group.removed_edges(0).edge_id();
  for (const v1::MergeEdge& removed : group.removed_edges()) {
    first = std::min(first, removed.edge_id());
    done.insert(removed.edge_id());
  }
  return !dry_run || first == id;
}

}  // namespace

absl::StatusOr<v1::UnmergeContactsResponse> UnmergeStore::Unmerge(
    const Tx& tx, const v1::UnmergeContactsRequest& request) const {
  v1::UnmergeContactsResponse response;
  KITH_ASSIGN_OR_RETURN(*response.mutable_group(),
                        request.dry_run()
                            ? ShowUnmerge(tx, request)
                            : RunUnmerge(tx, request, on_not_same_));
  Bound(*response.mutable_group());
  return response;
}

absl::StatusOr<v1::UndoMergesResponse> UnmergeStore::UndoMerges(
    const Tx& tx, const v1::UndoMergesRequest& request) const {
  const api::PageTokens<internal::v1::EdgePosition> tokens(
      "UndoMerges/", tx.tenant_id(), "/", request.dry_run(), "/",
      request.cause().kind(), "/", request.cause().value());
  KITH_ASSIGN_OR_RETURN(const auto position, tokens.Read(request.page_token()));
  const Uuid after = Uuid::FromBytes(position.edge_id());
  const int32_t limit = api::PageSize(request.page_size(), 20, 100);
  KITH_ASSIGN_OR_RETURN(const std::vector<CausedEdge> caused,
                        SelectCaused(tx, request.cause(), after, limit));
  v1::UndoMergesResponse response;
  internal::v1::EdgePosition last;
  size_t bytes = 0;
  absl::flat_hash_set<std::string> done;
  for (const CausedEdge& edge : caused) {
    if (bytes >= kFullPageBytes) {
      response.set_next_page_token(tokens.Make(last));
      return response;
    }
    last.set_edge_id(std::string(edge.edge_id.bytes()));
    const std::string id = edge.edge_id.ToString();
    if (done.contains(id)) continue;
    KITH_ASSIGN_OR_RETURN(
        v1::UnmergedGroup group,
        RemoveCause(tx, request, on_not_same_, edge.survivor));
    // Another call was faster, or a dry run has shown the group already.
    if (!IsFirstOf(group, id, request.dry_run(), done)) continue;
    Bound(group);
    bytes += group.ByteSizeLong();
    *response.add_groups() = std::move(group);
  }
  if (static_cast<int32_t>(caused.size()) == limit) {
    response.set_next_page_token(tokens.Make(last));
  }
  return response;
}

}  // namespace kith::contacts
