#include "gateway/fake_backends.h"

#include "common/rpc/grpc_status.h"

namespace kith::gateway {
namespace {

template <typename Request, typename Response>
grpc::ServerUnaryReactor* Play(const char* name, CallRecord& record,
                               const Answer<Request, Response>& answer,
                               grpc::CallbackServerContext* call,
                               const Request* request, Response* response) {
  record.Add(name, *call);
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  if (answer) {
    reactor->Finish(rpc::ToGrpc(answer(*request, *response)));
  } else {
    record.Hold(reactor);
  }
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* FakeContacts::BatchGetContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::BatchGetContactsRequest* request,
    contacts::v1::BatchGetContactsResponse* response) {
  return Play("BatchGetContacts", record, batch_get, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::ListSuggestions(
    grpc::CallbackServerContext* call,
    const contacts::v1::ListSuggestionsRequest* request,
    contacts::v1::ListSuggestionsResponse* response) {
  return Play("ListSuggestions", record, list_suggestions, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeContacts::ConfirmSuggestion(
    grpc::CallbackServerContext* call,
    const contacts::v1::ConfirmSuggestionRequest* request,
    contacts::v1::ConfirmSuggestionResponse* response) {
  return Play("ConfirmSuggestion", record, confirm, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::RejectSuggestion(
    grpc::CallbackServerContext* call,
    const contacts::v1::RejectSuggestionRequest* request,
    contacts::v1::RejectSuggestionResponse* response) {
  return Play("RejectSuggestion", record, reject, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::BatchEnsureContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::BatchEnsureContactsRequest* request,
    contacts::v1::BatchEnsureContactsResponse* response) {
  return Play("BatchEnsureContacts", record, batch_ensure, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeContacts::Merge(
    grpc::CallbackServerContext* call,
    const contacts::v1::MergeRequest* request,
    contacts::v1::MergeResponse* response) {
  return Play("Merge", record, merge, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::Unmerge(
    grpc::CallbackServerContext* call,
    const contacts::v1::UnmergeRequest* request,
    contacts::v1::UnmergeResponse* response) {
  return Play("Unmerge", record, unmerge, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::UnmergeByCause(
    grpc::CallbackServerContext* call,
    const contacts::v1::UnmergeByCauseRequest* request,
    contacts::v1::UnmergeByCauseResponse* response) {
  return Play("UnmergeByCause", record, unmerge_by_cause, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeContacts::ListMergeHistory(
    grpc::CallbackServerContext* call,
    const contacts::v1::ListMergeHistoryRequest* request,
    contacts::v1::ListMergeHistoryResponse* response) {
  return Play("ListMergeHistory", record, history, call, request, response);
}

FakeContacts::FakeContacts(CallRecord& record) : record(record) {}
FakeContacts::~FakeContacts() = default;

grpc::ServerUnaryReactor* FakeIdentity::BatchResolve(
    grpc::CallbackServerContext* call,
    const identity::v1::BatchResolveRequest* request,
    identity::v1::BatchResolveResponse* response) {
  return Play("BatchResolve", record, batch_resolve, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::BatchClaim(
    grpc::CallbackServerContext* call,
    const identity::v1::BatchClaimRequest* request,
    identity::v1::BatchClaimResponse* response) {
  return Play("BatchClaim", record, batch_claim, call, request, response);
}

grpc::ServerUnaryReactor* FakeIdentity::ListIdentities(
    grpc::CallbackServerContext* call,
    const identity::v1::ListIdentitiesRequest* request,
    identity::v1::ListIdentitiesResponse* response) {
  return Play("ListIdentities", record, list, call, request, response);
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

FakeIdentity::FakeIdentity(CallRecord& record) : record(record) {}
FakeIdentity::~FakeIdentity() = default;

grpc::ServerUnaryReactor* FakeInteractions::BatchGetActivity(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchGetActivityRequest* request,
    interactions::v1::BatchGetActivityResponse* response) {
  return Play("BatchGetActivity", record, activity, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::BatchLookupRequests(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchLookupRequestsRequest* request,
    interactions::v1::BatchLookupRequestsResponse* response) {
  return Play("BatchLookupRequests", record, lookup, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::BatchRecordInteractions(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchRecordInteractionsRequest* request,
    interactions::v1::BatchRecordInteractionsResponse* response) {
  return Play("BatchRecordInteractions", record, batch_record, call, request,
              response);
}

FakeInteractions::FakeInteractions(CallRecord& record) : record(record) {}
FakeInteractions::~FakeInteractions() = default;

}  // namespace kith::gateway
