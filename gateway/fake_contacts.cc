#include "gateway/fake_contacts.h"

namespace kith::gateway {

grpc::ServerUnaryReactor* FakeContacts::BatchGetContacts(
    grpc::CallbackServerContext* call,
    const contacts::v1::BatchGetContactsRequest* request,
    contacts::v1::BatchGetContactsResponse* response) {
  return Play("BatchGetContacts", record, batch_get, call, request, response);
}

grpc::ServerUnaryReactor* FakeContacts::UndeleteContact(
    grpc::CallbackServerContext* call,
    const contacts::v1::UndeleteContactRequest* request,
    contacts::v1::Contact* response) {
  return Play("UndeleteContact", record, undelete, call, request, response);
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

}  // namespace kith::gateway
