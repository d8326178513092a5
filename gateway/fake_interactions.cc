#include "gateway/fake_interactions.h"

namespace kith::gateway {

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

grpc::ServerUnaryReactor* FakeInteractions::BatchGetContactFacts(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchGetContactFactsRequest* request,
    interactions::v1::BatchGetContactFactsResponse* response) {
  return Play("BatchGetContactFacts", record, contact_facts, call, request,
              response);
}

grpc::ServerUnaryReactor* FakeInteractions::BatchFindLastUses(
    grpc::CallbackServerContext* call,
    const interactions::v1::BatchFindLastUsesRequest* request,
    interactions::v1::BatchFindLastUsesResponse* response) {
  return Play("BatchFindLastUses", record, last_uses, call, request, response);
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

grpc::ServerUnaryReactor* FakeInteractions::RecordEntry(
    grpc::CallbackServerContext* call,
    const interactions::v1::RecordEntryRequest* request,
    interactions::v1::RecordEntryResponse* response) {
  return Play("RecordEntry", record, record_entry, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::GetEntry(
    grpc::CallbackServerContext* call,
    const interactions::v1::GetEntryRequest* request,
    interactions::v1::Entry* response) {
  return Play("GetEntry", record, get_entry, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ListEntries(
    grpc::CallbackServerContext* call,
    const interactions::v1::ListEntriesRequest* request,
    interactions::v1::ListEntriesResponse* response) {
  return Play("ListEntries", record, list_entries, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::ReplayEntries(
    grpc::CallbackServerContext* call,
    const interactions::v1::ReplayEntriesRequest* request,
    interactions::v1::ReplayEntriesResponse* response) {
  return Play("ReplayEntries", record, replay_entries, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::DiscardEntry(
    grpc::CallbackServerContext* call,
    const interactions::v1::DiscardEntryRequest* request,
    interactions::v1::Entry* response) {
  return Play("DiscardEntry", record, discard_entry, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::LeaseEntries(
    grpc::CallbackServerContext* call,
    const interactions::v1::LeaseEntriesRequest* request,
    interactions::v1::LeaseEntriesResponse* response) {
  return Play("LeaseEntries", record, lease_entries, call, request, response);
}

grpc::ServerUnaryReactor* FakeInteractions::SettleEntry(
    grpc::CallbackServerContext* call,
    const interactions::v1::SettleEntryRequest* request,
    interactions::v1::Entry* response) {
  return Play("SettleEntry", record, settle_entry, call, request, response);
}

}  // namespace kith::gateway
