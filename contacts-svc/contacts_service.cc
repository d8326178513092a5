#include "contacts-svc/contacts_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/merge_history.h"
#include "contacts-svc/groups/merge_validation.h"
#include "contacts-svc/members/contact_validation.h"
#include "contacts-svc/suggestions/suggestion_reader.h"
#include "contacts-svc/suggestions/suggestion_validation.h"

namespace kith::contacts {
namespace {

using base::RequestContext;
using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Session;

SuggestionQuery QueryOf(const v1::ListSuggestionsRequest& request,
                        const std::string& position) {
  SuggestionQuery query;
  query.contact = Uuid::Parse(request.contact_id());
  if (request.state() != v1::SUGGESTION_STATE_UNSPECIFIED) {
    query.state = request.state();
  }
  query.after = ReadSuggestionPlace(position);
  query.limit = api::PageSize(request.page_size(), 50, 500);
  return query;
}

}  // namespace

ServerUnaryReactor* ContactsService::CreateContact(
    CallbackServerContext* call, const v1::CreateContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, "CreateContact",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Create(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* ContactsService::GetContact(
    CallbackServerContext* call, const v1::GetContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(
      call, "GetContact",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        KITH_ASSIGN_OR_RETURN(
            *reply,
            store_.Get(context, session, *Uuid::Parse(request->contact_id())));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::BatchGetContacts(
    CallbackServerContext* call, const v1::BatchGetContactsRequest* request,
    v1::BatchGetContactsResponse* reply) {
  return calls_.Run(
      call, "BatchGetContacts",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        std::vector<Uuid> ids;
        for (const std::string& id : request->contact_ids()) {
          ids.push_back(*Uuid::Parse(id));
        }
        KITH_ASSIGN_OR_RETURN(const std::vector<v1::Contact> found,
                              store_.BatchGet(context, session, ids));
        absl::flat_hash_map<std::string, const v1::Contact*> by_id;
        for (const v1::Contact& contact : found) {
          by_id[contact.contact_id()] = &contact;
        }
        for (const std::string& id : request->contact_ids()) {
          if (auto it = by_id.find(absl::AsciiStrToLower(id));
              it != by_id.end()) {
            *reply->add_contacts() = *it->second;
          } else {
            reply->add_missing_ids(id);
          }
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::EnsureContact(
    CallbackServerContext* call, const v1::EnsureContactRequest* request,
    v1::EnsureContactResponse* reply) {
  return calls_.Run(call, "EnsureContact",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Ensure(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* ContactsService::BatchEnsureContacts(
    CallbackServerContext* call, const v1::BatchEnsureContactsRequest* request,
    v1::BatchEnsureContactsResponse* reply) {
  return calls_.Run(
      call, "BatchEnsureContacts",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        const auto ensure = [&](const v1::EnsureContactRequest& item)
            -> absl::StatusOr<v1::EnsureContactResponse> {
          KITH_RETURN_IF_ERROR(Validate(item));
          return store_.Ensure(context, session, item);
        };
        for (const v1::EnsureContactRequest& item : request->requests()) {
          status::SetResult(ensure(item), *reply->add_results());
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::UpdateContact(
    CallbackServerContext* call, const v1::UpdateContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, "UpdateContact",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Update(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* ContactsService::ListContacts(
    CallbackServerContext* call, const v1::ListContactsRequest* request,
    v1::ListContactsResponse* reply) {
  return calls_.Run(
      call, "ListContacts",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        const int32_t size = api::PageSize(request->page_size(), 50, 500);
        const std::string binding =
            absl::StrCat("ListContacts/", context.tenant_id());
        KITH_ASSIGN_OR_RETURN(
            const std::string position,
            api::ReadPageToken(request->page_token(), binding));
        KITH_ASSIGN_OR_RETURN(
            ContactPage page,
            store_.List(context, session, Uuid::FromBytes(position), size));
        if (page.last.has_value()) {
          reply->set_next_page_token(
              api::MakePageToken(page.last->bytes(), binding));
        }
        for (v1::Contact& contact : page.contacts) {
          *reply->add_contacts() = std::move(contact);
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::DeleteContact(
    CallbackServerContext* call, const v1::DeleteContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, "DeleteContact",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Delete(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* ContactsService::UndeleteContact(
    CallbackServerContext* call, const v1::UndeleteContactRequest* request,
    v1::Contact* reply) {
  return calls_.Run(call, "UndeleteContact",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      KITH_ASSIGN_OR_RETURN(
                          *reply, store_.Undelete(context, session, *request));
                      return absl::OkStatus();
                    });
}

ServerUnaryReactor* ContactsService::Merge(CallbackServerContext* call,
                                           const v1::MergeRequest* request,
                                           v1::MergeResponse* reply) {
  return calls_.Run(
      call, "Merge",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(CheckMayMerge(context.principal->assurance));
        KITH_RETURN_IF_ERROR(Validate(*request));
        KITH_ASSIGN_OR_RETURN(*reply,
                              merges_.Merge(context, session, *request));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::Unmerge(CallbackServerContext* call,
                                             const v1::UnmergeRequest* request,
                                             v1::UnmergeResponse* reply) {
  return calls_.Run(
      call, "Unmerge",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(CheckMayMerge(context.principal->assurance));
        KITH_RETURN_IF_ERROR(Validate(*request));
        KITH_ASSIGN_OR_RETURN(*reply->mutable_group(),
                              unmerges_.Unmerge(context, session, *request));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::UnmergeByCause(
    CallbackServerContext* call, const v1::UnmergeByCauseRequest* request,
    v1::UnmergeByCauseResponse* reply) {
  return calls_.Run(
      call, "UnmergeByCause",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(CheckMayMerge(context.principal->assurance));
        KITH_RETURN_IF_ERROR(Validate(*request));
        const std::string binding = absl::StrCat(
            "UnmergeByCause/", context.tenant_id(), "/", request->dry_run(),
            "/", request->cause().kind(), "/", request->cause().value());
        KITH_ASSIGN_OR_RETURN(
            const std::string position,
            api::ReadPageToken(request->page_token(), binding));
        KITH_ASSIGN_OR_RETURN(
            UnmergedPage page,
            unmerges_.UnmergeByCause(
                context, session, *request, Uuid::FromBytes(position),
                api::PageSize(request->page_size(), 20, 100)));
        if (page.last.has_value()) {
          reply->set_next_page_token(
              api::MakePageToken(page.last->bytes(), binding));
        }
        for (v1::UnmergedGroup& group : page.groups) {
          *reply->add_groups() = std::move(group);
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::ListMergeHistory(
    CallbackServerContext* call, const v1::ListMergeHistoryRequest* request,
    v1::ListMergeHistoryResponse* reply) {
  return calls_.Run(
      call, "ListMergeHistory",
      [=](const RequestContext& context, Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        const Uuid id = *Uuid::Parse(request->contact_id());
        const std::string binding = absl::StrCat(
            "ListMergeHistory/", context.tenant_id(), "/", id.ToString());
        KITH_ASSIGN_OR_RETURN(
            const std::string position,
            api::ReadPageToken(request->page_token(), binding));
        KITH_ASSIGN_OR_RETURN(
            HistoryPage page,
            ReadHistory(session, context.tenant_id(), id, ReadPlace(position),
                        api::PageSize(request->page_size(), 50, 500)));
        if (page.last.has_value()) {
          reply->set_next_page_token(
              api::MakePageToken(WritePlace(*page.last), binding));
        }
        reply->set_canonical_id(page.canonical_id.ToString());
        for (v1::MergeEdge& edge : page.edges) {
          *reply->add_edges() = std::move(edge);
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::ListSuggestions(
    CallbackServerContext* call, const v1::ListSuggestionsRequest* request,
    v1::ListSuggestionsResponse* reply) {
  return calls_.Run(
      call, "ListSuggestions",
      [=](const RequestContext& context, Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        const std::string binding = absl::StrCat(
            "ListSuggestions/", context.tenant_id(), "/", request->state(), "/",
            absl::AsciiStrToLower(request->contact_id()));
        KITH_ASSIGN_OR_RETURN(
            const std::string position,
            api::ReadPageToken(request->page_token(), binding));
        KITH_ASSIGN_OR_RETURN(SuggestionPage page,
                              ReadSuggestions(session, context.tenant_id(),
                                              QueryOf(*request, position)));
        if (page.last.has_value()) {
          reply->set_next_page_token(
              api::MakePageToken(WritePlace(*page.last), binding));
        }
        for (v1::Suggestion& suggestion : page.suggestions) {
          *reply->add_suggestions() = std::move(suggestion);
        }
        reply->mutable_too_common()->Assign(page.too_common.begin(),
                                            page.too_common.end());
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::ConfirmSuggestion(
    CallbackServerContext* call, const v1::ConfirmSuggestionRequest* request,
    v1::ConfirmSuggestionResponse* reply) {
  return calls_.Run(
      call, "ConfirmSuggestion",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(CheckMayMerge(context.principal->assurance));
        KITH_RETURN_IF_ERROR(Validate(*request));
        KITH_ASSIGN_OR_RETURN(*reply,
                              suggestions_.Confirm(context, session, *request));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* ContactsService::RejectSuggestion(
    CallbackServerContext* call, const v1::RejectSuggestionRequest* request,
    v1::RejectSuggestionResponse* reply) {
  return calls_.Run(
      call, "RejectSuggestion",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(CheckMayMerge(context.principal->assurance));
        KITH_RETURN_IF_ERROR(Validate(*request));
        KITH_ASSIGN_OR_RETURN(*reply,
                              suggestions_.Reject(context, session, *request));
        return absl::OkStatus();
      });
}

}  // namespace kith::contacts
