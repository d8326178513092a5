#include "gateway/gateway_service.h"

namespace kith::gateway {
namespace {

using base::RequestContext;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

}  // namespace

ServerUnaryReactor* GatewayService::GetCustomerView(
    CallbackServerContext* call, const v1::GetCustomerViewRequest* request,
    v1::GetCustomerViewResponse* reply) {
  return calls_.Run(call, "GetCustomerView",
                    [=, this](const RequestContext& context) {
                      return views_.Get(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::BatchGetCustomerViews(
    CallbackServerContext* call,
    const v1::BatchGetCustomerViewsRequest* request,
    v1::BatchGetCustomerViewsResponse* reply) {
  return calls_.Run(call, "BatchGetCustomerViews",
                    [=, this](const RequestContext& context) {
                      return views_.BatchGet(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::RecordTouch(
    CallbackServerContext* call, const v1::RecordTouchRequest* request,
    v1::RecordTouchResponse* reply) {
  return calls_.Run(call, "RecordTouch",
                    [=, this](const RequestContext& context) {
                      return touches_.Record(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::BatchRecordTouches(
    CallbackServerContext* call, const v1::BatchRecordTouchesRequest* request,
    v1::BatchRecordTouchesResponse* reply) {
  return calls_.Run(call, "BatchRecordTouches",
                    [=, this](const RequestContext& context) {
                      return touches_.BatchRecord(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::CreateContact(
    CallbackServerContext* call, const v1::CreateContactRequest* request,
    contacts::v1::Contact* reply) {
  return calls_.Run(call, "CreateContact",
                    [=, this](const RequestContext& context) {
                      return contacts_.Create(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::UpdateContact(
    CallbackServerContext* call, const v1::UpdateContactRequest* request,
    contacts::v1::Contact* reply) {
  return calls_.Run(call, "UpdateContact",
                    [=, this](const RequestContext& context) {
                      return contacts_.Update(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::ListTimeline(
    CallbackServerContext* call, const v1::ListTimelineRequest* request,
    v1::ListTimelineResponse* reply) {
  return calls_.Run(call, "ListTimeline",
                    [=, this](const RequestContext& context) {
                      return contacts_.ListTimeline(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::LinkIdentity(
    CallbackServerContext* call, const v1::LinkIdentityRequest* request,
    v1::LinkIdentityResponse* reply) {
  return calls_.Run(call, "LinkIdentity",
                    [=, this](const RequestContext& context) {
                      return contacts_.Link(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::UnlinkIdentity(
    CallbackServerContext* call, const v1::UnlinkIdentityRequest* request,
    v1::UnlinkIdentityResponse* reply) {
  return calls_.Run(call, "UnlinkIdentity",
                    [=, this](const RequestContext& context) {
                      return contacts_.Unlink(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::Merge(CallbackServerContext* call,
                                          const v1::MergeRequest* request,
                                          v1::MergeResponse* reply) {
  return calls_.Run(call, "Merge", [=, this](const RequestContext& context) {
    return groups_.Merge(context, *request, *reply);
  });
}

ServerUnaryReactor* GatewayService::Unmerge(CallbackServerContext* call,
                                            const v1::UnmergeRequest* request,
                                            v1::UnmergeResponse* reply) {
  return calls_.Run(call, "Unmerge", [=, this](const RequestContext& context) {
    return groups_.Unmerge(context, *request, *reply);
  });
}

ServerUnaryReactor* GatewayService::UnmergeByCause(
    CallbackServerContext* call, const v1::UnmergeByCauseRequest* request,
    v1::UnmergeByCauseResponse* reply) {
  return calls_.Run(call, "UnmergeByCause",
                    [=, this](const RequestContext& context) {
                      return groups_.UnmergeByCause(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::ListMergeHistory(
    CallbackServerContext* call, const v1::ListMergeHistoryRequest* request,
    v1::ListMergeHistoryResponse* reply) {
  return calls_.Run(call, "ListMergeHistory",
                    [=, this](const RequestContext& context) {
                      return groups_.ListHistory(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::ListSuggestions(
    CallbackServerContext* call, const v1::ListSuggestionsRequest* request,
    v1::ListSuggestionsResponse* reply) {
  return calls_.Run(call, "ListSuggestions",
                    [=, this](const RequestContext& context) {
                      return suggestions_.List(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::ConfirmSuggestion(
    CallbackServerContext* call, const v1::ConfirmSuggestionRequest* request,
    v1::ConfirmSuggestionResponse* reply) {
  return calls_.Run(call, "ConfirmSuggestion",
                    [=, this](const RequestContext& context) {
                      return suggestions_.Confirm(context, *request, *reply);
                    });
}

ServerUnaryReactor* GatewayService::RejectSuggestion(
    CallbackServerContext* call, const v1::RejectSuggestionRequest* request,
    v1::RejectSuggestionResponse* reply) {
  return calls_.Run(call, "RejectSuggestion",
                    [=, this](const RequestContext& context) {
                      return suggestions_.Reject(context, *request, *reply);
                    });
}

grpc::ServerWriteReactor<v1::WatchCustomerResponse>*
GatewayService::WatchCustomer(CallbackServerContext* call,
                              const v1::WatchCustomerRequest* request) {
  return watches_.Run(call, *request);
}

}  // namespace kith::gateway
