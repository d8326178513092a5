#include "identity-svc/identity_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "identity-svc/identity_validation.h"

namespace kith::identity {
namespace {

using base::RequestContext;
using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Session;

// What a page token of the set is good for: its members, in any order.
std::string Binding(const RequestContext& context, const MemberSet& set) {
  std::vector<std::string> ids;
  for (const Uuid& id : set.contact_ids) ids.push_back(id.ToString());
  std::sort(ids.begin(), ids.end());
  return absl::StrCat("ListIdentities/", context.tenant_id(), "/",
                      absl::StrJoin(ids, ","));
}

absl::StatusOr<MemberSet> ReadSet(const RequestContext& context,
                                  const common::v1::ContactSet& proto) {
  MemberSet set;
  for (const std::string& id : proto.contact_ids()) {
    set.contact_ids.push_back(*Uuid::Parse(id));
  }
  KITH_ASSIGN_OR_RETURN(
      set.after_key,
      api::ReadPageToken(proto.page_token(), Binding(context, set)));
  return set;
}

void Answer(const RequestContext& context, const MemberSet& set,
            IdentityPage page, v1::ListIdentitiesResponse::Result& result) {
  for (v1::Identity& identity : page.identities) {
    *result.add_identities() = std::move(identity);
  }
  if (page.last_key.empty()) return;
  result.set_next_page_token(
      api::MakePageToken(page.last_key, Binding(context, set)));
}

// A message has a size.
constexpr int32_t kMostIdentities = 10'000;

int32_t PageSize(const v1::ListIdentitiesRequest& request) {
  return std::min(api::PageSize(request.page_size(), 50, 500),
                  kMostIdentities / request.sets_size());
}

}  // namespace

ServerUnaryReactor* IdentityService::Claim(CallbackServerContext* call,
                                           const v1::ClaimRequest* request,
                                           v1::ClaimResponse* reply) {
  return calls_.Run(call, "Claim",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request, clock_.Now()));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Claim(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* IdentityService::BatchClaim(
    CallbackServerContext* call, const v1::BatchClaimRequest* request,
    v1::BatchClaimResponse* reply) {
  return calls_.Run(call, "BatchClaim",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      const auto claim = [&](const v1::ClaimRequest& item)
                          -> absl::StatusOr<v1::ClaimResponse> {
                        KITH_RETURN_IF_ERROR(Validate(item, clock_.Now()));
                        return store_.Claim(context, session, item);
                      };
                      for (const v1::ClaimRequest& item : request->requests()) {
                        status::SetResult(claim(item), *reply->add_results());
                      }
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* IdentityService::Resolve(CallbackServerContext* call,
                                             const v1::ResolveRequest* request,
                                             v1::ResolveResponse* reply) {
  return calls_.Run(call, "Resolve",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          std::vector<v1::ResolveResponse> responses,
                          reader_.Resolve(context, session, {request}));
                      *reply = std::move(responses.front());
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* IdentityService::BatchResolve(
    CallbackServerContext* call, const v1::BatchResolveRequest* request,
    v1::BatchResolveResponse* reply) {
  return calls_.Run(
      call, "BatchResolve",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        std::vector<const v1::ResolveRequest*> valid;
        std::vector<v1::BatchResolveResponse::Result*> results;
        for (const v1::ResolveRequest& item : request->requests()) {
          auto* result = reply->add_results();
          if (absl::Status status = Validate(item); !status.ok()) {
            *result->mutable_error() = status::ToProto(status);
            continue;
          }
          valid.push_back(&item);
          results.push_back(result);
        }
        KITH_ASSIGN_OR_RETURN(std::vector<v1::ResolveResponse> responses,
                              reader_.Resolve(context, session, valid));
        for (size_t i = 0; i < responses.size(); ++i) {
          *results[i]->mutable_response() = std::move(responses[i]);
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* IdentityService::ListIdentities(
    CallbackServerContext* call, const v1::ListIdentitiesRequest* request,
    v1::ListIdentitiesResponse* reply) {
  return calls_.Run(
      call, "ListIdentities",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        std::vector<MemberSet> sets;
        for (const common::v1::ContactSet& set : request->sets()) {
          KITH_ASSIGN_OR_RETURN(sets.emplace_back(), ReadSet(context, set));
        }
        KITH_ASSIGN_OR_RETURN(
            std::vector<IdentityPage> pages,
            reader_.List(context, session, sets, PageSize(*request)));
        for (size_t i = 0; i < pages.size(); ++i) {
          Answer(context, sets[i], std::move(pages[i]), *reply->add_results());
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* IdentityService::LinkIdentity(
    CallbackServerContext* call, const v1::LinkIdentityRequest* request,
    v1::LinkIdentityResponse* reply) {
  return calls_.Run(call, "LinkIdentity",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply->mutable_identity(),
                          store_.Link(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* IdentityService::UnlinkIdentity(
    CallbackServerContext* call, const v1::UnlinkIdentityRequest* request,
    v1::UnlinkIdentityResponse* reply) {
  return calls_.Run(call, "UnlinkIdentity",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply->mutable_identity(),
                          store_.Unlink(context, session, *request));
                      return absl::OkStatus();
                    });
}

}  // namespace kith::identity
