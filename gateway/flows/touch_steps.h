#ifndef KITH_GATEWAY_FLOWS_TOUCH_STEPS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_STEPS_H_

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/api/limits.h"
#include "common/base/request_context.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/batched_calls.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/refused_touch.h"
#include "gateway/flows/touch_reviews.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// A step of the touches of a batch that is one call for all of them, or a few:
// of a batch method with a result for each of `requests`. For one coroutine at
// a time.
template <typename Rules>
class TouchStep {
 public:
  using Batch = typename Rules::Request;
  using BatchResponse = typename Rules::Response;
  using Request =
      std::decay_t<decltype(std::declval<const Batch&>().requests(0))>;
  using Response = std::decay_t<
      decltype(std::declval<const BatchResponse&>().results(0).response())>;

  explicit TouchStep(BatchedCalls<Rules>& calls) : calls_(calls) {}

  // Adds a request of the touch at `place` in the batch. It waits for Send.
  PendingCall<Response> Ask(int place, Request request) {
    auto state = std::make_shared<State>();
    asked_.push_back(
        {place, std::make_unique<Request>(std::move(request)), state});
    return PendingCall<Response>(std::move(state));
  }

  // Starts the call for all that was asked, in the order of the touches.
  void Send(const base::RequestContext& context) {
    std::stable_sort(
        asked_.begin(), asked_.end(),
        [](const Asked& a, const Asked& b) { return a.place < b.place; });
    for (auto next = asked_.begin(); next != asked_.end();) {
      Batch batch;
      std::vector<std::shared_ptr<State>> touches;
      for (; next != asked_.end() && touches.size() < api::kMaxItemsPerCall;
           ++next) {
        batch.mutable_requests()->AddAllocated(next->request.release());
        touches.push_back(std::move(next->state));
      }
      sent_.push_back(
          {std::move(touches), calls_.Call(std::move(batch), context)});
    }
    asked_.clear();
  }

  // Waits for the answer, and gives each touch its own, with which it goes on
  // at once until it waits again. Fails if the call does.
  Task<absl::Status> Answer() {
    std::vector<Sent> calls = std::exchange(sent_, {});
    for (Sent& sent : calls) {
      KITH_CO_ASSIGN_OR_RETURN(BatchResponse response, co_await sent.call);
      auto& results = *response.mutable_results();
      if (std::size(results) != std::ssize(sent.touches)) {
        co_return absl::InternalError("not a result for each request");
      }
      for (size_t i = 0; i < sent.touches.size(); ++i) {
        auto& result = results[static_cast<int>(i)];
        if (result.has_error()) {
          sent.touches[i]->Complete(status::FromProto(result.error()));
        } else {
          sent.touches[i]->Complete(std::move(*result.mutable_response()));
        }
      }
    }
    co_return absl::OkStatus();
  }

  Task<absl::Status> SendAndAnswer(const base::RequestContext& context) {
    Send(context);
    co_return co_await Answer();
  }

 private:
  using State = typename PendingCall<Response>::State;

  struct Asked {
    int place;
    std::unique_ptr<Request> request;
    std::shared_ptr<State> state;
  };

  struct Sent {
    std::vector<std::shared_ptr<State>> touches;
    PendingCall<BatchResponse> call;
  };

  BatchedCalls<Rules>& calls_;
  std::vector<Asked> asked_;
  std::vector<Sent> sent_;
};

// What a touch needs to know of a contact.
struct ReadContact {
  std::string canonical_id;
  // Of the group.
  contacts::v1::Stage stage = contacts::v1::STAGE_UNSPECIFIED;
  bool deleted = false;
  // Of the group.
  std::vector<std::string> member_ids = {};
};

// The step that reads contacts.
class ReadStep {
 public:
  explicit ReadStep(const CustomerFlow& customers) : customers_(customers) {}

  // Asks for a contact. NOT_FOUND if there is none, as for an empty id, which
  // costs no call.
  PendingCall<ReadContact> Ask(const std::string& contact_id);
  Task<absl::Status> SendAndAnswer(const base::RequestContext& context);

 private:
  struct Asked {
    std::string contact_id;
    std::shared_ptr<PendingCall<ReadContact>::State> state;
  };

  const CustomerFlow& customers_;
  std::vector<Asked> asked_;
};

// Reads of the customers that a touch may be of.
class PossibleReads {
 public:
  // Asks for the contacts, none if `contact_ids` is empty.
  PossibleReads(const std::vector<std::string>& contact_ids, ReadStep& step);

  // Waits, then sets `response.possible_customers`: each group once, without
  // contacts that do not exist.
  Task<int> Answer(v1::RecordTouchResponse& response);

 private:
  std::vector<std::pair<std::string, PendingCall<ReadContact>>> reads_;
};

// The step that merges anonymous visitors into contacts, a call for each touch
// that asks.
class MergeStep {
 public:
  explicit MergeStep(const Backends& backends) : backends_(backends) {}

  // With `once`, FAILED_PRECONDITION if the cause has merged the first of the
  // absorbed contacts before, even if that was taken back.
  PendingCall<contacts::v1::MergeContactsResponse> Ask(
      contacts::v1::MergeContactsRequest request, bool once);
  Task<absl::Status> SendAndAnswer(const base::RequestContext& context);

 private:
  using State = PendingCall<contacts::v1::MergeContactsResponse>::State;
  struct Asked {
    contacts::v1::MergeContactsRequest request;
    bool once;
    std::shared_ptr<State> state;
  };

  // Whether the cause of the request has merged its contact before.
  Task<absl::StatusOr<bool>> WasMerged(
      const base::RequestContext& context,
      const contacts::v1::MergeContactsRequest& request) const;

  const Backends& backends_;
  std::vector<Asked> asked_;
};

// The step that records what touches say of consent, a call for each touch that
// asks.
class ConsentStep {
 public:
  ConsentStep(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // Asks to record a word, as RecordWord does.
  PendingCall<identity::v1::Consent> Ask(
      identity::v1::RecordConsentRequest request, bool by_contact_id);
  Task<absl::Status> SendAndAnswer(const base::RequestContext& context);

 private:
  using State = PendingCall<identity::v1::Consent>::State;
  struct Asked {
    identity::v1::RecordConsentRequest request;
    bool by_contact_id;
    std::shared_ptr<State> state;
  };

  const Backends& backends_;
  const CustomerFlow& customers_;
  std::vector<Asked> asked_;
};

// The steps of the touches of one batch. A touch asks for what it needs next,
// and waits. When all wait, the first step that one of them waits for is done
// for all that do. So a step is one call, whichever steps each touch needs, and
// writes are in the order of the touches. For one coroutine at a time.
struct TouchSteps {
  TouchSteps(const Backends& backends, const CustomerFlow& customers,
             absl::Time now);

  // Does the steps, so that no touch waits any more. Fails if a call does: then
  // the touches still wait.
  Task<absl::Status> Run(const base::RequestContext& context);

  // Does what follows the touches and changes no answer: takes back what was
  // refused, and opens the reviews. Nothing for a form, which may do neither.
  // UNAVAILABLE if a review is not open: a repeat of the touches opens it.
  Task<absl::Status> Finish(const base::RequestContext& context,
                            const Backends& backends) const;

  // When the batch has come.
  const absl::Time begun;

  // In their order: the first three at once, and `read` again before `claim`,
  // before `merge` and at the end.
  TouchStep<BatchLookups> find;
  TouchStep<BatchResolves> resolve;
  ReadStep read;
  TouchStep<BatchClaims> claim;
  TouchStep<BatchEnsures> ensure;
  MergeStep merge;
  ConsentStep consent;
  TouchStep<BatchRecords> record;

  // What touches have written that were refused as they were to be recorded.
  std::vector<RefusedTouch> refused;

  // What somebody should look at after the touches.
  std::vector<Review> reviews;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_STEPS_H_
