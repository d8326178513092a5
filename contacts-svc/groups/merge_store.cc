#include "contacts-svc/groups/merge_store.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_changes.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_reader.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/groups/not_same_row.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// One Merge in its transaction, with the groups of all its contacts locked.
class Merging {
 public:
  Merging(const Tx& tx, const v1::MergeContactsRequest& request,
          LockedGroups& groups)
      : tx_(tx),
        request_(request),
        groups_(groups),
        survivor_(groups.Of(*Uuid::Parse(request.survivor_id()))) {
    for (const std::string& id : request.absorbed_ids()) {
      absorbed_.push_back(*Uuid::Parse(id));
    }
  }

  // FAILED_PRECONDITION where it must not be.
  absl::Status Check() {
    if (request_.absorbed_are_anonymous()) {
      KITH_RETURN_IF_ERROR(CheckAnonymous());
    }
    int64_t members = 0;
    auto edges = static_cast<int64_t>(absorbed_.size());
    for (const auto& [id, row] : groups_.canonical()) {
      if (row.contact.stand_in()) return StandInError(id);
      if (row.contact.has_delete_time()) return ContactDeletedError(id);
      members += row.group_size;
      edges += row.group_edges;
    }
    if (members > api::kMaxGroupSize || edges > kMaxGroupEdges) {
      return GroupTooLargeError(members, edges);
    }
    return request_.actor().kind() == v1::ACTOR_KIND_PERSON ? absl::OkStatus()
                                                            : CheckNotSame();
  }

  // Adds the edges, whose orders rise from the first's.
  absl::StatusOr<std::vector<EdgeRow>> Join() {
    int64_t order = 0;
    for (const auto& [id, row] : groups_.canonical()) {
      order = std::max(order, row.edge_order);
    }
    std::vector<EdgeRow> edges;
    for (const Uuid& id : absorbed_) {
      edges.push_back(NewEdge(request_, id, ++order, tx_.now));
      KITH_RETURN_IF_ERROR(InsertEdge(tx_, edges.back()));
      if (request_.actor().kind() == v1::ACTOR_KIND_PERSON) {
        KITH_RETURN_IF_ERROR(DeleteNotSame(tx_, edges.back().survivor, id));
      }
    }
    for (auto& [id, row] : groups_.canonical()) {
      if (id != survivor_.id) KITH_RETURN_IF_ERROR(Absorb(row));
    }
    survivor_.group_edges += static_cast<int64_t>(edges.size());
    survivor_.edge_order = order;
    KITH_RETURN_IF_ERROR(WriteGroup(tx_, survivor_));
    return edges;
  }

 private:
  absl::Status CheckAnonymous() {
    for (const Uuid& id : absorbed_) {
      const ContactRow& row = groups_.Of(id);
      if (row.id == survivor_.id ||
          row.contact.stage() != v1::STAGE_ANONYMOUS) {
        return NotAnonymousError(id);
      }
    }
    return absl::OkStatus();
  }

  // Also of what is joined already: an edge that holds nothing today may hold a
  // pair together tomorrow.
  absl::Status CheckNotSame() {
    const Uuid survivor = *Uuid::Parse(request_.survivor_id());
    KITH_ASSIGN_OR_RETURN(bool refused, AnyNotSame(tx_, {survivor}, absorbed_));
    std::vector<Uuid> joined;
    for (auto& [id, row] : groups_.canonical()) {
      KITH_ASSIGN_OR_RETURN(std::vector<Uuid> side, SelectMembers(tx_, row));
      if (refused) break;
      const bool smaller = side.size() < joined.size();
      KITH_ASSIGN_OR_RETURN(refused, AnyNotSame(tx_, smaller ? side : joined,
                                                smaller ? joined : side));
      joined.insert(joined.end(), side.begin(), side.end());
    }
    return refused ? NotSameError() : absl::OkStatus();
  }

  absl::Status Absorb(const ContactRow& other) {
    KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> members,
                          SelectMembers(tx_, other));
    KITH_RETURN_IF_ERROR(MoveMembers(tx_, other.id, survivor_.id, members));
    survivor_.group_size += other.group_size;
    survivor_.group_edges += other.group_edges;
    return absl::OkStatus();
  }

  const Tx& tx_;
  const v1::MergeContactsRequest& request_;
  LockedGroups& groups_;
  ContactRow& survivor_;
  std::vector<Uuid> absorbed_;
};

// By which the edges of a request are found again.
std::string ResultOf(const std::vector<EdgeRow>& edges) {
  internal::v1::MergeResult result;
  result.set_survivor_id(std::string(edges.front().survivor.bytes()));
  result.set_first_order(edges.front().order);
  result.set_last_order(edges.back().order);
  return result.SerializeAsString();
}

// The edges that a request has made before.
absl::StatusOr<std::vector<EdgeRow>> MadeBefore(const Tx& tx,
                                                const std::string& stored) {
  internal::v1::MergeResult result;
  if (!result.ParseFromString(stored)) {
    return absl::InternalError("the stored result of a merge cannot be read");
  }
  KITH_ASSIGN_OR_RETURN(
      std::vector<EdgeRow> edges,
      SelectEdgesAfter(tx, Uuid::FromBytes(result.survivor_id()),
                       result.first_order() - 1));
  edges.resize(std::min<size_t>(
      edges.size(), result.last_order() - result.first_order() + 1));
  return edges;
}

absl::StatusOr<v1::MergeContactsResponse> Answer(const Tx& tx,
                                                 std::vector<EdgeRow> edges) {
  v1::MergeContactsResponse response;
  KITH_ASSIGN_OR_RETURN(*response.mutable_contact(),
                        ReadContact(tx, edges.front().survivor));
  for (EdgeRow& row : edges) *response.add_edges() = std::move(row.edge);
  return response;
}

std::vector<Uuid> Named(const v1::MergeContactsRequest& request) {
  std::vector<Uuid> ids = {*Uuid::Parse(request.survivor_id())};
  for (const std::string& id : request.absorbed_ids()) {
    ids.push_back(*Uuid::Parse(id));
  }
  return ids;
}

// Says by which field a contact was named that is not there.
absl::Status NameField(const Tx& tx, const std::vector<Uuid>& named,
                       absl::Status status) {
  if (!absl::IsNotFound(status)) return status;
  KITH_ASSIGN_OR_RETURN(const auto there, SelectCanonicalIds(tx, named));
  for (size_t i = 0; i < named.size(); ++i) {
    if (there.contains(named[i])) continue;
    const std::string field =
        i == 0 ? "survivor_id" : absl::StrCat("absorbed_ids[", i - 1, "]");
    return NoContactError(field, named[i]);
  }
  return status;
}

}  // namespace

absl::StatusOr<v1::MergeContactsResponse> MergeStore::Merge(
    const Tx& tx, const v1::MergeContactsRequest& request) const {
  const auto key = mysql::KeyOf(tx, request);
  if (request.survivor_id().empty()) {
    KITH_ASSIGN_OR_RETURN(const std::string known,
                          mysql::FindRepeated(tx, key));
    KITH_ASSIGN_OR_RETURN(std::vector<EdgeRow> edges, MadeBefore(tx, known));
    return Answer(tx, std::move(edges));
  }
  return MergeAs(tx, request, key, [] { return absl::OkStatus(); });
}

absl::StatusOr<v1::MergeContactsResponse> MergeStore::MergeAs(
    const Tx& tx, const v1::MergeContactsRequest& request,
    const mysql::IdempotencyKey& key,
    absl::FunctionRef<absl::Status()> also) const {
  std::vector<EdgeRow> edges;
  const std::vector<Uuid> named = Named(request);
  const absl::Status merged =
      WithLockedGroups(tx, named, [&](LockedGroups& groups) -> absl::Status {
        KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                              mysql::FindRequest(tx, key));
        if (known.has_value()) {
          KITH_ASSIGN_OR_RETURN(edges, MadeBefore(tx, *known));
          return absl::OkStatus();
        }
        KITH_RETURN_IF_ERROR(also());
        Merging merging(tx, request, groups);
        KITH_RETURN_IF_ERROR(merging.Check());
        KITH_ASSIGN_OR_RETURN(edges, merging.Join());
        KITH_RETURN_IF_ERROR(
            AddMergedChange(tx, groups.Of(named.front()), edges));
        return mysql::AddRequest(tx, key, ResultOf(edges));
      });
  KITH_RETURN_IF_ERROR(NameField(tx, named, merged));
  return Answer(tx, std::move(edges));
}

}  // namespace kith::contacts
