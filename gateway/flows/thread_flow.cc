#include "gateway/flows/thread_flow.h"

#include <utility>

#include "gateway/flows/request_id.h"

namespace kith::gateway {

using contacts::v1::Contact;

Task<absl::Status> ThreadFlow::Create(
    const base::RequestContext& context, const v1::CreateThreadRequest& request,
    interactions::v1::Thread& response) const {
  const absl::StatusOr<Contact> customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  interactions::v1::CreateThreadRequest create;
  *create.mutable_thread() = request.thread();
  create.mutable_thread()->set_contact_id(customer.ok() ? customer->contact_id()
                                                        : "");
  PassRequestId(request, create);
  auto call = backends_.Interactions(&Backends::InteractionsStub::CreateThread,
                                     std::move(create), context);
  auto created = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, created.status()));
  response = *std::move(created);
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::Update(
    const base::RequestContext& context, const v1::UpdateThreadRequest& request,
    interactions::v1::Thread& response) const {
  interactions::v1::UpdateThreadRequest update;
  *update.mutable_thread() = request.thread();
  *update.mutable_update_mask() = request.update_mask();
  update.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Interactions(&Backends::InteractionsStub::UpdateThread,
                                     std::move(update), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::Split(
    const base::RequestContext& context, const v1::SplitThreadRequest& request,
    interactions::v1::SplitThreadResponse& response) const {
  interactions::v1::SplitThreadRequest split;
  split.set_thread_id(request.thread_id());
  *split.mutable_interaction_ids() = request.interaction_ids();
  split.set_from_interaction_id(request.from_interaction_id());
  split.set_kind(request.kind());
  split.set_topic(request.topic());
  split.set_subject(request.subject());
  split.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Interactions(&Backends::InteractionsStub::SplitThread,
                                     std::move(split), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::Join(
    const base::RequestContext& context, const v1::JoinThreadsRequest& request,
    interactions::v1::JoinThreadsResponse& response) const {
  interactions::v1::JoinThreadsRequest join;
  join.set_thread_id(request.thread_id());
  join.set_joined_thread_id(request.joined_thread_id());
  join.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Interactions(&Backends::InteractionsStub::JoinThreads,
                                     std::move(join), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::Undo(
    const base::RequestContext& context,
    const v1::UndoThreadChangeRequest& request,
    interactions::v1::UndoThreadChangeResponse& response) const {
  interactions::v1::UndoThreadChangeRequest undo;
  if (request.has_split_thread_id()) {
    undo.set_split_thread_id(request.split_thread_id());
  }
  if (request.has_joined_thread_id()) {
    undo.set_joined_thread_id(request.joined_thread_id());
  }
  undo.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Interactions(
      &Backends::InteractionsStub::UndoThreadChange, std::move(undo), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::Get(const base::RequestContext& context,
                                   const v1::GetThreadRequest& request,
                                   v1::GetThreadResponse& response) const {
  interactions::v1::GetThreadRequest get;
  get.set_thread_id(request.thread_id());
  get.set_page_size(request.page_size());
  get.set_page_token(request.page_token());
  auto call = backends_.Interactions(&Backends::InteractionsStub::GetThread,
                                     std::move(get), context);
  KITH_CO_ASSIGN_OR_RETURN(auto got, co_await call);
  response.mutable_thread()->Swap(got.mutable_thread());
  response.mutable_interactions()->Swap(got.mutable_interactions());
  response.set_next_page_token(got.next_page_token());
  co_return absl::OkStatus();
}

Task<absl::Status> ThreadFlow::List(const base::RequestContext& context,
                                    const v1::ListThreadsRequest& request,
                                    v1::ListThreadsResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  interactions::v1::ListThreadsRequest list;
  common::v1::ContactSet& set = *list.add_sets();
  *set.mutable_contact_ids() = customer.member_ids();
  set.set_page_token(request.page_token());
  list.set_page_size(request.page_size());
  *list.mutable_states() = request.states();
  auto call = backends_.Interactions(&Backends::InteractionsStub::ListThreads,
                                     std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  auto& result = *listed.mutable_results(0);
  response.mutable_threads()->Swap(result.mutable_threads());
  response.set_next_page_token(result.next_page_token());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
