#ifndef KITH_GATEWAY_GATEWAY_SERVICE_H_
#define KITH_GATEWAY_GATEWAY_SERVICE_H_

#include <memory>

#include "common/base/clock.h"
#include "gateway/actions/action_flow.h"
#include "gateway/actions/queue_flow.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/flow_calls.h"
#include "gateway/flows/consent_flow.h"
#include "gateway/flows/contact_flow.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/group_flow.h"
#include "gateway/flows/holding_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/flows/suggestion_flow.h"
#include "gateway/flows/thread_flow.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/flows/value_flow.h"
#include "gateway/flows/view_flow.h"
#include "gateway/hooks/journal/journal_flow.h"
#include "gateway/hooks/try_hook_flow.h"
#include "gateway/hooks/understander.h"
#include "gateway/links/unsubscribe_flow.h"
#include "gateway/links/unsubscribe_links.h"
#include "gateway/sharing/sharing_flow.h"
#include "gateway/watch/watch_calls.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"

namespace kith::gateway {

// The RPCs of the gateway: each runs a flow over the services behind. It has no
// state of its own. Thread-safe.
class GatewayService final : public v1::GatewayService::CallbackService {
 public:
  // The first four arguments must outlive the service. Without `links`, no
  // links of unsubscription can be made; without `hooks` there is no connector.
  GatewayService(FlowCalls& calls, WatchCalls& watches,
                 const Backends& backends, const base::Clock& clock,
                 std::shared_ptr<const UnsubscribeLinks> links,
                 std::shared_ptr<const Understander> hooks);
  ~GatewayService() override;

  grpc::ServerUnaryReactor* GetCustomerView(
      grpc::CallbackServerContext* call,
      const v1::GetCustomerViewRequest* request,
      v1::GetCustomerViewResponse* reply) override;

  grpc::ServerUnaryReactor* BatchGetCustomerViews(
      grpc::CallbackServerContext* call,
      const v1::BatchGetCustomerViewsRequest* request,
      v1::BatchGetCustomerViewsResponse* reply) override;

  grpc::ServerUnaryReactor* ReadValue(grpc::CallbackServerContext* call,
                                      const v1::ReadValueRequest* request,
                                      v1::ReadValueResponse* reply) override;
  grpc::ServerUnaryReactor* RecordTouch(
      grpc::CallbackServerContext* call, const v1::RecordTouchRequest* request,
      v1::RecordTouchResponse* reply) override;

  grpc::ServerUnaryReactor* BatchRecordTouches(
      grpc::CallbackServerContext* call,
      const v1::BatchRecordTouchesRequest* request,
      v1::BatchRecordTouchesResponse* reply) override;

  grpc::ServerUnaryReactor* CreateContact(
      grpc::CallbackServerContext* call,
      const v1::CreateContactRequest* request,
      contacts::v1::Contact* reply) override;

  grpc::ServerUnaryReactor* UpdateContact(
      grpc::CallbackServerContext* call,
      const v1::UpdateContactRequest* request,
      contacts::v1::Contact* reply) override;

  grpc::ServerUnaryReactor* UndeleteContact(
      grpc::CallbackServerContext* call,
      const v1::UndeleteContactRequest* request,
      contacts::v1::Contact* reply) override;

  grpc::ServerUnaryReactor* ListInteractions(
      grpc::CallbackServerContext* call,
      const v1::ListInteractionsRequest* request,
      v1::ListInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* ReassignInteractions(
      grpc::CallbackServerContext* call,
      const v1::ReassignInteractionsRequest* request,
      v1::ReassignInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* CreateThread(
      grpc::CallbackServerContext* call, const v1::CreateThreadRequest* request,
      interactions::v1::Thread* reply) override;

  grpc::ServerUnaryReactor* UpdateThread(
      grpc::CallbackServerContext* call, const v1::UpdateThreadRequest* request,
      interactions::v1::Thread* reply) override;

  grpc::ServerUnaryReactor* SplitThread(
      grpc::CallbackServerContext* call, const v1::SplitThreadRequest* request,
      interactions::v1::SplitThreadResponse* reply) override;

  grpc::ServerUnaryReactor* JoinThreads(
      grpc::CallbackServerContext* call, const v1::JoinThreadsRequest* request,
      interactions::v1::JoinThreadsResponse* reply) override;

  grpc::ServerUnaryReactor* UndoThreadChange(
      grpc::CallbackServerContext* call,
      const v1::UndoThreadChangeRequest* request,
      interactions::v1::UndoThreadChangeResponse* reply) override;

  grpc::ServerUnaryReactor* GetThread(grpc::CallbackServerContext* call,
                                      const v1::GetThreadRequest* request,
                                      v1::GetThreadResponse* reply) override;

  grpc::ServerUnaryReactor* ListThreads(
      grpc::CallbackServerContext* call, const v1::ListThreadsRequest* request,
      v1::ListThreadsResponse* reply) override;

  grpc::ServerUnaryReactor* NextActions(
      grpc::CallbackServerContext* call, const v1::NextActionsRequest* request,
      v1::NextActionsResponse* reply) override;

  grpc::ServerUnaryReactor* LeaseActions(
      grpc::CallbackServerContext* call, const v1::LeaseActionsRequest* request,
      v1::LeaseActionsResponse* reply) override;

  grpc::ServerUnaryReactor* ReleaseActions(
      grpc::CallbackServerContext* call,
      const v1::ReleaseActionsRequest* request,
      v1::ReleaseActionsResponse* reply) override;

  grpc::ServerUnaryReactor* CompleteActions(
      grpc::CallbackServerContext* call,
      const v1::CompleteActionsRequest* request,
      v1::CompleteActionsResponse* reply) override;

  grpc::ServerUnaryReactor* DismissActions(
      grpc::CallbackServerContext* call,
      const v1::DismissActionsRequest* request,
      v1::DismissActionsResponse* reply) override;

  grpc::ServerUnaryReactor* SnoozeActions(
      grpc::CallbackServerContext* call,
      const v1::SnoozeActionsRequest* request,
      v1::SnoozeActionsResponse* reply) override;

  grpc::ServerUnaryReactor* ReassignActions(
      grpc::CallbackServerContext* call,
      const v1::ReassignActionsRequest* request,
      v1::ReassignActionsResponse* reply) override;

  grpc::ServerUnaryReactor* CreateAction(
      grpc::CallbackServerContext* call, const v1::CreateActionRequest* request,
      interactions::v1::Action* reply) override;

  grpc::ServerUnaryReactor* ListActions(
      grpc::CallbackServerContext* call, const v1::ListActionsRequest* request,
      v1::ListActionsResponse* reply) override;

  grpc::ServerUnaryReactor* CountWaitingActions(
      grpc::CallbackServerContext* call,
      const v1::CountWaitingActionsRequest* request,
      v1::CountWaitingActionsResponse* reply) override;

  grpc::ServerUnaryReactor* LinkIdentity(
      grpc::CallbackServerContext* call, const v1::LinkIdentityRequest* request,
      v1::LinkIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* UnlinkIdentity(
      grpc::CallbackServerContext* call,
      const v1::UnlinkIdentityRequest* request,
      v1::UnlinkIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* ShareIdentity(
      grpc::CallbackServerContext* call,
      const v1::ShareIdentityRequest* request,
      v1::ShareIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* UnshareIdentity(
      grpc::CallbackServerContext* call,
      const v1::UnshareIdentityRequest* request,
      v1::UnshareIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* MoveIdentity(
      grpc::CallbackServerContext* call, const v1::MoveIdentityRequest* request,
      v1::MoveIdentityResponse* reply) override;

  grpc::ServerUnaryReactor* VerifyHolding(
      grpc::CallbackServerContext* call,
      const v1::VerifyHoldingRequest* request,
      v1::VerifyHoldingResponse* reply) override;
  grpc::ServerUnaryReactor* QuarantineIdentity(
      grpc::CallbackServerContext* call,
      const v1::QuarantineIdentityRequest* request,
      identity::v1::Identity* reply) override;

  grpc::ServerUnaryReactor* ReleaseIdentity(
      grpc::CallbackServerContext* call,
      const v1::ReleaseIdentityRequest* request,
      identity::v1::Identity* reply) override;

  grpc::ServerUnaryReactor* RecordConsent(
      grpc::CallbackServerContext* call,
      const v1::RecordConsentRequest* request,
      identity::v1::Consent* reply) override;

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

  grpc::ServerUnaryReactor* CreateUnsubscribeLink(
      grpc::CallbackServerContext* call,
      const v1::CreateUnsubscribeLinkRequest* request,
      v1::UnsubscribeLink* reply) override;

  grpc::ServerUnaryReactor* BatchCreateUnsubscribeLinks(
      grpc::CallbackServerContext* call,
      const v1::BatchCreateUnsubscribeLinksRequest* request,
      v1::BatchCreateUnsubscribeLinksResponse* reply) override;

  grpc::ServerUnaryReactor* MergeContacts(
      grpc::CallbackServerContext* call,
      const v1::MergeContactsRequest* request,
      v1::MergeContactsResponse* reply) override;

  grpc::ServerUnaryReactor* UnmergeContacts(
      grpc::CallbackServerContext* call,
      const v1::UnmergeContactsRequest* request,
      v1::UnmergeContactsResponse* reply) override;

  grpc::ServerUnaryReactor* UndoMerges(grpc::CallbackServerContext* call,
                                       const v1::UndoMergesRequest* request,
                                       v1::UndoMergesResponse* reply) override;

  grpc::ServerUnaryReactor* ListMergeHistory(
      grpc::CallbackServerContext* call,
      const v1::ListMergeHistoryRequest* request,
      v1::ListMergeHistoryResponse* reply) override;

  grpc::ServerUnaryReactor* ListSuggestions(
      grpc::CallbackServerContext* call,
      const v1::ListSuggestionsRequest* request,
      v1::ListSuggestionsResponse* reply) override;

  grpc::ServerUnaryReactor* ConfirmSuggestion(
      grpc::CallbackServerContext* call,
      const v1::ConfirmSuggestionRequest* request,
      v1::ConfirmSuggestionResponse* reply) override;

  grpc::ServerUnaryReactor* RejectSuggestion(
      grpc::CallbackServerContext* call,
      const v1::RejectSuggestionRequest* request,
      v1::RejectSuggestionResponse* reply) override;

  grpc::ServerUnaryReactor* TryHook(grpc::CallbackServerContext* call,
                                    const v1::TryHookRequest* request,
                                    v1::TryHookResponse* reply) override;

  grpc::ServerUnaryReactor* GetEntry(grpc::CallbackServerContext* call,
                                     const v1::GetEntryRequest* request,
                                     interactions::v1::Entry* reply) override;

  grpc::ServerUnaryReactor* ListEntries(
      grpc::CallbackServerContext* call, const v1::ListEntriesRequest* request,
      v1::ListEntriesResponse* reply) override;

  grpc::ServerUnaryReactor* ReplayEntries(
      grpc::CallbackServerContext* call,
      const v1::ReplayEntriesRequest* request,
      v1::ReplayEntriesResponse* reply) override;

  grpc::ServerUnaryReactor* DiscardEntry(
      grpc::CallbackServerContext* call, const v1::DiscardEntryRequest* request,
      interactions::v1::Entry* reply) override;

  grpc::ServerWriteReactor<v1::WatchCustomerResponse>* WatchCustomer(
      grpc::CallbackServerContext* call,
      const v1::WatchCustomerRequest* request) override;

  grpc::ServerWriteReactor<v1::WatchQueueResponse>* WatchQueue(
      grpc::CallbackServerContext* call,
      const v1::WatchQueueRequest* request) override;

 private:
  FlowCalls& calls_;
  WatchCalls& watches_;
  const CustomerFlow customers_;
  const ViewFlow views_;
  const ConsentFlow consents_;
  const PermissionFlow permissions_;
  const UnsubscribeFlow unsubscribes_;
  const TouchFlow touches_;
  const ContactFlow contacts_;
  const ThreadFlow threads_;
  const ActionFlow actions_;
  const QueueFlow queues_;
  const HoldingFlow holdings_;
  const SharingFlow sharing_;
  const GroupFlow groups_;
  const SuggestionFlow suggestions_;
  const ValueFlow values_;
  const TryHookFlow tries_;
  const JournalFlow journal_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_GATEWAY_SERVICE_H_
