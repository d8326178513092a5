#include "contacts-svc/unmerge_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/lists.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/ops/sha256.h"
#include "common/ops/times.h"
#include "common/status/status_macros.h"
#include "contacts-svc/canonical_lock.h"
#include "contacts-svc/contact_changes.h"
#include "contacts-svc/group_row.h"
#include "contacts-svc/unmerge_answer.h"
#include "contacts-svc/unmerge_plan.h"

namespace kith::contacts {
namespace {

using mysql::Session;
using ops::RequestContext;
using ops::Uuid;

using Choice = absl::FunctionRef<bool(const EdgeRow&)>;

template <typename Request>
v1::MergeReversal Reversal(const Request& request, absl::Time now) {
  v1::MergeReversal reversal;
  *reversal.mutable_actor() = request.actor();
  reversal.set_reason(request.reason());
  *reversal.mutable_unmerge_time() = ops::ToProto(now);
  return reversal;
}

absl::StatusOr<ContactRow> SelectCanonical(Session& session, uint64_t tenant_id,
                                           const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(const auto canonical_ids,
                        SelectCanonicalIds(session, tenant_id, {id}));
  if (!canonical_ids.contains(id)) {
    return absl::NotFoundError(
        absl::StrCat("contact_id: no contact ", id.ToString()));
  }
  KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows,
                        SelectRows(session, tenant_id, {canonical_ids.at(id)}));
  return std::move(rows.front());
}

absl::StatusOr<v1::UnmergedGroup> DryRun(Session& session, uint64_t tenant_id,
                                         const Uuid& id, Choice remove) {
  v1::UnmergedGroup group;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const ContactRow canonical,
                          SelectCanonical(session, tenant_id, id));
    KITH_ASSIGN_OR_RETURN(
        const UnmergePlan plan,
        UnmergePlan::Read(session, tenant_id, canonical, remove));
    group = plan.Show();
    return absl::OkStatus();
  }));
  return group;
}

absl::Status NoSuchEdge() {
  return absl::NotFoundError(
      "edge_id: no such edge is in force in the group of this contact");
}

// What a request that was carried out leaves behind for its repeat: a contact
// that all removed edges are at, and when they were removed.
std::string Result(const Uuid& contact, absl::Time now) {
  return absl::StrCat(contact.ToString(), absl::ToUnixMicros(now));
}

struct Removed {
  Uuid contact;
  int64_t micros = 0;
};

Removed FromResult(const std::string& result) {
  Removed removed;
  const absl::string_view text = result;
  removed.contact = Uuid::Parse(text.substr(0, 36)).value_or(Uuid());
  if (!absl::SimpleAtoi(text.substr(36), &removed.micros)) removed.micros = 0;
  return removed;
}

// One taking apart of the group of a contact.
class TakingApart {
 public:
  // `removed`: which of the edges that it left behind, at that time and at its
  // contact, a request has removed.
  TakingApart(const RequestContext& context, Session& session,
              const mysql::Request& key, v1::MergeReversal reversal,
              Choice removed)
      : context_(context),
        session_(session),
        key_(key),
        reversal_(std::move(reversal)),
        removed_(removed) {}

  // `by_edge`: NOT_FOUND where there is nothing to remove.
  absl::StatusOr<v1::UnmergedGroup> Run(const Uuid& id, bool by_edge,
                                        Choice remove) {
    std::optional<v1::UnmergedGroup> group;
    std::optional<std::string> known;
    KITH_RETURN_IF_ERROR(OnGroups(
        context_, session_, {id}, [&](LockedGroups& groups) -> absl::Status {
          KITH_ASSIGN_OR_RETURN(known, mysql::FindRequest(session_, key_));
          if (known.has_value()) return absl::OkStatus();
          KITH_ASSIGN_OR_RETURN(
              UnmergePlan plan,
              UnmergePlan::Read(session_, tenant_id(), groups.Of(id), remove));
          if (by_edge && plan.empty()) return NoSuchEdge();
          KITH_RETURN_IF_ERROR(plan.Apply(session_, tenant_id(), reversal_));
          if (!plan.empty()) {
            KITH_RETURN_IF_ERROR(NoteUnmerged(session_, context_, now(),
                                              groups.Of(id), plan.removed()));
          }
          group = plan.Show();
          return mysql::AddRequest(
              session_, key_,
              Result(by_edge ? plan.removed().front().survivor : id, now()),
              now());
        }));
    // Where this call has run it, a COMMIT in doubt turned out to be done.
    if (group.has_value()) return *std::move(group);
    return ShowAgain(*known);
  }

  // What the request has removed before, with the groups as they are now.
  absl::StatusOr<v1::UnmergedGroup> ShowAgain(const std::string& result) {
    const Removed removed = FromResult(result);
    v1::UnmergedGroup group;
    KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(session_, [&]() -> absl::Status {
      KITH_ASSIGN_OR_RETURN(const std::vector<EdgeRow> edges,
                            SelectRemoved(removed));
      std::set<Uuid> ends = {removed.contact};
      for (const EdgeRow& edge : edges) {
        *group.add_removed_edges() = edge.edge;
        ends.insert({edge.survivor, edge.absorbed});
      }
      KITH_ASSIGN_OR_RETURN(const auto canonical_ids,
                            SelectCanonicalIds(session_, tenant_id(),
                                               {ends.begin(), ends.end()}));
      std::set<Uuid> groups;
      for (const auto& [id, canonical_id] : canonical_ids) {
        groups.insert(canonical_id);
      }
      for (const Uuid& id : groups) {
        KITH_RETURN_IF_ERROR(AddGroup(id, edges, group));
      }
      return absl::OkStatus();
    }));
    return group;
  }

 private:
  uint64_t tenant_id() const { return context_.tenant_id(); }
  absl::Time now() const { return ops::FromProto(reversal_.unmerge_time()); }

  absl::StatusOr<std::vector<EdgeRow>> SelectRemoved(const Removed& removed) {
    std::vector<EdgeRow> edges;
    int64_t after = 0;
    size_t read = mysql::kMaxListed;
    while (read == mysql::kMaxListed) {
      KITH_ASSIGN_OR_RETURN(
          std::vector<EdgeRow> rows,
          SelectEdgesAfter(session_, tenant_id(), removed.contact, after));
      read = rows.size();
      for (EdgeRow& row : rows) {
        after = row.order;
        if (ops::ToMicros(row.edge.reversal().unmerge_time()) ==
                removed.micros &&
            removed_(row)) {
          edges.push_back(std::move(row));
        }
      }
    }
    return edges;
  }

  absl::Status AddGroup(const Uuid& id, const std::vector<EdgeRow>& removed,
                        v1::UnmergedGroup& group) {
    KITH_ASSIGN_OR_RETURN(const ContactRow canonical,
                          SelectCanonical(session_, tenant_id(), id));
    KITH_ASSIGN_OR_RETURN(
        const UnmergePlan plan,
        UnmergePlan::Read(session_, tenant_id(), canonical,
                          [](const EdgeRow&) { return false; }));
    plan.AddParts(removed, group);
    return absl::OkStatus();
  }

  const RequestContext& context_;
  Session& session_;
  const mysql::Request& key_;
  const v1::MergeReversal reversal_;
  const Choice removed_;
};

// Takes all edges of the cause from the group of a contact.
absl::StatusOr<v1::UnmergedGroup> TakeCauseFrom(
    const RequestContext& context, Session& session,
    const v1::UnmergeByCauseRequest& request, const Uuid& contact,
    absl::Time now) {
  const auto remove = [&](const EdgeRow& edge) {
    return edge.edge.cause().kind() == request.cause().kind() &&
           edge.edge.cause().value() == request.cause().value();
  };
  if (request.dry_run()) {
    return DryRun(session, context.tenant_id(), contact, remove);
  }
  const std::string fingerprint = ops::Fingerprint(request);
  const std::string request_id = mysql::RequestIdOrOwn("", now);
  const mysql::Request key{.tenant_id = context.tenant_id(),
                           .request_id = request_id,
                           .method = "UnmergeByCause",
                           .fingerprint = fingerprint};
  return TakingApart(context, session, key, Reversal(request, now), remove)
      .Run(contact, false, remove);
}

}  // namespace

absl::StatusOr<v1::UnmergedGroup> UnmergeStore::Unmerge(
    const RequestContext& context, Session& session,
    const v1::UnmergeRequest& request) const {
  const absl::Time now = clock_.Now();
  const std::optional<Uuid> contact = Uuid::Parse(request.contact_id());
  const bool by_edge = request.has_edge_id();
  const Uuid edge_id = Uuid::Parse(request.edge_id()).value_or(Uuid());
  const auto remove = [&](const EdgeRow& edge) {
    return by_edge ? edge.edge_id == edge_id
                   : edge.survivor == *contact || edge.absorbed == *contact;
  };
  v1::UnmergedGroup group;
  if (request.dry_run()) {
    KITH_ASSIGN_OR_RETURN(
        group, DryRun(session, context.tenant_id(), *contact, remove));
    if (by_edge && group.removed_edges().empty()) return NoSuchEdge();
    Bound(group);
    return group;
  }
  const std::string fingerprint = mysql::RequestFingerprint(request);
  const std::string request_id =
      mysql::RequestIdOrOwn(request.request_id(), now);
  const mysql::Request key{.tenant_id = context.tenant_id(),
                           .request_id = request_id,
                           .method = "Unmerge",
                           .fingerprint = fingerprint};
  // A repeat may name another contact, or none: what the request has removed is
  // at the one that it named first.
  const auto removed = [&](const EdgeRow& edge) {
    return !by_edge || edge.edge_id == edge_id;
  };
  TakingApart taking(context, session, key, Reversal(request, now), removed);
  if (contact.has_value()) {
    KITH_ASSIGN_OR_RETURN(group, taking.Run(*contact, by_edge, remove));
  } else {
    KITH_ASSIGN_OR_RETURN(const std::string known,
                          mysql::FindRepeated(session, key));
    KITH_ASSIGN_OR_RETURN(group, taking.ShowAgain(known));
  }
  Bound(group);
  return group;
}

absl::StatusOr<UnmergedPage> UnmergeStore::UnmergeByCause(
    const RequestContext& context, Session& session,
    const v1::UnmergeByCauseRequest& request, const Uuid& after,
    int32_t limit) const {
  const absl::Time now = clock_.Now();
  KITH_ASSIGN_OR_RETURN(const std::vector<CausedEdge> caused,
                        SelectCaused(session, context.tenant_id(),
                                     request.cause(), after, limit));
  UnmergedPage page;
  size_t bytes = 0;
  absl::flat_hash_set<std::string> done;
  for (const CausedEdge& edge : caused) {
    if (bytes >= kFullPageBytes) return page;
    page.last = edge.edge_id;
    const std::string id = edge.edge_id.ToString();
    if (done.contains(id)) continue;
    KITH_ASSIGN_OR_RETURN(
        v1::UnmergedGroup group,
        TakeCauseFrom(context, session, request, edge.survivor, now));
    // Somebody else was faster.
    if (group.removed_edges().empty()) continue;
    std::string first = group.removed_edges(0).edge_id();
    for (const v1::MergeEdge& removed : group.removed_edges()) {
      first = std::min(first, removed.edge_id());
      done.insert(removed.edge_id());
    }
    // A dry run removes nothing: it has shown the group with its first edge.
    if (request.dry_run() && first != id) continue;
    Bound(group);
    bytes += group.ByteSizeLong();
    page.groups.push_back(std::move(group));
  }
  if (static_cast<int32_t>(caused.size()) < limit) page.last.reset();
  return page;
}

}  // namespace kith::contacts
