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

grpc::ServerUnaryReactor* FakeContacts::CreateContact(
    grpc::CallbackServerContext* call,
    const contacts::v1::CreateContactRequest* request,
    contacts::v1::Contact* response) {
  return Play("CreateContact", record, create, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::EnsureContact(
    grpc::CallbackServerContext* call,
    const contacts::v1::EnsureContactRequest* request,
    contacts::v1::EnsureContactResponse* response) {
  return Play("EnsureContact", record, ensure, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::BatchEnsureContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::BatchEnsureContactsRequest* request,
    contacts::v1::BatchEnsureContactsResponse* response) {
  return Play("BatchEnsureContacts", record, batch_ensure, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeContacts::MergeContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::MergeContactsRequest* request,
    contacts::v1::MergeContactsResponse* response) {
  return Play("MergeContacts", record, merge, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::UnmergeContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::UnmergeContactsRequest* request,
    contacts::v1::UnmergeContactsResponse* response) {
  return Play("UnmergeContacts", record, unmerge, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::UndoMerges(
    grpc::CallbackServerContext* call,
    const contacts::v1::UndoMergesRequest* request,
    contacts::v1::UndoMergesResponse* response) {
  return Play("UndoMerges", record, unmerge_by_cause, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::ListMergeHistory(
    grpc::CallbackServerContext* call,
    const contacts::v1::ListMergeHistoryRequest* request,
    contacts::v1::ListMergeHistoryResponse* response) {
  return Play("ListMergeHistory", record, history, call, request, response);
}

FakeContacts::FakeContacts(CallRecord& record) : record(record) {}
FakeContacts::~FakeContacts() = default;

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

grpc::ServerUnaryReactor* FakeInteractions::BatchGetActivity(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchGetActivityRequest* request,
    interactions::v1::BatchGetActivityResponse* response) {
  return Play("BatchGetActivity", record, activity, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::BatchFindRecordings(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchFindRecordingsRequest* request,
    interactions::v1::BatchFindRecordingsResponse* response) {
  return Play("BatchFindRecordings", record, lookup, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::BatchRecordInteractions(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchRecordInteractionsRequest* request,
    interactions::v1::BatchRecordInteractionsResponse* response) {
  return Play("BatchRecordInteractions", record, batch_record, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeInteractions::CreateThread(
    grpc::CallbackServerContext* call,
    const interactions::v1::CreateThreadRequest* request,
    interactions::v1::Thread* response) {
  return Play("CreateThread", record, create_thread, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::UpdateThread(
    grpc::CallbackServerContext* call,
    const interactions::v1::UpdateThreadRequest* request,
    interactions::v1::Thread* response) {
  return Play("UpdateThread", record, update_thread, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::SplitThread(
    grpc::CallbackServerContext* call,
    const interactions::v1::SplitThreadRequest* request,
    interactions::v1::SplitThreadResponse* response) {
  return Play("SplitThread", record, split_thread, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::JoinThreads(
    grpc::CallbackServerContext* call,
    const interactions::v1::JoinThreadsRequest* request,
    interactions::v1::JoinThreadsResponse* response) {
  return Play("JoinThreads", record, join_threads, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::UndoThreadChange(
    grpc::CallbackServerContext* call,
    const interactions::v1::UndoThreadChangeRequest* request,
    interactions::v1::UndoThreadChangeResponse* response) {
  return Play("UndoThreadChange", record, undo_thread_change, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeInteractions::GetThread(
    grpc::CallbackServerContext* call,
    const interactions::v1::GetThreadRequest* request,
    interactions::v1::GetThreadResponse* response) {
  return Play("GetThread", record, get_thread, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ListThreads(
    grpc::CallbackServerContext* call,
    const interactions::v1::ListThreadsRequest* request,
    interactions::v1::ListThreadsResponse* response) {
  return Play("ListThreads", record, list_threads, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ReassignInteractions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ReassignInteractionsRequest* request,
    interactions::v1::ReassignInteractionsResponse* response) {
  return Play("ReassignInteractions", record, reassign_interactions, call,
              request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ListInteractions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ListInteractionsRequest* request,
    interactions::v1::ListInteractionsResponse* response) {
  return Play("ListInteractions", record, list_interactions, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeInteractions::CreateAction(
    grpc::CallbackServerContext* call,
    const interactions::v1::CreateActionRequest* request,
    interactions::v1::Action* response) {
  return Play("CreateAction", record, create_action, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::LeaseNextActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::LeaseNextActionsRequest* request,
    interactions::v1::LeaseNextActionsResponse* response) {
  return Play("LeaseNextActions", record, lease_next, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::LeaseActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::LeaseActionsRequest* request,
    interactions::v1::LeaseActionsResponse* response) {
  return Play("LeaseActions", record, lease, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ReleaseActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ReleaseActionsRequest* request,
    interactions::v1::ReleaseActionsResponse* response) {
  return Play("ReleaseActions", record, release, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::CompleteActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::CompleteActionsRequest* request,
    interactions::v1::CompleteActionsResponse* response) {
  return Play("CompleteActions", record, complete, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::DismissActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::DismissActionsRequest* request,
    interactions::v1::DismissActionsResponse* response) {
  return Play("DismissActions", record, dismiss, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::SnoozeActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::SnoozeActionsRequest* request,
    interactions::v1::SnoozeActionsResponse* response) {
  return Play("SnoozeActions", record, snooze, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ReassignActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ReassignActionsRequest* request,
    interactions::v1::ReassignActionsResponse* response) {
  return Play("ReassignActions", record, reassign, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ListActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ListActionsRequest* request,
    interactions::v1::ListActionsResponse* response) {
  return Play("ListActions", record, list_actions, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ListQueuedActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::ListQueuedActionsRequest* request,
    interactions::v1::ListQueuedActionsResponse* response) {
  return Play("ListQueuedActions", record, list_queued, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeInteractions::CountWaitingActions(
    grpc::CallbackServerContext* call,
    const interactions::v1::CountWaitingActionsRequest* request,
    interactions::v1::CountWaitingActionsResponse* response) {
  return Play("CountWaitingActions", record, count_waiting, call, request,
              response);
}

FakeInteractions::FakeInteractions(CallRecord& record) : record(record) {}
FakeInteractions::~FakeInteractions() = default;

}  // namespace kith::gateway
