#ifndef KITH_GATEWAY_FAKE_INTERACTIONS_H_
#define KITH_GATEWAY_FAKE_INTERACTIONS_H_

#include "gateway/fake_call.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::gateway {

// Fakes interactions-svc. A test sets how each method answers.
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
  grpc::ServerUnaryReactor* BatchGetContactFacts(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchGetContactFactsRequest* request,
      interactions::v1::BatchGetContactFactsResponse* response) override;
  grpc::ServerUnaryReactor* BatchFindLastUses(
      grpc::CallbackServerContext* call,
      const interactions::v1::BatchFindLastUsesRequest* request,
      interactions::v1::BatchFindLastUsesResponse* response) override;
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
  grpc::ServerUnaryReactor* RecordEntry(
      grpc::CallbackServerContext* call,
      const interactions::v1::RecordEntryRequest* request,
      interactions::v1::RecordEntryResponse* response) override;
  grpc::ServerUnaryReactor* GetEntry(
      grpc::CallbackServerContext* call,
      const interactions::v1::GetEntryRequest* request,
      interactions::v1::Entry* response) override;
  grpc::ServerUnaryReactor* ListEntries(
      grpc::CallbackServerContext* call,
      const interactions::v1::ListEntriesRequest* request,
      interactions::v1::ListEntriesResponse* response) override;
  grpc::ServerUnaryReactor* ReplayEntries(
      grpc::CallbackServerContext* call,
      const interactions::v1::ReplayEntriesRequest* request,
      interactions::v1::ReplayEntriesResponse* response) override;
  grpc::ServerUnaryReactor* DiscardEntry(
      grpc::CallbackServerContext* call,
      const interactions::v1::DiscardEntryRequest* request,
      interactions::v1::Entry* response) override;
  grpc::ServerUnaryReactor* LeaseEntries(
      grpc::CallbackServerContext* call,
      const interactions::v1::LeaseEntriesRequest* request,
      interactions::v1::LeaseEntriesResponse* response) override;
  grpc::ServerUnaryReactor* SettleEntry(
      grpc::CallbackServerContext* call,
      const interactions::v1::SettleEntryRequest* request,
      interactions::v1::Entry* response) override;

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
  Answer<interactions::v1::BatchGetContactFactsRequest,
         interactions::v1::BatchGetContactFactsResponse>
      contact_facts;
  Answer<interactions::v1::BatchFindLastUsesRequest,
         interactions::v1::BatchFindLastUsesResponse>
      last_uses;
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
  Answer<interactions::v1::RecordEntryRequest,
         interactions::v1::RecordEntryResponse>
      record_entry;
  Answer<interactions::v1::GetEntryRequest, interactions::v1::Entry> get_entry;
  Answer<interactions::v1::ListEntriesRequest,
         interactions::v1::ListEntriesResponse>
      list_entries;
  Answer<interactions::v1::ReplayEntriesRequest,
         interactions::v1::ReplayEntriesResponse>
      replay_entries;
  Answer<interactions::v1::DiscardEntryRequest, interactions::v1::Entry>
      discard_entry;
  Answer<interactions::v1::LeaseEntriesRequest,
         interactions::v1::LeaseEntriesResponse>
      lease_entries;
  Answer<interactions::v1::SettleEntryRequest, interactions::v1::Entry>
      settle_entry;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_INTERACTIONS_H_
