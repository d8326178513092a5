#ifndef KITH_CONTACTS_SVC_CONTACTS_SERVICE_H_
#define KITH_CONTACTS_SVC_CONTACTS_SERVICE_H_

#include "common/server/pooled_calls.h"
#include "contacts-svc/contact_store.h"
#include "contacts-svc/groups/merge_store.h"
#include "contacts-svc/groups/unmerge_store.h"
#include "contacts-svc/suggestions/suggestion_store.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::contacts {

// The RPCs of contacts-svc: each validates its request and calls a store or a
// reader. Thread-safe.
class ContactsService final : public v1::ContactsService::CallbackService {
 public:
  // `calls` must outlive the service.
  explicit ContactsService(server::PooledCalls& calls);
  ~ContactsService() override;

  grpc::ServerUnaryReactor* CreateContact(
      grpc::CallbackServerContext* call,
      const v1::CreateContactRequest* request, v1::Contact* reply) override;

  grpc::ServerUnaryReactor* GetContact(grpc::CallbackServerContext* call,
                                       const v1::GetContactRequest* request,
                                       v1::Contact* reply) override;

  grpc::ServerUnaryReactor* BatchGetContacts(
      grpc::CallbackServerContext* call,
      const v1::BatchGetContactsRequest* request,
      v1::BatchGetContactsResponse* reply) override;

  grpc::ServerUnaryReactor* EnsureContact(
      grpc::CallbackServerContext* call,
      const v1::EnsureContactRequest* request,
      v1::EnsureContactResponse* reply) override;

  grpc::ServerUnaryReactor* BatchEnsureContacts(
      grpc::CallbackServerContext* call,
      const v1::BatchEnsureContactsRequest* request,
      v1::BatchEnsureContactsResponse* reply) override;

  grpc::ServerUnaryReactor* UpdateContact(
      grpc::CallbackServerContext* call,
      const v1::UpdateContactRequest* request, v1::Contact* reply) override;

  grpc::ServerUnaryReactor* ListContacts(
      grpc::CallbackServerContext* call, const v1::ListContactsRequest* request,
      v1::ListContactsResponse* reply) override;

  grpc::ServerUnaryReactor* DeleteContact(
      grpc::CallbackServerContext* call,
      const v1::DeleteContactRequest* request, v1::Contact* reply) override;

  grpc::ServerUnaryReactor* UndeleteContact(
      grpc::CallbackServerContext* call,
      const v1::UndeleteContactRequest* request, v1::Contact* reply) override;

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

 private:
  server::PooledCalls& calls_;
  const ContactStore store_{};
  const MergeStore merges_{};
  const UnmergeStore unmerges_;
  const SuggestionStore suggestions_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACTS_SERVICE_H_
