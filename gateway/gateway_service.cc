#include "gateway/gateway_service.h"

#include <utility>

namespace kith::gateway {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

}  // namespace

GatewayService::GatewayService(FlowCalls& calls, WatchCalls& watches,
                               const Backends& backends,
                               const base::Clock& clock,
                               std::shared_ptr<const UnsubscribeLinks> links,
                               std::shared_ptr<const Understander> hooks)
    : calls_(calls),
      watches_(watches),
      customers_(backends),
      views_(backends, customers_),
      consents_(backends, customers_, clock),
      permissions_(backends, customers_, clock),
      unsubscribes_(backends, customers_, clock, std::move(links)),
      touches_(backends, customers_, permissions_, clock),
      contacts_(backends, customers_),
      threads_(backends, customers_),
      actions_(backends, customers_, permissions_),
      queues_(backends, customers_),
      holdings_(backends, customers_),
      sharing_(backends, customers_),
      groups_(backends, customers_),
      suggestions_(backends, customers_),
      values_(backends),
      tries_(std::move(hooks), clock),
      journal_(backends) {}

GatewayService::~GatewayService() = default;

ServerUnaryReactor* GatewayService::GetCustomerView(
    CallbackServerContext* call, const v1::GetCustomerViewRequest* request,
    v1::GetCustomerViewResponse* reply) {
  return calls_.Run(call, request, reply, views_, &ViewFlow::Get);
}

ServerUnaryReactor* GatewayService::BatchGetCustomerViews(
    CallbackServerContext* call,
    const v1::BatchGetCustomerViewsRequest* request,
    v1::BatchGetCustomerViewsResponse* reply) {
  return calls_.Run(call, request, reply, views_, &ViewFlow::BatchGet);
}

ServerUnaryReactor* GatewayService::ReadValue(
    CallbackServerContext* call, const v1::ReadValueRequest* request,
    v1::ReadValueResponse* reply) {
  return calls_.Run(call, request, reply, values_, &ValueFlow::Read);
}

ServerUnaryReactor* GatewayService::RecordTouch(
    CallbackServerContext* call, const v1::RecordTouchRequest* request,
    v1::RecordTouchResponse* reply) {
  return calls_.Run(call, request, reply, touches_, &TouchFlow::Record);
}

ServerUnaryReactor* GatewayService::BatchRecordTouches(
    CallbackServerContext* call, const v1::BatchRecordTouchesRequest* request,
    v1::BatchRecordTouchesResponse* reply) {
  return calls_.Run(call, request, reply, touches_, &TouchFlow::BatchRecord);
}

ServerUnaryReactor* GatewayService::CreateContact(
    CallbackServerContext* call, const v1::CreateContactRequest* request,
    contacts::v1::Contact* reply) {
  return calls_.Run(call, request, reply, contacts_, &ContactFlow::Create);
}

ServerUnaryReactor* GatewayService::UpdateContact(
    CallbackServerContext* call, const v1::UpdateContactRequest* request,
    contacts::v1::Contact* reply) {
  return calls_.Run(call, request, reply, contacts_, &ContactFlow::Update);
}

ServerUnaryReactor* GatewayService::UndeleteContact(
    CallbackServerContext* call, const v1::UndeleteContactRequest* request,
    contacts::v1::Contact* reply) {
  return calls_.Run(call, request, reply, contacts_, &ContactFlow::Undelete);
}

ServerUnaryReactor* GatewayService::ListInteractions(
    CallbackServerContext* call, const v1::ListInteractionsRequest* request,
    v1::ListInteractionsResponse* reply) {
  return calls_.Run(call, request, reply, contacts_,
                    &ContactFlow::ListInteractions);
}

ServerUnaryReactor* GatewayService::ReassignInteractions(
    CallbackServerContext* call, const v1::ReassignInteractionsRequest* request,
    v1::ReassignInteractionsResponse* reply) {
  return calls_.Run(call, request, reply, contacts_,
                    &ContactFlow::ReassignInteractions);
}

ServerUnaryReactor* GatewayService::CreateThread(
    CallbackServerContext* call, const v1::CreateThreadRequest* request,
    interactions::v1::Thread* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Create);
}

ServerUnaryReactor* GatewayService::UpdateThread(
    CallbackServerContext* call, const v1::UpdateThreadRequest* request,
    interactions::v1::Thread* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Update);
}

ServerUnaryReactor* GatewayService::SplitThread(
    CallbackServerContext* call, const v1::SplitThreadRequest* request,
    interactions::v1::SplitThreadResponse* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Split);
}

ServerUnaryReactor* GatewayService::JoinThreads(
    CallbackServerContext* call, const v1::JoinThreadsRequest* request,
    interactions::v1::JoinThreadsResponse* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Join);
}

ServerUnaryReactor* GatewayService::UndoThreadChange(
    CallbackServerContext* call, const v1::UndoThreadChangeRequest* request,
    interactions::v1::UndoThreadChangeResponse* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Undo);
}

ServerUnaryReactor* GatewayService::GetThread(
    CallbackServerContext* call, const v1::GetThreadRequest* request,
    v1::GetThreadResponse* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::Get);
}

ServerUnaryReactor* GatewayService::ListThreads(
    CallbackServerContext* call, const v1::ListThreadsRequest* request,
    v1::ListThreadsResponse* reply) {
  return calls_.Run(call, request, reply, threads_, &ThreadFlow::List);
}

ServerUnaryReactor* GatewayService::NextActions(
    CallbackServerContext* call, const v1::NextActionsRequest* request,
    v1::NextActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Next);
}

ServerUnaryReactor* GatewayService::LeaseActions(
    CallbackServerContext* call, const v1::LeaseActionsRequest* request,
    v1::LeaseActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Lease);
}

ServerUnaryReactor* GatewayService::ReleaseActions(
    CallbackServerContext* call, const v1::ReleaseActionsRequest* request,
    v1::ReleaseActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Release);
}

ServerUnaryReactor* GatewayService::CompleteActions(
    CallbackServerContext* call, const v1::CompleteActionsRequest* request,
    v1::CompleteActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Complete);
}

ServerUnaryReactor* GatewayService::DismissActions(
    CallbackServerContext* call, const v1::DismissActionsRequest* request,
    v1::DismissActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Dismiss);
}

ServerUnaryReactor* GatewayService::SnoozeActions(
    CallbackServerContext* call, const v1::SnoozeActionsRequest* request,
    v1::SnoozeActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Snooze);
}

ServerUnaryReactor* GatewayService::ReassignActions(
    CallbackServerContext* call, const v1::ReassignActionsRequest* request,
    v1::ReassignActionsResponse* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Reassign);
}

ServerUnaryReactor* GatewayService::CreateAction(
    CallbackServerContext* call, const v1::CreateActionRequest* request,
    interactions::v1::Action* reply) {
  return calls_.Run(call, request, reply, actions_, &ActionFlow::Create);
}

ServerUnaryReactor* GatewayService::ListActions(
    CallbackServerContext* call, const v1::ListActionsRequest* request,
    v1::ListActionsResponse* reply) {
  return calls_.Run(call, request, reply, queues_, &QueueFlow::List);
}

ServerUnaryReactor* GatewayService::CountWaitingActions(
    CallbackServerContext* call, const v1::CountWaitingActionsRequest* request,
    v1::CountWaitingActionsResponse* reply) {
  return calls_.Run(call, request, reply, queues_, &QueueFlow::CountWaiting);
}

ServerUnaryReactor* GatewayService::LinkIdentity(
    CallbackServerContext* call, const v1::LinkIdentityRequest* request,
    v1::LinkIdentityResponse* reply) {
  return calls_.Run(call, request, reply, holdings_, &HoldingFlow::Link);
}

ServerUnaryReactor* GatewayService::UnlinkIdentity(
    CallbackServerContext* call, const v1::UnlinkIdentityRequest* request,
    v1::UnlinkIdentityResponse* reply) {
  return calls_.Run(call, request, reply, holdings_, &HoldingFlow::Unlink);
}

ServerUnaryReactor* GatewayService::ShareIdentity(
    CallbackServerContext* call, const v1::ShareIdentityRequest* request,
    v1::ShareIdentityResponse* reply) {
  return calls_.Run(call, request, reply, sharing_, &SharingFlow::Share);
}

ServerUnaryReactor* GatewayService::UnshareIdentity(
    CallbackServerContext* call, const v1::UnshareIdentityRequest* request,
    v1::UnshareIdentityResponse* reply) {
  return calls_.Run(call, request, reply, sharing_, &SharingFlow::Unshare);
}

ServerUnaryReactor* GatewayService::MoveIdentity(
    CallbackServerContext* call, const v1::MoveIdentityRequest* request,
    v1::MoveIdentityResponse* reply) {
  return calls_.Run(call, request, reply, holdings_, &HoldingFlow::Move);
}

ServerUnaryReactor* GatewayService::VerifyHolding(
    CallbackServerContext* call, const v1::VerifyHoldingRequest* request,
    v1::VerifyHoldingResponse* reply) {
  return calls_.Run(call, request, reply, holdings_, &HoldingFlow::Verify);
}

ServerUnaryReactor* GatewayService::QuarantineIdentity(
    CallbackServerContext* call, const v1::QuarantineIdentityRequest* request,
    identity::v1::Identity* reply) {
  return calls_.Run(call, request, reply, values_, &ValueFlow::Quarantine);
}

ServerUnaryReactor* GatewayService::ReleaseIdentity(
    CallbackServerContext* call, const v1::ReleaseIdentityRequest* request,
    identity::v1::Identity* reply) {
  return calls_.Run(call, request, reply, values_, &ValueFlow::Release);
}

ServerUnaryReactor* GatewayService::RecordConsent(
    CallbackServerContext* call, const v1::RecordConsentRequest* request,
    identity::v1::Consent* reply) {
  return calls_.Run(call, request, reply, consents_, &ConsentFlow::Record);
}

ServerUnaryReactor* GatewayService::ListConsents(
    CallbackServerContext* call, const v1::ListConsentsRequest* request,
    v1::ListConsentsResponse* reply) {
  return calls_.Run(call, request, reply, consents_, &ConsentFlow::List);
}

ServerUnaryReactor* GatewayService::MayContact(
    CallbackServerContext* call, const v1::MayContactRequest* request,
    v1::MayContactResponse* reply) {
  return calls_.Run(call, request, reply, permissions_,
                    &PermissionFlow::MayContact);
}

ServerUnaryReactor* GatewayService::BatchMayContact(
    CallbackServerContext* call, const v1::BatchMayContactRequest* request,
    v1::BatchMayContactResponse* reply) {
  return calls_.Run(call, request, reply, permissions_,
                    &PermissionFlow::BatchMayContact);
}

ServerUnaryReactor* GatewayService::CreateUnsubscribeLink(
    CallbackServerContext* call,
    const v1::CreateUnsubscribeLinkRequest* request,
    v1::UnsubscribeLink* reply) {
  return calls_.Run(call, request, reply, unsubscribes_,
                    &UnsubscribeFlow::Create);
}

ServerUnaryReactor* GatewayService::BatchCreateUnsubscribeLinks(
    CallbackServerContext* call,
    const v1::BatchCreateUnsubscribeLinksRequest* request,
    v1::BatchCreateUnsubscribeLinksResponse* reply) {
  return calls_.Run(call, request, reply, unsubscribes_,
                    &UnsubscribeFlow::BatchCreate);
}

ServerUnaryReactor* GatewayService::MergeContacts(
    CallbackServerContext* call, const v1::MergeContactsRequest* request,
    v1::MergeContactsResponse* reply) {
  return calls_.Run(call, request, reply, groups_, &GroupFlow::Merge);
}

ServerUnaryReactor* GatewayService::UnmergeContacts(
    CallbackServerContext* call, const v1::UnmergeContactsRequest* request,
    v1::UnmergeContactsResponse* reply) {
  return calls_.Run(call, request, reply, groups_, &GroupFlow::Unmerge);
}

ServerUnaryReactor* GatewayService::UndoMerges(
    CallbackServerContext* call, const v1::UndoMergesRequest* request,
    v1::UndoMergesResponse* reply) {
  return calls_.Run(call, request, reply, groups_, &GroupFlow::UndoMerges);
}

ServerUnaryReactor* GatewayService::ListMergeHistory(
    CallbackServerContext* call, const v1::ListMergeHistoryRequest* request,
    v1::ListMergeHistoryResponse* reply) {
  return calls_.Run(call, request, reply, groups_, &GroupFlow::ListHistory);
}

ServerUnaryReactor* GatewayService::ListSuggestions(
    CallbackServerContext* call, const v1::ListSuggestionsRequest* request,
    v1::ListSuggestionsResponse* reply) {
  return calls_.Run(call, request, reply, suggestions_, &SuggestionFlow::List);
}

ServerUnaryReactor* GatewayService::ConfirmSuggestion(
    CallbackServerContext* call, const v1::ConfirmSuggestionRequest* request,
    v1::ConfirmSuggestionResponse* reply) {
  return calls_.Run(call, request, reply, suggestions_,
                    &SuggestionFlow::Confirm);
}

ServerUnaryReactor* GatewayService::RejectSuggestion(
    CallbackServerContext* call, const v1::RejectSuggestionRequest* request,
    v1::RejectSuggestionResponse* reply) {
  return calls_.Run(call, request, reply, suggestions_,
                    &SuggestionFlow::Reject);
}

ServerUnaryReactor* GatewayService::TryHook(CallbackServerContext* call,
                                            const v1::TryHookRequest* request,
                                            v1::TryHookResponse* reply) {
  return calls_.Run(call, request, reply, tries_, &TryHookFlow::Try);
}

ServerUnaryReactor* GatewayService::GetEntry(CallbackServerContext* call,
                                             const v1::GetEntryRequest* request,
                                             interactions::v1::Entry* reply) {
  return calls_.Run(call, request, reply, journal_, &JournalFlow::Get);
}

ServerUnaryReactor* GatewayService::ListEntries(
    CallbackServerContext* call, const v1::ListEntriesRequest* request,
    v1::ListEntriesResponse* reply) {
  return calls_.Run(call, request, reply, journal_, &JournalFlow::List);
}

ServerUnaryReactor* GatewayService::ReplayEntries(
    CallbackServerContext* call, const v1::ReplayEntriesRequest* request,
    v1::ReplayEntriesResponse* reply) {
  return calls_.Run(call, request, reply, journal_, &JournalFlow::Replay);
}

ServerUnaryReactor* GatewayService::DiscardEntry(
    CallbackServerContext* call, const v1::DiscardEntryRequest* request,
    interactions::v1::Entry* reply) {
  return calls_.Run(call, request, reply, journal_, &JournalFlow::Discard);
}

grpc::ServerWriteReactor<v1::WatchCustomerResponse>*
GatewayService::WatchCustomer(CallbackServerContext* call,
                              const v1::WatchCustomerRequest* request) {
  return watches_.Run(call, *request);
}

grpc::ServerWriteReactor<v1::WatchQueueResponse>* GatewayService::WatchQueue(
    CallbackServerContext* call, const v1::WatchQueueRequest* request) {
  return watches_.Run(call, *request);
}

}  // namespace kith::gateway
