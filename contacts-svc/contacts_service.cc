#include "contacts-svc/contacts_service.h"

#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "contacts-svc/contact_list.h"
#include "contacts-svc/groups/actor.h"
#include "contacts-svc/groups/merge_history.h"
#include "contacts-svc/groups/merge_validation.h"
#include "contacts-svc/members/contact_validation.h"
#include "contacts-svc/suggestions/suggestion_decision.h"
#include "contacts-svc/suggestions/suggestion_reader.h"
#include "contacts-svc/suggestions/suggestion_validation.h"

namespace kith::contacts {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;

// A handler that validates the request and then asks the store. Where a request
// has an actor, the caller must be one who may state it.
template <typename Store, typename Request, typename Reply>
auto Handle(const Store& store,
            absl::StatusOr<Reply> (Store::*method)(const Tx&, const Request&)
                const) {
  return [&store, method](const Tx& tx,
                          const Request& request) -> absl::StatusOr<Reply> {
    if constexpr (requires { Validate(request, tx.now); }) {
      KITH_RETURN_IF_ERROR(Validate(request, tx.now));
    } else if constexpr (requires { request.actor(); }) {
      Request acted = request;
      KITH_RETURN_IF_ERROR(SetActorOf(*tx.context.principal, acted));
      KITH_RETURN_IF_ERROR(Validate(acted));
      return (store.*method)(tx, acted);
    } else {
      KITH_RETURN_IF_ERROR(Validate(request));
    }
    return (store.*method)(tx, request);
  };
}

// A handler that validates the request and then calls a function that reads.
template <typename Request, typename Reply>
auto Handle(absl::StatusOr<Reply> (*read)(const Tx&, const Request&)) {
  return [read](const Tx& tx, const Request& request) -> absl::StatusOr<Reply> {
    KITH_RETURN_IF_ERROR(Validate(request));
    return read(tx, request);
  };
}

}  // namespace

ContactsService::ContactsService(server::PooledCalls& calls)
    : calls_(calls), unmerges_(RejectIfOpen), suggestions_(merges_) {}

ContactsService::~ContactsService() = default;

ServerUnaryReactor* ContactsService::CreateContact(
    CallbackServerContext* call, const v1::CreateContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::Create));
}

ServerUnaryReactor* ContactsService::GetContact(
    CallbackServerContext* call, const v1::GetContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, request, reply, Handle(store_, &ContactStore::Get));
}

ServerUnaryReactor* ContactsService::BatchGetContacts(
    CallbackServerContext* call, const v1::BatchGetContactsRequest* request,
    v1::BatchGetContactsResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::BatchGet));
}

ServerUnaryReactor* ContactsService::EnsureContact(
    CallbackServerContext* call, const v1::EnsureContactRequest* request,
    v1::EnsureContactResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::Ensure));
}

ServerUnaryReactor* ContactsService::BatchEnsureContacts(
    CallbackServerContext* call, const v1::BatchEnsureContactsRequest* request,
    v1::BatchEnsureContactsResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchEnsureContactsRequest& batch)
          -> absl::StatusOr<v1::BatchEnsureContactsResponse> {
        KITH_RETURN_IF_ERROR(Validate(batch));
        v1::BatchEnsureContactsResponse response;
        const auto ensure = Handle(store_, &ContactStore::Ensure);
        for (const v1::EnsureContactRequest& item : batch.requests()) {
          status::SetResult(ensure(tx, item), *response.add_results());
        }
        return response;
      });
}

ServerUnaryReactor* ContactsService::UpdateContact(
    CallbackServerContext* call, const v1::UpdateContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::Update));
}

ServerUnaryReactor* ContactsService::ListContacts(
    CallbackServerContext* call, const v1::ListContactsRequest* request,
    v1::ListContactsResponse* reply) {
  return calls_.Run(call, request, reply, Handle(contacts::ListContacts));
}

ServerUnaryReactor* ContactsService::DeleteContact(
    CallbackServerContext* call, const v1::DeleteContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::Delete));
}

ServerUnaryReactor* ContactsService::UndeleteContact(
    CallbackServerContext* call, const v1::UndeleteContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, request, reply,
                    Handle(store_, &ContactStore::Undelete));
}

ServerUnaryReactor* ContactsService::MergeContacts(
    CallbackServerContext* call, const v1::MergeContactsRequest* request,
    v1::MergeContactsResponse* reply) {
  return calls_.Run(call, request, reply, Handle(merges_, &MergeStore::Merge));
}

ServerUnaryReactor* ContactsService::UnmergeContacts(
    CallbackServerContext* call, const v1::UnmergeContactsRequest* request,
    v1::UnmergeContactsResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(unmerges_, &UnmergeStore::Unmerge));
}

ServerUnaryReactor* ContactsService::UndoMerges(
    CallbackServerContext* call, const v1::UndoMergesRequest* request,
    v1::UndoMergesResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(unmerges_, &UnmergeStore::UndoMerges));
}

ServerUnaryReactor* ContactsService::ListMergeHistory(
    CallbackServerContext* call, const v1::ListMergeHistoryRequest* request,
    v1::ListMergeHistoryResponse* reply) {
  return calls_.Run(call, request, reply, Handle(ReadMergeHistory));
}

ServerUnaryReactor* ContactsService::ListSuggestions(
    CallbackServerContext* call, const v1::ListSuggestionsRequest* request,
    v1::ListSuggestionsResponse* reply) {
  return calls_.Run(call, request, reply, Handle(ReadSuggestions));
}

ServerUnaryReactor* ContactsService::ConfirmSuggestion(
    CallbackServerContext* call, const v1::ConfirmSuggestionRequest* request,
    v1::ConfirmSuggestionResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(suggestions_, &SuggestionStore::Confirm));
}

ServerUnaryReactor* ContactsService::RejectSuggestion(
    CallbackServerContext* call, const v1::RejectSuggestionRequest* request,
    v1::RejectSuggestionResponse* reply) {
  return calls_.Run(call, request, reply,
                    Handle(suggestions_, &SuggestionStore::Reject));
}

}  // namespace kith::contacts
