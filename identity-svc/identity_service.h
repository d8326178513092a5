#ifndef KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_
#define KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_

#include "common/server/pooled_calls.h"
#include "identity-svc/consent_reader.h"
#include "identity-svc/consent_store.h"
#include "identity-svc/holding_store.h"
#include "identity-svc/identity_reader.h"
#include "identity-svc/identity_store.h"
#include "identity-svc/sharing_store.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"

namespace kith::identity {

// The RPCs of identity-svc: each validates its request and calls the store or
// the reader. Thread-safe.
class IdentityService final : public v1::IdentityService::CallbackService {
 public:
  // `calls` must outlive the service.
  IdentityService(server::PooledCalls& calls, const SuppressionKey& key);
  ~IdentityService() override;

  grpc::ServerUnaryReactor* ClaimIdentities(
      grpc::CallbackServerContext* call,
      const v1::ClaimIdentitiesRequest* request,
      v1::ClaimIdentitiesResponse* reply) override;

  grpc::ServerUnaryReactor* BatchClaimIdentities(
      grpc::CallbackServerContext* call,
      const v1::BatchClaimIdentitiesRequest* request,
      v1::BatchClaimIdentitiesResponse* reply) override;

  grpc::ServerUnaryReactor* ResolveIdentity(
      grpc::CallbackServerContext* call,
      const v1::ResolveIdentityRequest* request,
      v1::ResolveIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* BatchResolveIdentities(
      grpc::CallbackServerContext* call,
      const v1::BatchResolveIdentitiesRequest* request,
      v1::BatchResolveIdentitiesResponse* reply) override;

  grpc::ServerUnaryReactor* ReadValue(grpc::CallbackServerContext* call,
                                      const v1::ReadValueRequest* request,
                                      v1::ReadValueResponse* reply) override;
  grpc::ServerUnaryReactor* ListIdentities(
      grpc::CallbackServerContext* call,
      const v1::ListIdentitiesRequest* request,
      v1::ListIdentitiesResponse* reply) override;

  grpc::ServerUnaryReactor* LinkIdentity(
      grpc::CallbackServerContext* call, const v1::LinkIdentityRequest* request,
      v1::LinkIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* UnlinkIdentity(
      grpc::CallbackServerContext* call,
      const v1::UnlinkIdentityRequest* request,
      v1::UnlinkIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* MoveIdentity(
      grpc::CallbackServerContext* call, const v1::MoveIdentityRequest* request,
      v1::MoveIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* AdvanceInteractionMove(
      grpc::CallbackServerContext* call,
      const v1::AdvanceInteractionMoveRequest* request,
      v1::InteractionMove* reply) override;

  grpc::ServerUnaryReactor* VerifyHolding(
      grpc::CallbackServerContext* call,
      const v1::VerifyHoldingRequest* request,
      v1::VerifyHoldingResponse* reply) override;

  grpc::ServerUnaryReactor* ShareIdentity(
      grpc::CallbackServerContext* call,
      const v1::ShareIdentityRequest* request,
      v1::ShareIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* UnshareIdentity(
      grpc::CallbackServerContext* call,
      const v1::UnshareIdentityRequest* request,
      v1::UnshareIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* RecordConsent(
      grpc::CallbackServerContext* call,
      const v1::RecordConsentRequest* request, v1::Consent* reply) override;

  grpc::ServerUnaryReactor* ListConsents(
      grpc::CallbackServerContext* call, const v1::ListConsentsRequest* request,
      v1::ListConsentsResponse* reply) override;

  grpc::ServerUnaryReactor* MayContact(grpc::CallbackServerContext* call,
                                       const v1::MayContactRequest* request,
                                       v1::MayContactResponse* reply) override;

  grpc::ServerUnaryReactor* BatchMayContact(
      grpc::CallbackServerContext* call,
      const v1::BatchMayContactRequest* request,
      v1::BatchMayContactResponse* reply) override;

 private:
  absl::StatusOr<v1::ClaimIdentitiesResponse> Claim(
      const mysql::Tx& tx, const v1::ClaimIdentitiesRequest& request) const;

  server::PooledCalls& calls_;
  const IdentityStore store_{};
  const HoldingStore holdings_{};
  const SharingStore sharings_{};
  const IdentityReader reader_{};
  const ConsentStore consent_store_;
  const ConsentReader consent_reader_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_SERVICE_H_
