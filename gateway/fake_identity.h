#ifndef KITH_GATEWAY_FAKE_IDENTITY_H_
#define KITH_GATEWAY_FAKE_IDENTITY_H_

#include "gateway/fake_call.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"

namespace kith::gateway {

// Fakes identity-svc. A test sets how each method answers.
struct FakeIdentity final : identity::v1::IdentityService::CallbackService {
  using BatchResolveAnswer =
      Answer<identity::v1::BatchResolveIdentitiesRequest,
             identity::v1::BatchResolveIdentitiesResponse>;
  using BatchClaimAnswer = Answer<identity::v1::BatchClaimIdentitiesRequest,
                                  identity::v1::BatchClaimIdentitiesResponse>;
  using ListAnswer = Answer<identity::v1::ListIdentitiesRequest,
                            identity::v1::ListIdentitiesResponse>;

  using ReadAnswer =
      Answer<identity::v1::ReadValueRequest, identity::v1::ReadValueResponse>;
  using LinkAnswer = Answer<identity::v1::LinkIdentityRequest,
                            identity::v1::LinkIdentityResponse>;
  using UnlinkAnswer = Answer<identity::v1::UnlinkIdentityRequest,
                              identity::v1::UnlinkIdentityResponse>;
  using ShareAnswer = Answer<identity::v1::ShareIdentityRequest,
                             identity::v1::ShareIdentityResponse>;
  using UnshareAnswer = Answer<identity::v1::UnshareIdentityRequest,
                               identity::v1::UnshareIdentityResponse>;
  using ResolveAnswer = Answer<identity::v1::ResolveIdentityRequest,
                               identity::v1::ResolveIdentityResponse>;
  using VerifyAnswer = Answer<identity::v1::VerifyHoldingRequest,
                              identity::v1::VerifyHoldingResponse>;
  using MoveAnswer = Answer<identity::v1::MoveIdentityRequest,
                            identity::v1::MoveIdentityResponse>;
  using RecordConsentAnswer =
      Answer<identity::v1::RecordConsentRequest, identity::v1::Consent>;
  using ListConsentsAnswer = Answer<identity::v1::ListConsentsRequest,
                                    identity::v1::ListConsentsResponse>;
  using MayContactAnswers = Answer<identity::v1::BatchMayContactRequest,
                                   identity::v1::BatchMayContactResponse>;
  using QuarantineAnswer =
      Answer<identity::v1::QuarantineIdentityRequest, identity::v1::Identity>;
  using ReleaseAnswer =
      Answer<identity::v1::ReleaseIdentityRequest, identity::v1::Identity>;
  using AdvanceRequest = identity::v1::AdvanceInteractionMoveRequest;

  explicit FakeIdentity(CallRecord& record);
  ~FakeIdentity() override;

  grpc::ServerUnaryReactor* BatchResolveIdentities(
      grpc::CallbackServerContext* call,
      const identity::v1::BatchResolveIdentitiesRequest* request,
      identity::v1::BatchResolveIdentitiesResponse* response) override;
  grpc::ServerUnaryReactor* BatchClaimIdentities(
      grpc::CallbackServerContext* call,
      const identity::v1::BatchClaimIdentitiesRequest* request,
      identity::v1::BatchClaimIdentitiesResponse* response) override;
  grpc::ServerUnaryReactor* ListIdentities(
      grpc::CallbackServerContext* call,
      const identity::v1::ListIdentitiesRequest* request,
      identity::v1::ListIdentitiesResponse* response) override;
  grpc::ServerUnaryReactor* ReadValue(
      grpc::CallbackServerContext* call,
      const identity::v1::ReadValueRequest* request,
      identity::v1::ReadValueResponse* response) override;
  grpc::ServerUnaryReactor* LinkIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::LinkIdentityRequest* request,
      identity::v1::LinkIdentityResponse* response) override;
  grpc::ServerUnaryReactor* UnlinkIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::UnlinkIdentityRequest* request,
      identity::v1::UnlinkIdentityResponse* response) override;
  grpc::ServerUnaryReactor* ResolveIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::ResolveIdentityRequest* request,
      identity::v1::ResolveIdentityResponse* response) override;
  grpc::ServerUnaryReactor* ShareIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::ShareIdentityRequest* request,
      identity::v1::ShareIdentityResponse* response) override;
  grpc::ServerUnaryReactor* UnshareIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::UnshareIdentityRequest* request,
      identity::v1::UnshareIdentityResponse* response) override;
  grpc::ServerUnaryReactor* MoveIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::MoveIdentityRequest* request,
      identity::v1::MoveIdentityResponse* response) override;
  grpc::ServerUnaryReactor* AdvanceInteractionMove(
      grpc::CallbackServerContext* call, const AdvanceRequest* request,
      identity::v1::InteractionMove* response) override;
  grpc::ServerUnaryReactor* VerifyHolding(
      grpc::CallbackServerContext* call,
      const identity::v1::VerifyHoldingRequest* request,
      identity::v1::VerifyHoldingResponse* response) override;

  grpc::ServerUnaryReactor* QuarantineIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::QuarantineIdentityRequest* request,
      identity::v1::Identity* response) override;
  grpc::ServerUnaryReactor* ReleaseIdentity(
      grpc::CallbackServerContext* call,
      const identity::v1::ReleaseIdentityRequest* request,
      identity::v1::Identity* response) override;

  grpc::ServerUnaryReactor* RecordConsent(
      grpc::CallbackServerContext* call,
      const identity::v1::RecordConsentRequest* request,
      identity::v1::Consent* response) override;
  grpc::ServerUnaryReactor* ListConsents(
      grpc::CallbackServerContext* call,
      const identity::v1::ListConsentsRequest* request,
      identity::v1::ListConsentsResponse* response) override;
  grpc::ServerUnaryReactor* BatchMayContact(
      grpc::CallbackServerContext* call,
      const identity::v1::BatchMayContactRequest* request,
      identity::v1::BatchMayContactResponse* response) override;

  CallRecord& record;
  BatchResolveAnswer batch_resolve;
  BatchClaimAnswer batch_claim;
  ListAnswer list;
  ReadAnswer read;
  LinkAnswer link;
  UnlinkAnswer unlink;
  ResolveAnswer resolve;
  ShareAnswer share;
  UnshareAnswer unshare;
  MoveAnswer move;
  Answer<AdvanceRequest, identity::v1::InteractionMove> advance_move;
  VerifyAnswer verify;
  QuarantineAnswer quarantine;
  ReleaseAnswer release;
  RecordConsentAnswer record_consent;
  ListConsentsAnswer list_consents;
  MayContactAnswers batch_may_contact;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_IDENTITY_H_
