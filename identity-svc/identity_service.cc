#include "identity-svc/identity_service.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/limits.h"
#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "identity-svc/identity_validation.h"
#include "identity-svc/moves/interaction_move_store.h"
#include "identity-svc/moves/interaction_move_validation.h"
#include "identity-svc/values/value_reading.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::identity {
namespace {

using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;

using Tokens = api::PageTokens<internal::v1::IdentityPosition>;

// A handler that validates the request and then asks the store.
template <typename Request, typename Reply>
auto Handle(const HoldingStore& store,
            absl::StatusOr<Reply> (HoldingStore::*method)(const Tx&,
                                                          const Request&)
                const) {
  return [&store, method](const Tx& tx,
                          const Request& request) -> absl::StatusOr<Reply> {
    KITH_RETURN_IF_ERROR(Validate(request, tx.now));
    return (store.*method)(tx, request);
  };
}

// What a page token of the set is good for: its members, in any order.
std::string Binding(const Tx& tx, const MemberSet& set, bool include_past) {
  std::vector<std::string> ids;
  for (const Uuid& id : set.contact_ids) ids.push_back(id.ToString());
  std::sort(ids.begin(), ids.end());
  return absl::StrCat("ListIdentities/", tx.tenant_id(), "/",
                      absl::StrJoin(ids, ","), include_past ? "/past" : "");
}

absl::StatusOr<MemberSet> ReadSet(const Tx& tx,
                                  const common::v1::ContactSet& proto,
                                  bool include_past) {
  MemberSet set;
  for (const std::string& id : proto.contact_ids()) {
    set.contact_ids.push_back(*Uuid::Parse(id));
  }
  const Tokens tokens(Binding(tx, set, include_past));
  KITH_ASSIGN_OR_RETURN(auto position, tokens.Read(proto.page_token()));
  set.after_key = std::move(*position.mutable_identity_key());
  return set;
}

void Answer(const Tx& tx, const MemberSet& set, bool include_past,
            IdentityPage page, v1::ListIdentitiesResponse::Result& result) {
  for (v1::Identity& identity : page.identities) {
    *result.add_identities() = std::move(identity);
  }
  if (page.last_key.empty()) return;
  internal::v1::IdentityPosition last;
  last.set_identity_key(page.last_key);
  result.set_next_page_token(Tokens(Binding(tx, set, include_past)).Make(last));
}

// A message has a size.
constexpr int32_t kMaxIdentities = 10'000;

int32_t PageSize(const v1::ListIdentitiesRequest& request) {
  return std::min(
      api::PageSize(request.page_size(), 50, api::kMaxIdentitiesPerPage),
      kMaxIdentities / request.sets_size());
}

v1::ResolveIdentityResponse Answer(const Tx& tx, ResolvedValue value) {
  if (value.holder_page.has_value()) {
    Answer(tx, value.holder, /*include_past=*/false,
           *std::move(value.holder_page),
           *value.response.mutable_holder_identities());
  }
  return std::move(value.response);
}

// Resolves the valid requests of a batch, and returns for each its response or
// what is wrong with it.
absl::StatusOr<v1::BatchResolveIdentitiesResponse> ResolveEach(
    const Tx& tx, const IdentityReader& reader,
    const v1::BatchResolveIdentitiesRequest& batch) {
  KITH_RETURN_IF_ERROR(Validate(batch));
  v1::BatchResolveIdentitiesResponse response;
  std::vector<const v1::ResolveIdentityRequest*> valid;
  std::vector<v1::BatchResolveIdentitiesResponse::Result*> results;
  for (const v1::ResolveIdentityRequest& item : batch.requests()) {
    auto* result = response.add_results();
    if (absl::Status status = Validate(item); !status.ok()) {
      *result->mutable_error() = status::ToProto(status);
      continue;
    }
    valid.push_back(&item);
    results.push_back(result);
  }
  KITH_ASSIGN_OR_RETURN(std::vector<ResolvedValue> resolved,
                        reader.Resolve(tx, valid));
  for (size_t i = 0; i < resolved.size(); ++i) {
    *results[i]->mutable_response() = Answer(tx, std::move(resolved[i]));
  }
  return response;
}

absl::StatusOr<v1::ReadValueResponse> ReadEachWay(
    const Tx& tx, const v1::ReadValueRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  v1::ReadValueResponse response;
  for (Reading& read :
       ReadAny(request.value(), *tx.context.principal->tenant)) {
    v1::ValueReading& reading = *response.add_readings();
    *reading.mutable_identity() = std::move(read.identity);
    reading.set_reason(std::move(read.why));
    reading.set_refusal(std::move(read.refusal));
  }
  return response;
}

absl::StatusOr<v1::ListIdentitiesResponse> List(
    const Tx& tx, const IdentityReader& reader,
    const v1::ListIdentitiesRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  std::vector<MemberSet> sets;
  for (const common::v1::ContactSet& set : request.sets()) {
    KITH_ASSIGN_OR_RETURN(sets.emplace_back(),
                          ReadSet(tx, set, request.include_past()));
  }
  KITH_ASSIGN_OR_RETURN(
      std::vector<IdentityPage> pages,
      reader.List(tx, sets, PageSize(request), request.include_past()));
  v1::ListIdentitiesResponse response;
  for (size_t i = 0; i < pages.size(); ++i) {
    Answer(tx, sets[i], request.include_past(), std::move(pages[i]),
           *response.add_results());
  }
  return response;
}

}  // namespace

IdentityService::IdentityService(server::PooledCalls& calls) : calls_(calls) {}

IdentityService::~IdentityService() = default;

absl::StatusOr<v1::ClaimIdentitiesResponse> IdentityService::Claim(
    const Tx& tx, const v1::ClaimIdentitiesRequest& request) const {
  KITH_RETURN_IF_ERROR(Validate(request, tx.now));
  return store_.Claim(tx, request);
}

ServerUnaryReactor* IdentityService::ClaimIdentities(
    CallbackServerContext* call, const v1::ClaimIdentitiesRequest* request,
    v1::ClaimIdentitiesResponse* reply) {
  return calls_.Run(call, request, reply,
                    std::bind_front(&IdentityService::Claim, this));
}

ServerUnaryReactor* IdentityService::BatchClaimIdentities(
    CallbackServerContext* call, const v1::BatchClaimIdentitiesRequest* request,
    v1::BatchClaimIdentitiesResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchClaimIdentitiesRequest& batch)
          -> absl::StatusOr<v1::BatchClaimIdentitiesResponse> {
        KITH_RETURN_IF_ERROR(Validate(batch));
        v1::BatchClaimIdentitiesResponse response;
        for (const v1::ClaimIdentitiesRequest& item : batch.requests()) {
          status::SetResult(Claim(tx, item), *response.add_results());
        }
        return response;
      });
}

ServerUnaryReactor* IdentityService::ResolveIdentity(
    CallbackServerContext* call, const v1::ResolveIdentityRequest* request,
    v1::ResolveIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::ResolveIdentityRequest& one)
                        -> absl::StatusOr<v1::ResolveIdentityResponse> {
                      KITH_RETURN_IF_ERROR(Validate(one));
                      KITH_ASSIGN_OR_RETURN(auto resolved,
                                            reader_.Resolve(tx, {&one}));
                      return Answer(tx, std::move(resolved.front()));
                    });
}

ServerUnaryReactor* IdentityService::BatchResolveIdentities(
    CallbackServerContext* call,
    const v1::BatchResolveIdentitiesRequest* request,
    v1::BatchResolveIdentitiesResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchResolveIdentitiesRequest& batch) {
        return ResolveEach(tx, reader_, batch);
      });
}

ServerUnaryReactor* IdentityService::ReadValue(
    CallbackServerContext* call, const v1::ReadValueRequest* request,
    v1::ReadValueResponse* reply) {
  return calls_.Run(call, request, reply, ReadEachWay);
}

ServerUnaryReactor* IdentityService::ListIdentities(
    CallbackServerContext* call, const v1::ListIdentitiesRequest* request,
    v1::ListIdentitiesResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::ListIdentitiesRequest& list) {
        return List(tx, reader_, list);
      });
}

ServerUnaryReactor* IdentityService::LinkIdentity(
    CallbackServerContext* call, const v1::LinkIdentityRequest* request,
    v1::LinkIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(holdings_, &HoldingStore::Link));
}

ServerUnaryReactor* IdentityService::UnlinkIdentity(
    CallbackServerContext* call, const v1::UnlinkIdentityRequest* request,
    v1::UnlinkIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(holdings_, &HoldingStore::Unlink));
}

ServerUnaryReactor* IdentityService::MoveIdentity(
    CallbackServerContext* call, const v1::MoveIdentityRequest* request,
    v1::MoveIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(holdings_, &HoldingStore::Move));
}

ServerUnaryReactor* IdentityService::AdvanceInteractionMove(
    CallbackServerContext* call,
    const v1::AdvanceInteractionMoveRequest* request,
    v1::InteractionMove* reply) {
  return calls_.Run(
      call, request, reply,
      [](const Tx& tx, const v1::AdvanceInteractionMoveRequest& advance)
          -> absl::StatusOr<v1::InteractionMove> {
        KITH_RETURN_IF_ERROR(Validate(advance));
        return InteractionMoveStore().Advance(tx, advance);
      });
}

ServerUnaryReactor* IdentityService::VerifyHolding(
    CallbackServerContext* call, const v1::VerifyHoldingRequest* request,
    v1::VerifyHoldingResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(holdings_, &HoldingStore::Verify));
}

}  // namespace kith::identity
