#include "identity-svc/identity_service.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/api/limits.h"
#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_validation.h"
#include "identity-svc/consent_answers.h"
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
template <typename Store, typename Request, typename Reply>
auto Handle(const Store& store,
            absl::StatusOr<Reply> (Store::*method)(const Tx&, const Request&)
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

// Resolves requests, with the consents of holders where they ask for those.
absl::StatusOr<std::vector<v1::ResolveIdentityResponse>> Resolve(
    const Tx& tx, const IdentityReader& reader, const ConsentReader& consents,
    const std::vector<const v1::ResolveIdentityRequest*>& requests) {
  KITH_ASSIGN_OR_RETURN(std::vector<ResolvedValue> resolved,
                        reader.Resolve(tx, requests));
  std::vector<v1::ResolveIdentityResponse> responses(resolved.size());
  std::vector<CustomerIdentities> shown;
  for (size_t i = 0; i < resolved.size(); ++i) {
    std::vector<Uuid> holder = resolved[i].holder.contact_ids;
    responses[i] = Answer(tx, std::move(resolved[i]));
    if (!requests[i]->include_consents() || holder.empty()) continue;
    shown.push_back(
        {std::move(holder),
         responses[i].mutable_holder_identities()->mutable_identities()});
  }
  KITH_RETURN_IF_ERROR(consents.AddConsents(tx, shown));
  return responses;
}

// Resolves the valid requests of a batch, and returns for each its response or
// what is wrong with it.
absl::StatusOr<v1::BatchResolveIdentitiesResponse> ResolveEach(
    const Tx& tx, const IdentityReader& reader, const ConsentReader& consents,
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
  KITH_ASSIGN_OR_RETURN(auto resolved, Resolve(tx, reader, consents, valid));
  for (size_t i = 0; i < resolved.size(); ++i) {
    *results[i]->mutable_response() = std::move(resolved[i]);
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
    const Tx& tx, const IdentityReader& reader, const ConsentReader& consents,
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
  std::vector<CustomerIdentities> shown;
  for (size_t i = 0; i < pages.size(); ++i) {
    auto& result = *response.add_results();
    Answer(tx, sets[i], request.include_past(), std::move(pages[i]), result);
    shown.push_back({sets[i].contact_ids, result.mutable_identities()});
  }
  if (request.include_consents()) {
    KITH_RETURN_IF_ERROR(consents.AddConsents(tx, shown));
  }
  return response;
}

}  // namespace

IdentityService::IdentityService(server::PooledCalls& calls,
                                 const SuppressionKey& key)
    : calls_(calls), consent_store_(key), consent_reader_(key) {}

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
                      KITH_ASSIGN_OR_RETURN(
                          auto resolved,
                          Resolve(tx, reader_, consent_reader_, {&one}));
                      return std::move(resolved.front());
                    });
}

ServerUnaryReactor* IdentityService::BatchResolveIdentities(
    CallbackServerContext* call,
    const v1::BatchResolveIdentitiesRequest* request,
    v1::BatchResolveIdentitiesResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchResolveIdentitiesRequest& batch) {
        return ResolveEach(tx, reader_, consent_reader_, batch);
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
        return List(tx, reader_, consent_reader_, list);
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

ServerUnaryReactor* IdentityService::ShareIdentity(
    CallbackServerContext* call, const v1::ShareIdentityRequest* request,
    v1::ShareIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(sharings_, &SharingStore::Share));
}

ServerUnaryReactor* IdentityService::UnshareIdentity(
    CallbackServerContext* call, const v1::UnshareIdentityRequest* request,
    v1::UnshareIdentityResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(sharings_, &SharingStore::Unshare));
}

ServerUnaryReactor* IdentityService::RecordConsent(
    CallbackServerContext* call, const v1::RecordConsentRequest* request,
    v1::Consent* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::RecordConsentRequest& record)
                        -> absl::StatusOr<v1::Consent> {
                      KITH_RETURN_IF_ERROR(Validate(record, tx.now));
                      return consent_store_.Record(tx, record);
                    });
}

ServerUnaryReactor* IdentityService::ListConsents(
    CallbackServerContext* call, const v1::ListConsentsRequest* request,
    v1::ListConsentsResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::ListConsentsRequest& list) {
                      return ListConsentsOf(tx, consent_reader_, list);
                    });
}

ServerUnaryReactor* IdentityService::MayContact(
    CallbackServerContext* call, const v1::MayContactRequest* request,
    v1::MayContactResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::MayContactRequest& one) {
                      return DecideOne(tx, consent_reader_, one);
                    });
}

ServerUnaryReactor* IdentityService::BatchMayContact(
    CallbackServerContext* call, const v1::BatchMayContactRequest* request,
    v1::BatchMayContactResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchMayContactRequest& batch) {
        return DecideEach(tx, consent_reader_, batch);
      });
}

}  // namespace kith::identity
