#ifndef KITH_GATEWAY_FAKE_CONTACTS_H_
#define KITH_GATEWAY_FAKE_CONTACTS_H_

#include "gateway/fake_call.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::gateway {

// Fakes contacts-svc. A test sets how each method answers.
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

  using UndeleteAnswer =
      Answer<contacts::v1::UndeleteContactRequest, contacts::v1::Contact>;
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
  grpc::ServerUnaryReactor* UndeleteContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::UndeleteContactRequest* request,
      contacts::v1::Contact* response) override;
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
  UndeleteAnswer undelete;
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

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FAKE_CONTACTS_H_
