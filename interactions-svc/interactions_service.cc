#include "interactions-svc/interactions_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/api/encoded_field.h"
#include "common/api/page_token.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/interaction_validation.h"
#include "interactions-svc/timeline_token.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;

constexpr int32_t kDefaultPage = 20;
constexpr int32_t kMaxPage = 500;

const v1::RecordInteractionRequest& Recorded(
    const v1::RecordInteractionRequest& request) {
  return request;
}
const v1::RecordInteractionRequest& Recorded(
    const v1::FindRecordingRequest& request) {
  return request.request();
}

// Whether the request can be carried out for this caller.
template <typename Request>
absl::Status Check(const Tx& tx, const Request& request) {
  KITH_RETURN_IF_ERROR(Validate(request, tx.now));
  return CheckSource(Recorded(request).interaction(),
                     tx.context.principal->assurance);
}

template <typename Response>
using StoreMethod = absl::StatusOr<InteractionStore::Results<Response>> (
    InteractionStore::*)(const Tx&, InteractionStore::Requests) const;

// A handler that checks the request and passes it to the store.
template <typename Response>
auto HandleOne(const InteractionStore& store, StoreMethod<Response> method) {
  return [&store, method](const Tx& tx,
                          const auto& request) -> absl::StatusOr<Response> {
    KITH_RETURN_IF_ERROR(Check(tx, request));
    KITH_ASSIGN_OR_RETURN(auto results,
                          (store.*method)(tx, {&Recorded(request)}));
    return std::move(results.front());
  };
}

// The response of a batch method whose items have this response.
template <typename Response>
struct BatchOf;
template <>
struct BatchOf<v1::RecordInteractionResponse> {
  using Type = v1::BatchRecordInteractionsResponse;
};
template <>
struct BatchOf<v1::FindRecordingResponse> {
  using Type = v1::BatchFindRecordingsResponse;
};

// A handler that passes the valid requests of a batch to the store, and returns
// for each request, in order, its response or what is wrong with it.
template <typename Response>
auto HandleEach(const InteractionStore& store, StoreMethod<Response> method) {
  using Batch = typename BatchOf<Response>::Type;
  return [&store, method](const Tx& tx,
                          const auto& batch) -> absl::StatusOr<Batch> {
    KITH_RETURN_IF_ERROR(Validate(batch));
    std::vector<const v1::RecordInteractionRequest*> valid;
    std::vector<absl::Status> checked;
    for (const auto& request : batch.requests()) {
      checked.push_back(Check(tx, request));
      if (checked.back().ok()) valid.push_back(&Recorded(request));
    }
    KITH_ASSIGN_OR_RETURN(auto answers, (store.*method)(tx, valid));
    auto next = answers.begin();
    Batch response;
    for (const absl::Status& status : checked) {
      status::SetResult(
          status.ok() ? std::move(*next++) : absl::StatusOr<Response>(status),
          *response.add_results());
    }
    return response;
  };
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

// Puts a page of the timeline of each set into a result of its own.
template <typename Response>
absl::Status AnswerPages(
    const Tx& tx, const InteractionStore& store,
    const google::protobuf::RepeatedPtrField<common::v1::ContactSet>& sets,
    const TimelineFilter& filter, int32_t page_size, Response& response) {
  using Result = typename Response::Result;
  std::vector<TimelineSet> timelines;
  std::vector<std::string> bindings;
  for (const common::v1::ContactSet& set : sets) {
    const std::vector<Uuid> members = Members(set);
    bindings.push_back(TimelineBinding(tx.tenant_id(), members, filter));
    KITH_ASSIGN_OR_RETURN(const Location after,
                          ReadTimelineToken(set.page_token(), bindings.back()));
    timelines.push_back({members, after});
  }
  KITH_ASSIGN_OR_RETURN(
      std::vector<TimelinePage> pages,
      store.Timelines(tx, timelines, filter,
                      api::PageSize(page_size, kDefaultPage, kMaxPage)));
  for (size_t i = 0; i < pages.size(); ++i) {
    Result& result = *response.mutable_results(static_cast<int>(i));
    for (EncodedInteraction& interaction : pages[i].interactions) {
      api::AddEncoded(Result::kInteractionsFieldNumber,
                      std::move(interaction.bytes), result);
    }
    result.set_next_page_token(MakeTimelineToken(pages[i], bindings[i]));
  }
  return absl::OkStatus();
}

// Whether the request asks for this part of each result.
bool Wants(const v1::BatchGetActivityRequest& request, const char* part) {
  const auto& paths = request.read_mask().paths();
  return paths.empty() ||
         std::find(paths.begin(), paths.end(), part) != paths.end();
}

// Puts the summary of each set into its result.
absl::Status AnswerSummaries(const Tx& tx, const InteractionStore& store,
                             const v1::BatchGetActivityRequest& request,
                             v1::BatchGetActivityResponse& reply) {
  std::vector<std::vector<Uuid>> sets;
  for (const auto& set : request.sets()) sets.push_back(Members(set));
  KITH_ASSIGN_OR_RETURN(std::vector<v1::ActivitySummary> summaries,
                        store.Summaries(tx, sets));
  for (int i = 0; i < reply.results_size(); ++i) {
    *reply.mutable_results(i)->mutable_summary() = std::move(summaries[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListInteractionsResponse> List(
    const Tx& tx, const InteractionStore& store,
    const v1::ListInteractionsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  const TimelineFilter filter{.kind = request.kind(),
                              .identity_key = request.identity_key()};
  v1::ListInteractionsResponse response;
  for (int i = 0; i < request.sets_size(); ++i) response.add_results();
  KITH_RETURN_IF_ERROR(AnswerPages(tx, store, request.sets(), filter,
                                   request.page_size(), response));
  return response;
}

absl::StatusOr<v1::BatchGetActivityResponse> GetActivity(
    const Tx& tx, const InteractionStore& store,
    const v1::BatchGetActivityRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  v1::BatchGetActivityResponse response;
  for (int i = 0; i < request.sets_size(); ++i) response.add_results();
  if (Wants(request, "interactions")) {
    KITH_RETURN_IF_ERROR(AnswerPages(tx, store, request.sets(), {},
                                     request.page_size(), response));
  }
  if (Wants(request, "summary")) {
    KITH_RETURN_IF_ERROR(AnswerSummaries(tx, store, request, response));
  }
  return response;
}

}  // namespace

InteractionsService::InteractionsService(server::PooledCalls& calls)
    : calls_(calls) {}

InteractionsService::~InteractionsService() = default;

ServerUnaryReactor* InteractionsService::RecordInteraction(
    CallbackServerContext* call, const v1::RecordInteractionRequest* request,
    v1::RecordInteractionResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleOne(store_, &InteractionStore::Record));
}

ServerUnaryReactor* InteractionsService::BatchRecordInteractions(
    CallbackServerContext* call,
    const v1::BatchRecordInteractionsRequest* request,
    v1::BatchRecordInteractionsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleEach(store_, &InteractionStore::Record));
}

ServerUnaryReactor* InteractionsService::FindRecording(
    CallbackServerContext* call, const v1::FindRecordingRequest* request,
    v1::FindRecordingResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleOne(store_, &InteractionStore::Lookup));
}

ServerUnaryReactor* InteractionsService::BatchFindRecordings(
    CallbackServerContext* call, const v1::BatchFindRecordingsRequest* request,
    v1::BatchFindRecordingsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleEach(store_, &InteractionStore::Lookup));
}

ServerUnaryReactor* InteractionsService::ListInteractions(
    CallbackServerContext* call, const v1::ListInteractionsRequest* request,
    v1::ListInteractionsResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::ListInteractionsRequest& list) {
        return List(tx, store_, list);
      });
}

ServerUnaryReactor* InteractionsService::BatchGetActivity(
    CallbackServerContext* call, const v1::BatchGetActivityRequest* request,
    v1::BatchGetActivityResponse* reply) {
  return calls_.Run(
      call, request, reply,
      [this](const Tx& tx, const v1::BatchGetActivityRequest& get) {
        return GetActivity(tx, store_, get);
      });
}

}  // namespace kith::interactions
