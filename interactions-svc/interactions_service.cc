#include "interactions-svc/interactions_service.h"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/api/encoded_field.h"
#include "common/api/page_token.h"
#include "common/auth/acting_person.h"
#include "common/base/request_context.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/timeline_token.h"
#include "interactions-svc/activity_parts.h"
#include "interactions-svc/contact_sets.h"
#include "interactions-svc/contacting/frequency_caps.h"
#include "interactions-svc/contacting/interaction_caller.h"
#include "interactions-svc/interaction_validation.h"
#include "interactions-svc/reassignment_store.h"
#include "interactions-svc/thread_token.h"
#include "interactions-svc/threads/thread_validation.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;

constexpr int32_t kDefaultPage = 20;
constexpr int32_t kMaxPage = 500;

int32_t PageSize(int32_t asked) {
  return api::PageSize(asked, kDefaultPage, kMaxPage);
}

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
  const v1::Interaction& interaction = Recorded(request).interaction();
  // Whoever only asks whether it is recorded advertises nothing.
  if constexpr (std::is_same_v<Request, v1::RecordInteractionRequest>) {
    KITH_RETURN_IF_ERROR(CheckRecorder(*tx.context.principal, interaction));
    return CheckAdvertiser(tx.context, interaction);
  }
  return CheckFinder(*tx.context.principal, interaction);
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

// A handler that checks the request and passes it to a store of threads.
template <typename Store, typename Request, typename Response>
auto HandleThread(const Store& threads,
                  absl::StatusOr<Response> (Store::*method)(const Tx&,
                                                            const Request&)
                      const) {
  return [&threads, method](
             const Tx& tx, const Request& request) -> absl::StatusOr<Response> {
    KITH_RETURN_IF_ERROR(Validate(request));
    return (threads.*method)(tx, request);
  };
}

// The timelines that a request asks for, and what their tokens are bound to.
class AskedTimelines {
 public:
  template <typename Request>
  static absl::StatusOr<AskedTimelines> Make(const Tx& tx,
                                             const Request& request,
                                             const TimelineFilter& filter) {
    AskedTimelines asked;
    for (const common::v1::ContactSet& set : request.sets()) {
      const std::vector<Uuid> members = MembersOf(set);
      asked.bindings_.push_back(
          TimelineBinding(tx.tenant_id(), members, filter));
      KITH_ASSIGN_OR_RETURN(
          const Location after,
          ReadTimelineToken(set.page_token(), asked.bindings_.back()));
      asked.sets_.push_back({members, after});
    }
    return asked;
  }

  const std::vector<TimelineSet>& sets() const { return sets_; }

  // Moves the page of the set with this index into its result.
  template <typename Result>
  void MovePage(size_t index, TimelinePage& page, Result& result) const {
    result.set_next_page_token(MakeTimelineToken(page, bindings_[index]));
    for (EncodedInteraction& interaction : page.interactions) {
      api::AddEncoded(Result::kInteractionsFieldNumber,
                      std::move(interaction.bytes), result);
    }
  }

 private:
  std::vector<TimelineSet> sets_;
  std::vector<std::string> bindings_;
};

// Whether the request asks for this part of each result.
bool Wants(const v1::BatchGetActivityRequest& request, const char* part) {
  const auto& paths = request.read_mask().paths();
  return paths.empty() ||
         std::find(paths.begin(), paths.end(), part) != paths.end();
}

absl::StatusOr<v1::ListInteractionsResponse> List(
    const Tx& tx, const InteractionStore& store,
    const v1::ListInteractionsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  const TimelineFilter filter{.kind = request.kind(),
                              .identity_key = request.identity_key()};
  KITH_ASSIGN_OR_RETURN(const AskedTimelines asked,
                        AskedTimelines::Make(tx, request, filter));
  KITH_ASSIGN_OR_RETURN(
      std::vector<TimelinePage> pages,
      store.Timelines(tx, asked.sets(), filter, PageSize(request.page_size())));
  v1::ListInteractionsResponse response;
  for (size_t i = 0; i < pages.size(); ++i) {
    asked.MovePage(i, pages[i], *response.add_results());
  }
  return response;
}

absl::StatusOr<v1::BatchGetActivityResponse> GetActivity(
    const Tx& tx, const InteractionStore& store, const ThreadStore& threads,
    const ActionStore& actions, const v1::BatchGetActivityRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  const WantedActivity wanted = {.summary = Wants(request, "summary"),
                                 .interactions = Wants(request, "interactions"),
                                 .page_size = PageSize(request.page_size()),
                                 .threads = Wants(request, "threads"),
                                 .actions = Wants(request, "actions")};
  KITH_ASSIGN_OR_RETURN(const AskedTimelines asked,
                        AskedTimelines::Make(tx, request, {}));
  KITH_ASSIGN_OR_RETURN(std::vector<SetActivity> activity,
                        store.GetActivity(tx, asked.sets(), wanted));
  v1::BatchGetActivityResponse response;
  int64_t thread_bytes_left = kThreadBytes;
  for (size_t i = 0; i < activity.size(); ++i) {
    auto& result = *response.add_results();
    if (wanted.summary) {
      *result.mutable_summary() = std::move(activity[i].summary);
    }
    if (wanted.interactions) {
      asked.MovePage(i, activity[i].page, result);
    }
    if (wanted.actions) {
      KITH_RETURN_IF_ERROR(
          AnswerActions(tx, actions, activity[i].works, result));
    }
    if (wanted.threads) {
      KITH_RETURN_IF_ERROR(AnswerThreads(tx, threads, std::move(activity[i]),
                                         thread_bytes_left, result));
    }
  }
  return response;
}

absl::StatusOr<v1::ReassignInteractionsResponse> ReassignAll(
    const Tx& tx, const v1::ReassignInteractionsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  v1::ReassignInteractionsRequest acting = request;
  const base::Principal& caller = *tx.context.principal;
  if (!request.agent().empty() || !caller.person.empty()) {
    KITH_ASSIGN_OR_RETURN(*acting.mutable_agent(),
                          auth::ActingPerson(caller, "agent", request.agent()));
  }
  return ReassignmentStore().Reassign(tx, acting);
}

absl::StatusOr<v1::GetThreadResponse> GetOneThread(
    const Tx& tx, const InteractionStore& store, const ThreadStore& threads,
    const v1::GetThreadRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  KITH_ASSIGN_OR_RETURN(const ThreadRow row,
                        threads.Get(tx, *Uuid::Parse(request.thread_id())));
  const TimelineFilter filter{.thread_id = std::string(row.thread_id.bytes())};
  v1::ListInteractionsRequest list;
  list.add_sets()->add_contact_ids(row.contact_id.ToString());
  list.mutable_sets(0)->set_page_token(request.page_token());
  KITH_ASSIGN_OR_RETURN(const AskedTimelines asked,
                        AskedTimelines::Make(tx, list, filter));
  KITH_ASSIGN_OR_RETURN(
      std::vector<TimelinePage> pages,
      store.Timelines(tx, asked.sets(), filter, PageSize(request.page_size())));
  v1::GetThreadResponse response;
  asked.MovePage(0, pages[0], response);
  *response.mutable_thread() = ShowThread(row);
  return response;
}

absl::StatusOr<v1::ListThreadsResponse> ListAllThreads(
    const Tx& tx, const ThreadStore& threads,
    const v1::ListThreadsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  const std::vector<v1::ThreadState> states = ListedStates(request);
  v1::ListThreadsResponse response;
  int64_t bytes_left = kAnswerBytes;
  for (const auto& set : request.sets()) {
    const std::vector<Uuid> members = MembersOf(set);
    const std::string binding = ThreadBinding(tx.tenant_id(), members, states);
    KITH_ASSIGN_OR_RETURN(const ThreadPlace after,
                          ReadThreadToken(set.page_token(), binding));
    KITH_ASSIGN_OR_RETURN(
        ThreadPage page,
        threads.List(tx, members, states, after, PageSize(request.page_size()),
                     bytes_left));
    auto& result = *response.add_results();
    result.set_next_page_token(MakeThreadToken(page, binding));
    for (v1::Thread& thread : page.threads) {
      *result.add_threads() = std::move(thread);
    }
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

ServerUnaryReactor* InteractionsService::ReassignInteractions(
    CallbackServerContext* call, const v1::ReassignInteractionsRequest* request,
    v1::ReassignInteractionsResponse* reply) {
  return calls_.Run(call, request, reply, ReassignAll);
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
        return GetActivity(tx, store_, threads_, actions_, get);
      });
}

ServerUnaryReactor* InteractionsService::CreateThread(
    CallbackServerContext* call, const v1::CreateThreadRequest* request,
    v1::Thread* reply) {
  return calls_.Run(call, request, reply,
                    HandleThread(threads_, &ThreadStore::Create));
}

ServerUnaryReactor* InteractionsService::UpdateThread(
    CallbackServerContext* call, const v1::UpdateThreadRequest* request,
    v1::Thread* reply) {
  return calls_.Run(call, request, reply,
                    HandleThread(threads_, &ThreadStore::Update));
}

ServerUnaryReactor* InteractionsService::SplitThread(
    CallbackServerContext* call, const v1::SplitThreadRequest* request,
    v1::SplitThreadResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleThread(moves_, &ThreadMoveStore::Split));
}

ServerUnaryReactor* InteractionsService::JoinThreads(
    CallbackServerContext* call, const v1::JoinThreadsRequest* request,
    v1::JoinThreadsResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleThread(moves_, &ThreadMoveStore::Join));
}

ServerUnaryReactor* InteractionsService::UndoThreadChange(
    CallbackServerContext* call, const v1::UndoThreadChangeRequest* request,
    v1::UndoThreadChangeResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleThread(moves_, &ThreadMoveStore::Undo));
}

ServerUnaryReactor* InteractionsService::GetThread(
    CallbackServerContext* call, const v1::GetThreadRequest* request,
    v1::GetThreadResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::GetThreadRequest& get) {
                      return GetOneThread(tx, store_, threads_, get);
                    });
}

ServerUnaryReactor* InteractionsService::ListThreads(
    CallbackServerContext* call, const v1::ListThreadsRequest* request,
    v1::ListThreadsResponse* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::ListThreadsRequest& list) {
                      return ListAllThreads(tx, threads_, list);
                    });
}

}  // namespace kith::interactions
