#include "interactions-svc/interactions_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/interaction_validation.h"
#include "interactions-svc/timeline_token.h"

namespace kith::interactions {
namespace {

using base::RequestContext;
using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Session;

constexpr int32_t kStandardPage = 20;
constexpr int32_t kMostPage = 500;

const v1::RecordInteractionRequest& Recorded(
    const v1::RecordInteractionRequest& request) {
  return request;
}
const v1::RecordInteractionRequest& Recorded(
    const v1::LookupRequestRequest& request) {
  return request.request();
}

// Whether the request can be carried out for this caller.
template <typename Request>
absl::Status Check(const RequestContext& context, const Request& request,
                   absl::Time now) {
  KITH_RETURN_IF_ERROR(Validate(request, now));
  return CheckSource(Recorded(request).interaction(),
                     context.principal->assurance);
}

// Passes those of the requests that can be carried out to `store`, and puts
// its results, and why the others cannot, into `reply` in the same order.
template <typename Requests, typename Store, typename Reply>
absl::Status AnswerEach(const RequestContext& context, absl::Time now,
                        const Requests& requests, Store store, Reply& reply) {
  std::vector<const v1::RecordInteractionRequest*> good;
  std::vector<absl::Status> checked;
  for (const auto& request : requests) {
    checked.push_back(Check(context, request, now));
    if (checked.back().ok()) good.push_back(&Recorded(request));
  }
  KITH_ASSIGN_OR_RETURN(auto answers, store(good));
  auto next = answers.begin();
  for (const absl::Status& status : checked) {
    auto* result = reply.add_results();
    const absl::Status failed = status.ok() ? next->status() : status;
    if (failed.ok()) {
      *result->mutable_response() = *std::move(*next);
    } else {
      *result->mutable_error() = status::ToProto(failed);
    }
    if (status.ok()) ++next;
  }
  return absl::OkStatus();
}

// The contacts of a set, each once.
std::vector<Uuid> Members(const common::v1::ContactSet& set) {
  std::vector<Uuid> members;
  for (const std::string& id : set.contact_ids()) {
    members.push_back(*Uuid::Parse(id));
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

// Puts one page of the timeline of `set` into `result`.
template <typename Result>
absl::Status AnswerPage(const RequestContext& context, Session& session,
                        const InteractionStore& store,
                        const common::v1::ContactSet& set,
                        const TimelineFilter& filter, int32_t page_size,
                        int64_t& bytes_left, Result& result) {
  const std::vector<Uuid> members = Members(set);
  const std::string binding =
      TimelineBinding(context.tenant_id(), members, filter);
  KITH_ASSIGN_OR_RETURN(const Location after,
                        ReadTimelineToken(set.page_token(), binding));
  KITH_ASSIGN_OR_RETURN(
      TimelinePage page,
      store.Timeline(context, session, members, filter, after,
                     api::PageSize(page_size, kStandardPage, kMostPage),
                     bytes_left));
  for (v1::Interaction& interaction : page.interactions) {
    *result.add_interactions() = std::move(interaction);
  }
  result.set_next_page_token(MakeTimelineToken(page, binding));
  return absl::OkStatus();
}

// Puts the summary of each set into its result.
absl::Status AnswerSummaries(const RequestContext& context, Session& session,
                             const InteractionStore& store,
                             const v1::BatchGetActivityRequest& request,
                             v1::BatchGetActivityResponse& reply) {
  std::vector<std::vector<Uuid>> sets;
  for (const auto& set : request.sets()) sets.push_back(Members(set));
  KITH_ASSIGN_OR_RETURN(std::vector<v1::ActivitySummary> summaries,
                        store.Summaries(context, session, sets));
  for (int i = 0; i < reply.results_size(); ++i) {
    *reply.mutable_results(i)->mutable_summary() = std::move(summaries[i]);
  }
  return absl::OkStatus();
}

}  // namespace

ServerUnaryReactor* InteractionsService::RecordInteraction(
    CallbackServerContext* call, const v1::RecordInteractionRequest* request,
    v1::RecordInteractionResponse* reply) {
  return calls_.Run(
      call, "RecordInteraction",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Check(context, *request, clock_.Now()));
        KITH_ASSIGN_OR_RETURN(auto results,
                              store_.Record(context, session, {request}));
        KITH_ASSIGN_OR_RETURN(*reply, std::move(results.front()));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* InteractionsService::BatchRecordInteractions(
    CallbackServerContext* call,
    const v1::BatchRecordInteractionsRequest* request,
    v1::BatchRecordInteractionsResponse* reply) {
  return calls_.Run(call, "BatchRecordInteractions",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      return AnswerEach(
                          context, clock_.Now(), request->requests(),
                          [&](InteractionStore::Requests requests) {
                            return store_.Record(context, session, requests);
                          },
                          *reply);
                    });
}

ServerUnaryReactor* InteractionsService::LookupRequest(
    CallbackServerContext* call, const v1::LookupRequestRequest* request,
    v1::LookupRequestResponse* reply) {
  return calls_.Run(
      call, "LookupRequest",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Check(context, *request, clock_.Now()));
        KITH_ASSIGN_OR_RETURN(
            auto results,
            store_.Lookup(context, session, {&request->request()}));
        KITH_ASSIGN_OR_RETURN(*reply, std::move(results.front()));
        return absl::OkStatus();
      });
}

ServerUnaryReactor* InteractionsService::BatchLookupRequests(
    CallbackServerContext* call, const v1::BatchLookupRequestsRequest* request,
    v1::BatchLookupRequestsResponse* reply) {
  return calls_.Run(call, "BatchLookupRequests",
                    [=, this](const RequestContext& context,
                              Session& session) -> absl::Status {
                      KITH_RETURN_IF_ERROR(Validate(*request));
                      return AnswerEach(
                          context, clock_.Now(), request->requests(),
                          [&](InteractionStore::Requests requests) {
                            return store_.Lookup(context, session, requests);
                          },
                          *reply);
                    });
}

ServerUnaryReactor* InteractionsService::ListInteractions(
    CallbackServerContext* call, const v1::ListInteractionsRequest* request,
    v1::ListInteractionsResponse* reply) {
  return calls_.Run(
      call, "ListInteractions",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        const TimelineFilter filter{.kind = request->kind(),
                                    .identity_key = request->identity_key()};
        int64_t bytes_left = kAnswerBytes;
        for (const auto& set : request->sets()) {
          KITH_RETURN_IF_ERROR(AnswerPage(context, session, store_, set, filter,
                                          request->page_size(), bytes_left,
                                          *reply->add_results()));
        }
        return absl::OkStatus();
      });
}

ServerUnaryReactor* InteractionsService::BatchGetActivity(
    CallbackServerContext* call, const v1::BatchGetActivityRequest* request,
    v1::BatchGetActivityResponse* reply) {
  return calls_.Run(
      call, "BatchGetActivity",
      [=, this](const RequestContext& context,
                Session& session) -> absl::Status {
        KITH_RETURN_IF_ERROR(Validate(*request));
        int64_t bytes_left = kAnswerBytes;
        for (const auto& set : request->sets()) {
          auto* result = reply->add_results();
          if (request->skip_interactions()) continue;
          KITH_RETURN_IF_ERROR(AnswerPage(context, session, store_, set, {},
                                          request->page_size(), bytes_left,
                                          *result));
        }
        if (request->skip_summary()) return absl::OkStatus();
        return AnswerSummaries(context, session, store_, *request, *reply);
      });
}

}  // namespace kith::interactions
