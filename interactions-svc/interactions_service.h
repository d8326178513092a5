#ifndef KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_
#define KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_

#include "common/server/pooled_calls.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/interaction_store.h"
#include "interactions-svc/journal/journal_store.h"
#include "interactions-svc/thread_move_store.h"
#include "interactions-svc/thread_store.h"
#include "interactions-svc/worklist.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::interactions {

// The RPCs of interactions-svc: each validates its request and calls the store.
// Thread-safe.
class InteractionsService final
    : public v1::InteractionsService::CallbackService {
 public:
  // `calls` must outlive the service.
  explicit InteractionsService(server::PooledCalls& calls);
  ~InteractionsService() override;

  grpc::ServerUnaryReactor* RecordInteraction(
      grpc::CallbackServerContext* call,
      const v1::RecordInteractionRequest* request,
      v1::RecordInteractionResponse* reply) override;

  grpc::ServerUnaryReactor* BatchRecordInteractions(
      grpc::CallbackServerContext* call,
      const v1::BatchRecordInteractionsRequest* request,
      v1::BatchRecordInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* FindRecording(
      grpc::CallbackServerContext* call,
      const v1::FindRecordingRequest* request,
      v1::FindRecordingResponse* reply) override;

  grpc::ServerUnaryReactor* BatchFindRecordings(
      grpc::CallbackServerContext* call,
      const v1::BatchFindRecordingsRequest* request,
      v1::BatchFindRecordingsResponse* reply) override;

  grpc::ServerUnaryReactor* ReassignInteractions(
      grpc::CallbackServerContext* call,
      const v1::ReassignInteractionsRequest* request,
      v1::ReassignInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* ListInteractions(
      grpc::CallbackServerContext* call,
      const v1::ListInteractionsRequest* request,
      v1::ListInteractionsResponse* reply) override;

  grpc::ServerUnaryReactor* BatchGetActivity(
      grpc::CallbackServerContext* call,
      const v1::BatchGetActivityRequest* request,
      v1::BatchGetActivityResponse* reply) override;

  grpc::ServerUnaryReactor* BatchGetContactFacts(
      grpc::CallbackServerContext* call,
      const v1::BatchGetContactFactsRequest* request,
      v1::BatchGetContactFactsResponse* reply) override;

  grpc::ServerUnaryReactor* BatchFindLastUses(
      grpc::CallbackServerContext* call,
      const v1::BatchFindLastUsesRequest* request,
      v1::BatchFindLastUsesResponse* reply) override;

  grpc::ServerUnaryReactor* CreateThread(grpc::CallbackServerContext* call,
                                         const v1::CreateThreadRequest* request,
                                         v1::Thread* reply) override;

  grpc::ServerUnaryReactor* UpdateThread(grpc::CallbackServerContext* call,
                                         const v1::UpdateThreadRequest* request,
                                         v1::Thread* reply) override;

  grpc::ServerUnaryReactor* SplitThread(
      grpc::CallbackServerContext* call, const v1::SplitThreadRequest* request,
      v1::SplitThreadResponse* reply) override;

  grpc::ServerUnaryReactor* JoinThreads(
      grpc::CallbackServerContext* call, const v1::JoinThreadsRequest* request,
      v1::JoinThreadsResponse* reply) override;

  grpc::ServerUnaryReactor* UndoThreadChange(
      grpc::CallbackServerContext* call,
      const v1::UndoThreadChangeRequest* request,
      v1::UndoThreadChangeResponse* reply) override;

  grpc::ServerUnaryReactor* GetThread(grpc::CallbackServerContext* call,
                                      const v1::GetThreadRequest* request,
                                      v1::GetThreadResponse* reply) override;

  grpc::ServerUnaryReactor* ListThreads(
      grpc::CallbackServerContext* call, const v1::ListThreadsRequest* request,
      v1::ListThreadsResponse* reply) override;

  grpc::ServerUnaryReactor* CreateAction(grpc::CallbackServerContext* call,
                                         const v1::CreateActionRequest* request,
                                         v1::Action* reply) override;

  grpc::ServerUnaryReactor* LeaseNextActions(
      grpc::CallbackServerContext* call,
      const v1::LeaseNextActionsRequest* request,
      v1::LeaseNextActionsResponse* reply) override;

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

  grpc::ServerUnaryReactor* ListActions(
      grpc::CallbackServerContext* call, const v1::ListActionsRequest* request,
      v1::ListActionsResponse* reply) override;

  grpc::ServerUnaryReactor* ListQueuedActions(
      grpc::CallbackServerContext* call,
      const v1::ListQueuedActionsRequest* request,
      v1::ListQueuedActionsResponse* reply) override;

  grpc::ServerUnaryReactor* CountWaitingActions(
      grpc::CallbackServerContext* call,
      const v1::CountWaitingActionsRequest* request,
      v1::CountWaitingActionsResponse* reply) override;

  grpc::ServerUnaryReactor* RecordEntry(
      grpc::CallbackServerContext* call, const v1::RecordEntryRequest* request,
      v1::RecordEntryResponse* reply) override;

  grpc::ServerUnaryReactor* LeaseEntries(
      grpc::CallbackServerContext* call, const v1::LeaseEntriesRequest* request,
      v1::LeaseEntriesResponse* reply) override;

  grpc::ServerUnaryReactor* SettleEntry(grpc::CallbackServerContext* call,
                                        const v1::SettleEntryRequest* request,
                                        v1::Entry* reply) override;

  grpc::ServerUnaryReactor* GetEntry(grpc::CallbackServerContext* call,
                                     const v1::GetEntryRequest* request,
                                     v1::Entry* reply) override;

  grpc::ServerUnaryReactor* ListEntries(
      grpc::CallbackServerContext* call, const v1::ListEntriesRequest* request,
      v1::ListEntriesResponse* reply) override;

  grpc::ServerUnaryReactor* ReplayEntries(
      grpc::CallbackServerContext* call,
      const v1::ReplayEntriesRequest* request,
      v1::ReplayEntriesResponse* reply) override;

  grpc::ServerUnaryReactor* DiscardEntry(grpc::CallbackServerContext* call,
                                         const v1::DiscardEntryRequest* request,
                                         v1::Entry* reply) override;

 private:
  server::PooledCalls& calls_;
  const InteractionStore store_{};
  const ThreadStore threads_{};
  const ThreadMoveStore moves_{};
  const ActionStore actions_{};
  const Worklist worklist_{};
  const JournalStore journal_{};
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTIONS_SERVICE_H_
