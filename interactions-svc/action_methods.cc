// The methods of InteractionsService for actions, and for what decides whether
// customers may be contacted.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/api/page_token.h"
#include "common/auth/acting_person.h"
#include "common/status/status_macros.h"
#include "interactions-svc/action_fields.h"
#include "interactions-svc/action_validation.h"
#include "interactions-svc/actions/queue_names.h"
#include "interactions-svc/completion.h"
#include "interactions-svc/contact_sets.h"
#include "interactions-svc/contacting/contact_facts.h"
#include "interactions-svc/contacting/frequency_caps.h"
#include "interactions-svc/contacting/interaction_caller.h"
#include "interactions-svc/interaction_validation.h"
#include "interactions-svc/interactions_service.h"
#include "interactions-svc/queue_list.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;
using ActionTokens = api::PageTokens<internal::v1::ActionPosition>;

constexpr int32_t kDefaultPage = 20;
constexpr int32_t kMaxPage = 500;

// Checks the request, and sets for whom it is made.
template <typename Request>
absl::StatusOr<Request> Acting(const Tx& tx, const Request& request) {
  const base::Principal& caller = *tx.context.principal;
  Request acting = request;
  if (acting.agent().empty()) acting.set_agent(caller.person);
  KITH_RETURN_IF_ERROR(Validate(acting, tx.now));
  KITH_ASSIGN_OR_RETURN(*acting.mutable_agent(),
                        auth::ActingPerson(caller, "agent", acting.agent()));
  if constexpr (requires { CheckQueueNames(tx, acting); }) {
    KITH_RETURN_IF_ERROR(CheckQueueNames(tx, acting));
  }
  if constexpr (requires { acting.mutable_actions(); }) LowerIds(acting);
  return acting;
}

// A handler that passes the request of an agent to a method of `owner`.
template <typename Owner, typename Request, typename Response>
auto HandleActing(const Owner& owner,
                  absl::StatusOr<Response> (Owner::*method)(const Tx&,
                                                            const Request&)
                      const) {
  return [&owner, method](const Tx& tx,
                          const Request& request) -> absl::StatusOr<Response> {
    KITH_ASSIGN_OR_RETURN(const Request acting, Acting(tx, request));
    return (owner.*method)(tx, acting);
  };
}

absl::StatusOr<v1::CompleteActionsResponse> Complete(
    const Tx& tx, const v1::CompleteActionsRequest& request) {
  KITH_ASSIGN_OR_RETURN(const v1::CompleteActionsRequest acting,
                        Acting(tx, request));
  KITH_RETURN_IF_ERROR(
      CheckRecorder(*tx.context.principal, acting.interaction()));
  KITH_RETURN_IF_ERROR(CheckAdvertiser(tx.context, acting.interaction()));
  return CompleteActions(tx, acting);
}

absl::StatusOr<ActionPage> ListSet(const Tx& tx, const ActionStore& actions,
                                   const std::vector<Uuid>& members,
                                   const v1::ListActionsRequest& request,
                                   const ActionTokens& tokens,
                                   const std::string& token) {
  const auto size = static_cast<size_t>(
      api::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  KITH_ASSIGN_OR_RETURN(const auto position, tokens.Read(token));
  ActionPlace after = {.micros = position.micros(),
                       .action_id = Uuid::FromBytes(position.action_id())};
  if (request.ended()) {
    if (token.empty()) after = ActionPlace::LastEnded();
    return actions.ListEnded(tx, members, after, size);
  }
  if (token.empty()) after = ActionPlace::MostUrgent();
  KITH_ASSIGN_OR_RETURN(const ContactWorks works, ReadWorks(tx, members));
  return actions.ListOpen(tx, works, after, size);
}

absl::StatusOr<v1::ListActionsResponse> List(
    const Tx& tx, const ActionStore& actions,
    const v1::ListActionsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  v1::ListActionsResponse response;
  for (const auto& set : request.sets()) {
    const std::vector<Uuid> members = MembersOf(set);
    const ActionTokens tokens("ListActions/", tx.tenant_id(), "/",
                              request.ended(), "/", JoinedBytes(members));
    KITH_ASSIGN_OR_RETURN(
        ActionPage page,
        ListSet(tx, actions, members, request, tokens, set.page_token()));
    auto& result = *response.add_results();
    for (v1::Action& action : page.actions) {
      *result.add_actions() = std::move(action);
    }
    if (!page.next.has_value()) continue;
    internal::v1::ActionPosition next;
    next.set_micros(page.next->micros);
    next.set_action_id(std::string(page.next->action_id.bytes()));
    result.set_next_page_token(tokens.Make(next));
  }
  return response;
}

}  // namespace

ServerUnaryReactor* InteractionsService::CreateAction(
    CallbackServerContext* call, const v1::CreateActionRequest* request,
    v1::Action* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::CreateActionRequest& create)
                        -> absl::StatusOr<v1::Action> {
                      KITH_RETURN_IF_ERROR(Validate(create, tx.now));
                      KITH_RETURN_IF_ERROR(CheckQueueNames(tx, create));
                      v1::CreateActionRequest lower = create;
                      LowerIds(lower);
                      return actions_.Create(tx, lower);
                    });
}

ServerUnaryReactor* InteractionsService::LeaseNextActions(
    CallbackServerContext* call, const v1::LeaseNextActionsRequest* request,
    v1::LeaseNextActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(worklist_, &Worklist::LeaseNext));
}

ServerUnaryReactor* InteractionsService::LeaseActions(
    CallbackServerContext* call, const v1::LeaseActionsRequest* request,
    v1::LeaseActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(worklist_, &Worklist::Lease));
}

ServerUnaryReactor* InteractionsService::ReleaseActions(
    CallbackServerContext* call, const v1::ReleaseActionsRequest* request,
    v1::ReleaseActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(worklist_, &Worklist::Release));
}

ServerUnaryReactor* InteractionsService::CompleteActions(
    CallbackServerContext* call, const v1::CompleteActionsRequest* request,
    v1::CompleteActionsResponse* reply) {
  return calls_.Run(call, request, reply, Complete);
}

ServerUnaryReactor* InteractionsService::DismissActions(
    CallbackServerContext* call, const v1::DismissActionsRequest* request,
    v1::DismissActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(actions_, &ActionStore::Dismiss));
}

ServerUnaryReactor* InteractionsService::SnoozeActions(
    CallbackServerContext* call, const v1::SnoozeActionsRequest* request,
    v1::SnoozeActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(actions_, &ActionStore::Snooze));
}

ServerUnaryReactor* InteractionsService::ReassignActions(
    CallbackServerContext* call, const v1::ReassignActionsRequest* request,
    v1::ReassignActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleActing(actions_, &ActionStore::Reassign));
}

ServerUnaryReactor* InteractionsService::ListActions(
    CallbackServerContext* call, const v1::ListActionsRequest* request,
    v1::ListActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::ListActionsRequest& list) {
                      return List(tx, actions_, list);
                    });
}

ServerUnaryReactor* InteractionsService::ListQueuedActions(
    CallbackServerContext* call, const v1::ListQueuedActionsRequest* request,
    v1::ListQueuedActionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    [](const Tx& tx, const v1::ListQueuedActionsRequest& list)
                        -> absl::StatusOr<v1::ListQueuedActionsResponse> {
                      KITH_RETURN_IF_ERROR(Validate(list, tx.now));
                      KITH_RETURN_IF_ERROR(CheckQueueNames(tx, list));
                      return ListQueued(tx, list);
                    });
}

ServerUnaryReactor* InteractionsService::CountWaitingActions(
    CallbackServerContext* call, const v1::CountWaitingActionsRequest* request,
    v1::CountWaitingActionsResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::CountWaitingActionsRequest& count)
          -> absl::StatusOr<v1::CountWaitingActionsResponse> {
        KITH_RETURN_IF_ERROR(Validate(count, tx.now));
        KITH_RETURN_IF_ERROR(CheckQueueNames(tx, count));
        return worklist_.Count(tx, count);
      });
}

ServerUnaryReactor* InteractionsService::BatchGetContactFacts(
    CallbackServerContext* call, const v1::BatchGetContactFactsRequest* request,
    v1::BatchGetContactFactsResponse* reply) {
  return calls_.Run(call, request, reply, GetContactFacts);
}

ServerUnaryReactor* InteractionsService::BatchFindLastUses(
    CallbackServerContext* call, const v1::BatchFindLastUsesRequest* request,
    v1::BatchFindLastUsesResponse* reply) {
  return calls_.Run(call, request, reply, FindLastUses);
}

}  // namespace kith::interactions
