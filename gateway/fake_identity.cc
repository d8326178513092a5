#include "gateway/fake_identity.h"

namespace kith::gateway {

grpc::ServerUnaryReactor* FakeIdentity::BatchResolveIdentities(
    grpc::CallbackServerContext* call,
    const identity::v1::BatchResolveIdentitiesRequest* request,
    identity::v1::BatchResolveIdentitiesResponse* response) {
  return Play("BatchResolveIdentities", record, batch_resolve, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeIdentity::BatchClaimIdentities(
    grpc::CallbackServerContext* call,
    const identity::v1::BatchClaimIdentitiesRequest* request,
    identity::v1::BatchClaimIdentitiesResponse* response) {
  return Play("BatchClaimIdentities", record, batch_claim, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeIdentity::ListIdentities(
    grpc::CallbackServerContext* call,
    const identity::v1::ListIdentitiesRequest* request,
    identity::v1::ListIdentitiesResponse* response) {
  return Play("ListIdentities", record, list, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::ReadValue(
    grpc::CallbackServerContext* call,
    const identity::v1::ReadValueRequest* request,
    identity::v1::ReadValueResponse* response) {
  return Play("ReadValue", record, read, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::LinkIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::LinkIdentityRequest* request,
    identity::v1::LinkIdentityResponse* response) {
  return Play("LinkIdentity", record, link, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::UnlinkIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::UnlinkIdentityRequest* request,
    identity::v1::UnlinkIdentityResponse* response) {
  return Play("UnlinkIdentity", record, unlink, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::ResolveIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::ResolveIdentityRequest* request,
    identity::v1::ResolveIdentityResponse* response) {
  return Play("ResolveIdentity", record, resolve, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::ShareIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::ShareIdentityRequest* request,
    identity::v1::ShareIdentityResponse* response) {
  return Play("ShareIdentity", record, share, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::UnshareIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::UnshareIdentityRequest* request,
    identity::v1::UnshareIdentityResponse* response) {
  return Play("UnshareIdentity", record, unshare, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::MoveIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::MoveIdentityRequest* request,
    identity::v1::MoveIdentityResponse* response) {
  return Play("MoveIdentity", record, move, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::AdvanceInteractionMove(
    grpc::CallbackServerContext* call, const AdvanceRequest* request,
    identity::v1::InteractionMove* response) {
  return Play("AdvanceInteractionMove", record, advance_move, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeIdentity::VerifyHolding(
    grpc::CallbackServerContext* call,
    const identity::v1::VerifyHoldingRequest* request,
    identity::v1::VerifyHoldingResponse* response) {
  return Play("VerifyHolding", record, verify, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::QuarantineIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::QuarantineIdentityRequest* request,
    identity::v1::Identity* response) {
  return Play("QuarantineIdentity", record, quarantine, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeIdentity::ReleaseIdentity(
    grpc::CallbackServerContext* call,
    const identity::v1::ReleaseIdentityRequest* request,
    identity::v1::Identity* response) {
  return Play("ReleaseIdentity", record, release, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::RecordConsent(
    grpc::CallbackServerContext* call,
    const identity::v1::RecordConsentRequest* request,
    identity::v1::Consent* response) {
  return Play("RecordConsent", record, record_consent, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::ListConsents(
    grpc::CallbackServerContext* call,
    const identity::v1::ListConsentsRequest* request,
    identity::v1::ListConsentsResponse* response) {
  return Play("ListConsents", record, list_consents, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::BatchMayContact(
    grpc::CallbackServerContext* call,
    const identity::v1::BatchMayContactRequest* request,
    identity::v1::BatchMayContactResponse* response) {
  return Play("BatchMayContact", record, batch_may_contact, call, request,
              response);
}

FakeIdentity::FakeIdentity(CallRecord& record) : record(record) {}
FakeIdentity::~FakeIdentity() = default;

}  // namespace kith::gateway
