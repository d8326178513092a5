#ifndef KITH_GATEWAY_FAKE_BACKENDS_H_
#define KITH_GATEWAY_FAKE_BACKENDS_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::gateway {

// For tests of the flows: records the names and metadata of the calls that
// arrived, and holds the calls that the test leaves unanswered. Thread-safe.
class CallRecord {
 public:
  void Add(const std::string& name, const grpc::CallbackServerContext& call) {
    absl::MutexLock lock(&mutex_);
    names_.push_back(name);
    for (const auto& [key, value] : call.client_metadata()) {
      metadata_[std::string(key.data(), key.size())] =
          std::string(value.data(), value.size());
    }
  }

  std::vector<std::string> names() const {
    absl::MutexLock lock(&mutex_);
    return names_;
  }

  std::string metadata(const std::string& key) const {
    absl::MutexLock lock(&mutex_);
    const auto it = metadata_.find(key);
    return it == metadata_.end() ? "" : it->second;
  }

  void Hold(grpc::ServerUnaryReactor* reactor) {
    absl::MutexLock lock(&mutex_);
    held_.push_back(reactor);
  }

  void Release() {
    absl::MutexLock lock(&mutex_);
    for (auto* reactor : held_) reactor->Finish(grpc::Status::CANCELLED);
    held_.clear();
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> names_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> metadata_ ABSL_GUARDED_BY(mutex_);
  std::vector<grpc::ServerUnaryReactor*> held_ ABSL_GUARDED_BY(mutex_);
};

// How a faked method answers; if empty, it never answers.
template <typename Request, typename Response>
using Answer = std::function<absl::Status(const Request&, Response&)>;

// Fakes of contacts-svc, identity-svc and interactions-svc. A test sets how
// each method answers.
struct FakeContacts final : contacts::v1::ContactsService::CallbackService {
  using BatchGet = Answer<contacts::v1::BatchGetContactsRequest,
                          contacts::v1::BatchGetContactsResponse>;
  using BatchEnsure = Answer<contacts::v1::BatchEnsureContactsRequest,
                             contacts::v1::BatchEnsureContactsResponse>;
  using ListSuggestionsAnswer = Answer<contacts::v1::ListSuggestionsRequest,
                                       contacts::v1::ListSuggestionsResponse>;
  using ConfirmAnswer = Answer<contacts::v1::ConfirmSuggestionRequest,
                               contacts::v1::ConfirmSuggestionResponse>;
  using RejectAnswer = Answer<contacts::v1::RejectSuggestionRequest,
                              contacts::v1::RejectSuggestionResponse>;

  using MergeAnswer = Answer<contacts::v1::MergeContactsRequest,
                             contacts::v1::MergeContactsResponse>;
  using UnmergeAnswer = Answer<contacts::v1::UnmergeContactsRequest,
                               contacts::v1::UnmergeContactsResponse>;
  using UndoMergesAnswer =
      Answer<contacts::v1::UndoMergesRequest, contacts::v1::UndoMergesResponse>;
  using HistoryAnswer = Answer<contacts::v1::ListMergeHistoryRequest,
                               contacts::v1::ListMergeHistoryResponse>;

  using CreateAnswer =
      Answer<contacts::v1::CreateContactRequest, contacts::v1::Contact>;
  using EnsureAnswer = Answer<contacts::v1::EnsureContactRequest,
                              contacts::v1::EnsureContactResponse>;

  explicit FakeContacts(CallRecord& record);
  ~FakeContacts() override;

  grpc::ServerUnaryReactor* CreateContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::CreateContactRequest* request,
      contacts::v1::Contact* response) override;
  grpc::ServerUnaryReactor* EnsureContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::EnsureContactRequest* request,
      contacts::v1::EnsureContactResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::BatchGetContactsRequest* request,
      contacts::v1::BatchGetContactsResponse* response) override;
  grpc::ServerUnaryReactor* ListSuggestions(
      grpc::CallbackServerContext* call,
      const contacts::v1::ListSuggestionsRequest* request,
      contacts::v1::ListSuggestionsResponse* response) override;
  grpc::ServerUnaryReactor* ConfirmSuggestion(
      grpc::CallbackServerContext* call,
      const contacts::v1::ConfirmSuggestionRequest* request,
      contacts::v1::ConfirmSuggestionResponse* response) override;
  grpc::ServerUnaryReactor* RejectSuggestion(
      grpc::CallbackServerContext* call,
      const contacts::v1::RejectSuggestionRequest* request,
      contacts::v1::RejectSuggestionResponse* response) override;
  grpc::ServerUnaryReactor* BatchEnsureContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::BatchEnsureContactsRequest* request,
      contacts::v1::BatchEnsureContactsResponse* response) override;

  grpc::ServerUnaryReactor* MergeContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::MergeContactsRequest* request,
      contacts::v1::MergeContactsResponse* response) override;
  grpc::ServerUnaryReactor* UnmergeContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::UnmergeContactsRequest* request,
      contacts::v1::UnmergeContactsResponse* response) override;
  grpc::ServerUnaryReactor* UndoMerges(
      grpc::CallbackServerContext* call,
      const contacts::v1::UndoMergesRequest* request,
      contacts::v1::UndoMergesResponse* response) override;
  grpc::ServerUnaryReactor* ListMergeHistory(
      grpc::CallbackServerContext* call,
      const contacts::v1::ListMergeHistoryRequest* request,
      contacts::v1::ListMergeHistoryResponse* response) override;

  CallRecord& record;
  CreateAnswer create;
  EnsureAnswer ensure;
  BatchGet batch_get;
  ListSuggestionsAnswer list_suggestions;
  ConfirmAnswer confirm;
  RejectAnswer reject;
  BatchEnsure batch_ensure;
  MergeAnswer merge;
  UnmergeAnswer unmerge;
  UndoMergesAnswer unmerge_by_cause;
  HistoryAnswer history;
};

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
  MoveAnswer move;
  Answer<AdvanceRequest, identity::v1::InteractionMove> advance_move;
  VerifyAnswer verify;
  RecordConsentAnswer record_consent;
  ListConsentsAnswer list_consents;
  MayContactAnswers batch_may_contact;
};

struct FakeInteractions final
    : interactions::v1::InteractionsService::CallbackService {
  using ActivityAnswer = Answer<interactions::v1::BatchGetActivityRequest,
                                interactions::v1::BatchGetActivityResponse>;
  using LookupAnswer = Answer<interactions::v1::BatchFindRecordingsRequest,
                              interactions::v1::BatchFindRecordingsResponse>;
  using RecordAnswer =
      Answer<interactions::v1::BatchRecordInteractionsRequest,
             interactions::v1::BatchRecordInteractionsResponse>;

  using CreateThreadAnswer =
      Answer<interactions::v1::CreateThreadRequest, interactions::v1::Thread>;
  using UpdateThreadAnswer =
      Answer<interactions::v1::UpdateThreadRequest, interactions::v1::Thread>;
  using SplitThreadAnswer = Answer<interactions::v1::SplitThreadRequest,
                                   interactions::v1::SplitThreadResponse>;
  using JoinThreadsAnswer = Answer<interactions::v1::JoinThreadsRequest,
                                   interactions::v1::JoinThreadsResponse>;
  using UndoThreadChangeAnswer =
      Answer<interactions::v1::UndoThreadChangeRequest,
             interactions::v1::UndoThreadChangeResponse>;
  using GetThreadAnswer = Answer<interactions::v1::GetThreadRequest,
                                 interactions::v1::GetThreadResponse>;
  using ListThreadsAnswer = Answer<interactions::v1::ListThreadsRequest,
                                   interactions::v1::ListThreadsResponse>;

  explicit FakeInteractions(CallRecord& record);
  ~FakeInteractions() override;

  grpc::ServerUnaryReactor* BatchGetActivity(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchGetActivityRequest* request,
      interactions::v1::BatchGetActivityResponse* response) override;
  grpc::ServerUnaryReactor* BatchFindRecordings(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchFindRecordingsRequest* request,
      interactions::v1::BatchFindRecordingsResponse* response) override;
  grpc::ServerUnaryReactor* BatchRecordInteractions(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchRecordInteractionsRequest* request,
      interactions::v1::BatchRecordInteractionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateThread(
      grpc::CallbackServerContext* call,
      const interactions::v1::CreateThreadRequest* request,
      interactions::v1::Thread* response) override;
  grpc::ServerUnaryReactor* UpdateThread(
      grpc::CallbackServerContext* call,
      const interactions::v1::UpdateThreadRequest* request,
      interactions::v1::Thread* response) override;
  grpc::ServerUnaryReactor* SplitThread(
      grpc::CallbackServerContext* call,
      const interactions::v1::SplitThreadRequest* request,
      interactions::v1::SplitThreadResponse* response) override;
  grpc::ServerUnaryReactor* JoinThreads(
      grpc::CallbackServerContext* call,
      const interactions::v1::JoinThreadsRequest* request,
      interactions::v1::JoinThreadsResponse* response) override;
  grpc::ServerUnaryReactor* UndoThreadChange(
      grpc::CallbackServerContext* call,
      const interactions::v1::UndoThreadChangeRequest* request,
      interactions::v1::UndoThreadChangeResponse* response) override;
  grpc::ServerUnaryReactor* GetThread(
      grpc::CallbackServerContext* call,
      const interactions::v1::GetThreadRequest* request,
      interactions::v1::GetThreadResponse* response) override;
  grpc::ServerUnaryReactor* ListThreads(
      grpc::CallbackServerContext* call,
      const interactions::v1::ListThreadsRequest* request,
      interactions::v1::ListThreadsResponse* response) override;
  grpc::ServerUnaryReactor* ReassignInteractions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ReassignInteractionsRequest* request,
      interactions::v1::ReassignInteractionsResponse* response) override;
  grpc::ServerUnaryReactor* ListInteractions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ListInteractionsRequest* request,
      interactions::v1::ListInteractionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateAction(
      grpc::CallbackServerContext* call,
      const interactions::v1::CreateActionRequest* request,
      interactions::v1::Action* response) override;
  grpc::ServerUnaryReactor* LeaseNextActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::LeaseNextActionsRequest* request,
      interactions::v1::LeaseNextActionsResponse* response) override;
  grpc::ServerUnaryReactor* LeaseActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::LeaseActionsRequest* request,
      interactions::v1::LeaseActionsResponse* response) override;
  grpc::ServerUnaryReactor* ReleaseActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ReleaseActionsRequest* request,
      interactions::v1::ReleaseActionsResponse* response) override;
  grpc::ServerUnaryReactor* CompleteActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::CompleteActionsRequest* request,
      interactions::v1::CompleteActionsResponse* response) override;
  grpc::ServerUnaryReactor* DismissActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::DismissActionsRequest* request,
      interactions::v1::DismissActionsResponse* response) override;
  grpc::ServerUnaryReactor* SnoozeActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::SnoozeActionsRequest* request,
      interactions::v1::SnoozeActionsResponse* response) override;
  grpc::ServerUnaryReactor* ReassignActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ReassignActionsRequest* request,
      interactions::v1::ReassignActionsResponse* response) override;
  grpc::ServerUnaryReactor* ListActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ListActionsRequest* request,
      interactions::v1::ListActionsResponse* response) override;
  grpc::ServerUnaryReactor* ListQueuedActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::ListQueuedActionsRequest* request,
      interactions::v1::ListQueuedActionsResponse* response) override;
  grpc::ServerUnaryReactor* CountWaitingActions(
      grpc::CallbackServerContext* call,
      const interactions::v1::CountWaitingActionsRequest* request,
      interactions::v1::CountWaitingActionsResponse* response) override;

  CallRecord& record;
  ActivityAnswer activity;
  LookupAnswer lookup;
  RecordAnswer batch_record;
  CreateThreadAnswer create_thread;
  UpdateThreadAnswer update_thread;
  SplitThreadAnswer split_thread;
  JoinThreadsAnswer join_threads;
  UndoThreadChangeAnswer undo_thread_change;
  GetThreadAnswer get_thread;
  ListThreadsAnswer list_threads;
  Answer<interactions::v1::ListInteractionsRequest,
         interactions::v1::ListInteractionsResponse>
      list_interactions;
  Answer<interactions::v1::ReassignInteractionsRequest,
         interactions::v1::ReassignInteractionsResponse>
      reassign_interactions;
  Answer<interactions::v1::CreateActionRequest, interactions::v1::Action>
      create_action;
  Answer<interactions::v1::LeaseNextActionsRequest,
         interactions::v1::LeaseNextActionsResponse>
      lease_next;
  Answer<interactions::v1::LeaseActionsRequest,
         interactions::v1::LeaseActionsResponse>
      lease;
  Answer<interactions::v1::ReleaseActionsRequest,
         interactions::v1::ReleaseActionsResponse>
      release;
  Answer<interactions::v1::CompleteActionsRequest,
         interactions::v1::CompleteActionsResponse>
      complete;
  Answer<interactions::v1::DismissActionsRequest,
         interactions::v1::DismissActionsResponse>
      dismiss;
  Answer<interactions::v1::SnoozeActionsRequest,
         interactions::v1::SnoozeActionsResponse>
      snooze;
  Answer<interactions::v1::ReassignActionsRequest,
         interactions::v1::ReassignActionsResponse>
      reassign;
  Answer<interactions::v1::ListActionsRequest,
         interactions::v1::ListActionsResponse>
      list_actions;
  Answer<interactions::v1::ListQueuedActionsRequest,
         interactions::v1::ListQueuedActionsResponse>
      list_queued;
  Answer<interactions::v1::CountWaitingActionsRequest,
         interactions::v1::CountWaitingActionsResponse>
      count_waiting;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_BACKENDS_H_
