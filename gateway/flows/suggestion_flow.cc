#include "gateway/flows/suggestion_flow.h"

#include <utility>

#include "gateway/flows/request_id.h"
#include "gateway/flows/settled_reviews.h"

namespace kith::gateway {

Task<absl::Status> SuggestionFlow::List(
    const base::RequestContext& context,
    const v1::ListSuggestionsRequest& request,
    v1::ListSuggestionsResponse& response) const {
  contacts::v1::ListSuggestionsRequest list;
  if (request.has_customer()) {
    KITH_CO_ASSIGN_OR_RETURN(
        const contacts::v1::Contact customer,
        co_await customers_.FindOne(context, request.customer()));
    list.set_contact_id(customer.contact_id());
    response.set_canonical_id(customer.canonical_id());
  }
  list.set_state(request.state());
  list.set_page_size(request.page_size());
  list.set_page_token(request.page_token());
  auto call = backends_.Contacts(&Backends::ContactsStub::ListSuggestions,
                                 std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  response.mutable_suggestions()->Swap(listed.mutable_suggestions());
  response.set_next_page_token(listed.next_page_token());
  *response.mutable_too_common() = listed.too_common();
  co_return absl::OkStatus();
}

Task<absl::Status> SuggestionFlow::Confirm(
    const base::RequestContext& context,
    const v1::ConfirmSuggestionRequest& request,
    v1::ConfirmSuggestionResponse& response) const {
  contacts::v1::ConfirmSuggestionRequest confirm;
  confirm.set_suggestion_id(request.suggestion_id());
  confirm.set_survivor_id(request.survivor_id());
  *confirm.mutable_actor() = request.actor();
  confirm.set_reason(request.reason());
  confirm.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Contacts(&Backends::ContactsStub::ConfirmSuggestion,
                                 std::move(confirm), context);
  KITH_CO_ASSIGN_OR_RETURN(auto confirmed, co_await call);
  response.mutable_suggestion()->Swap(confirmed.mutable_suggestion());
  response.mutable_contact()->Swap(confirmed.mutable_contact());
  response.mutable_edge()->Swap(confirmed.mutable_edge());
  co_await DismissReviewsOfMerged(context, backends_, response.contact(),
                                  request.actor());
  co_return absl::OkStatus();
}

Task<absl::Status> SuggestionFlow::Reject(
    const base::RequestContext& context,
    const v1::RejectSuggestionRequest& request,
    v1::RejectSuggestionResponse& response) const {
  contacts::v1::RejectSuggestionRequest reject;
  reject.set_suggestion_id(request.suggestion_id());
  *reject.mutable_actor() = request.actor();
  reject.set_reason(request.reason());
  reject.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Contacts(&Backends::ContactsStub::RejectSuggestion,
                                 std::move(reject), context);
  KITH_CO_ASSIGN_OR_RETURN(auto rejected, co_await call);
  response.mutable_suggestion()->Swap(rejected.mutable_suggestion());
  co_await DismissReviewsOfRejected(context, backends_, customers_,
                                    response.suggestion(), request.actor());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
