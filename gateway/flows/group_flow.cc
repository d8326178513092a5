#include "gateway/flows/group_flow.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/field_faults.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/settled_reviews.h"

namespace kith::gateway {
namespace {

// Edges join contacts that differ.
absl::Status CheckDistinct(const std::vector<CustomerName>& names,
                           const std::vector<std::string>& ids) {
  api::Violations violations;
  std::set<std::string> seen;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!seen.insert(ids[i]).second) {
      violations.Add(names[i].field, "means a contact that was named before");
    }
  }
  return violations.ToStatus();
}

}  // namespace

Task<absl::Status> GroupFlow::Merge(const base::RequestContext& context,
                                    const v1::MergeContactsRequest& request,
                                    v1::MergeContactsResponse& response) const {
  api::Violations violations;
  violations.Count("absorbed", request.absorbed_size(), 1,
                   api::kMaxAbsorbedPerMerge);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<CustomerName> names = {{"survivor", &request.survivor()}};
  for (int i = 0; i < request.absorbed_size(); ++i) {
    names.push_back({absl::StrCat("absorbed[", i, "]"), &request.absorbed(i)});
  }
  const auto ids = co_await customers_.FindIds(context, names);
  const absl::Status found =
      ids.ok() ? CheckDistinct(names, *ids) : ids.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  contacts::v1::MergeContactsRequest merge;
  if (found.ok()) {
    merge.set_survivor_id(ids->front());
    merge.mutable_absorbed_ids()->Add(ids->begin() + 1, ids->end());
  }
  PassRequestId(request, merge);
  *merge.mutable_cause() = request.cause();
  *merge.mutable_actor() = request.actor();
  merge.set_reason(request.reason());
  auto call = backends_.Contacts(&Backends::ContactsStub::MergeContacts,
                                 std::move(merge), context);
  auto merged = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(
      found,
      RenameFields(RenameFields(merged.status(), "survivor_id", "survivor"),
                   "absorbed_ids", "absorbed")));
  response.mutable_contact()->Swap(merged->mutable_contact());
  response.mutable_edges()->Swap(merged->mutable_edges());
  co_await DismissReviewsOfMerged(context, backends_, response.contact(),
                                  request.actor());
  co_return absl::OkStatus();
}

Task<absl::Status> GroupFlow::Unmerge(
    const base::RequestContext& context,
    const v1::UnmergeContactsRequest& request,
    v1::UnmergeContactsResponse& response) const {
  const auto id = co_await customers_.FindId(context, request.customer());
  if (!id.ok() && !MayBeRepeat(id.status(), request)) co_return id.status();
  contacts::v1::UnmergeContactsRequest unmerge;
  if (id.ok()) unmerge.set_contact_id(*id);
  if (request.has_edge_id()) {
    unmerge.set_edge_id(request.edge_id());
  } else {
    unmerge.set_all_edges(request.all_edges());
  }
  *unmerge.mutable_actor() = request.actor();
  unmerge.set_reason(request.reason());
  unmerge.set_dry_run(request.dry_run());
  PassRequestId(request, unmerge);
  auto call = backends_.Contacts(&Backends::ContactsStub::UnmergeContacts,
                                 std::move(unmerge), context);
  auto unmerged = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(id.status(), unmerged.status()));
  response.mutable_group()->Swap(unmerged->mutable_group());
  co_return absl::OkStatus();
}

Task<absl::Status> GroupFlow::UndoMerges(
    const base::RequestContext& context, const v1::UndoMergesRequest& request,
    v1::UndoMergesResponse& response) const {
  contacts::v1::UndoMergesRequest unmerge;
  if (request.has_value()) {
    KITH_CO_ASSIGN_OR_RETURN(
        std::string key, co_await FindIdentityKey(context, request.value()));
    unmerge.mutable_cause()->set_kind(contacts::v1::MERGE_CAUSE_KIND_IDENTITY);
    unmerge.mutable_cause()->set_value(std::move(key));
  } else {
    *unmerge.mutable_cause() = request.cause();
  }
  *unmerge.mutable_actor() = request.actor();
  unmerge.set_reason(request.reason());
  unmerge.set_dry_run(request.dry_run());
  unmerge.set_page_size(request.page_size());
  unmerge.set_page_token(request.page_token());
  auto call = backends_.Contacts(&Backends::ContactsStub::UndoMerges,
                                 std::move(unmerge), context);
  KITH_CO_ASSIGN_OR_RETURN(auto unmerged, co_await call);
  response.mutable_groups()->Swap(unmerged.mutable_groups());
  response.set_next_page_token(unmerged.next_page_token());
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::string>> GroupFlow::FindIdentityKey(
    const base::RequestContext& context,
    const identity::v1::ChannelValue& value) const {
  identity::v1::BatchResolveIdentitiesRequest request;
  identity::v1::ResolveIdentityRequest& resolve = *request.add_requests();
  *resolve.mutable_value() = value;
  // The first to hold a value does so from ever, so that each that anybody ever
  // held is found in 1970.
  resolve.mutable_at_time();
  auto call = backends_.resolve().Call(std::move(request), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto response, co_await call);
  const auto& result = response.results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  std::set<std::string> keys;
  for (const auto& candidate : result.response().candidates()) {
    keys.insert(candidate.identity().identity_key());
  }
  if (keys.empty()) {
    co_return absl::NotFoundError("value: nobody ever held it");
  }
  if (keys.size() > 1) {
    co_return absl::FailedPreconditionError(
        "value: may mean more than one identity; name its channel and "
        "namespace");
  }
  co_return *keys.begin();
}

Task<absl::Status> GroupFlow::ListHistory(
    const base::RequestContext& context,
    const v1::ListMergeHistoryRequest& request,
    v1::ListMergeHistoryResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const std::string id,
      co_await customers_.FindId(context, request.customer()));
  contacts::v1::ListMergeHistoryRequest list;
  list.set_contact_id(id);
  list.set_page_size(request.page_size());
  list.set_page_token(request.page_token());
  auto call = backends_.Contacts(&Backends::ContactsStub::ListMergeHistory,
                                 std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  response.mutable_edges()->Swap(listed.mutable_edges());
  response.set_next_page_token(listed.next_page_token());
  response.set_canonical_id(listed.canonical_id());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
