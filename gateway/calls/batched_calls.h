#ifndef KITH_GATEWAY_CALLS_BATCHED_CALLS_H_
#define KITH_GATEWAY_CALLS_BATCHED_CALLS_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/call_metrics.h"
#include "common/status/rpc_status.h"
#include "common/trace/call_span.h"
#include "common/trace/span.h"
#include "gateway/calls/batcher.h"
#include "gateway/calls/peer.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/task.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {

// Returns true if a call that failed as part of a batch should be sent again
// alone, because another call of the batch may have caused the failure. False
// for UNAVAILABLE, DEADLINE_EXCEEDED and a service that is too busy. A service
// that is too busy sends RESOURCE_EXHAUSTED without ErrorInfo; one that was
// asked for too much at once sends it with ErrorInfo.
inline bool MayBeOtherCallsFault(const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) {
    return status::FindDetail<google::rpc::ErrorInfo>(status).has_value();
  }
  return !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status);
}

// Returns true if `call` can be sent in a batch with the context of `first`: it
// has the same credential, for the same tenant and with the same assurance, and
// its deadline is not before that of `first` and later by at most a tenth of
// the time that `first` has left.
inline bool CanGoWith(const base::RequestContext& first,
                      const base::RequestContext& call, absl::Time now) {
  return call.authorization == first.authorization &&
         call.acting_for == first.acting_for &&
         (call.acting_for.empty() ||
          call.principal->assurance == first.principal->assurance) &&
         call.deadline >= first.deadline &&
         call.deadline <= first.deadline + (first.deadline - now) / 10;
}

// The batcher of one batch method of one service: sends concurrent calls
// together, so that a call costs less the busier the gateway is. Each call gets
// the answer that it would get alone. Thread-safe. The destructor blocks until
// no call is in progress.
//
// How calls are batched:
// - Call puts the call into a queue. Unless a Hold of this thread keeps it
//   there, SendQueued follows at once.
// - SendQueued sends batches from the queue while fewer than kMaxUnderWay
//   batches are on the wire. A batch is the first call of the queue and all
//   later ones that can go with it: CanGoWith, equal options (Match), and at
//   most kMaxItems items in all. A batch has the context of its first call.
// - Calls that are left in the queue go out when a batch on the wire is
//   answered. `arm` starts a timer for them, which calls SendOlderThan: this
//   sends the calls that have waited too long, however many batches are on the
//   wire.
// - Each call that is traced has a span from Call to its answer. A batch is
// part
//   of the first of them; the others link to that one.
// - When a batch is answered, the queue is sent first. Then a Splitter takes
//   the answer apart and each call is completed. A Hold exists meanwhile, so
//   that the calls that the resumed flows make go out together.
// - If a batch of several calls fails, and MayBeOtherCallsFault is false, all
//   its calls fail with that error. Else each is sent again alone. So is a call
//   whose part of the answer is not complete.
//
// `Rules` has Request, Response, kMaxItems, and
//   static int Items(const Request&);
//   static bool Match(const Request&, const Request&);  // options are equal
//   static void Append(const Request& part, Request& whole);
// and a Splitter, made from the whole answer and called for each part in order:
//   absl::StatusOr<Response> Next(const Request& part);  // error: ask alone
template <typename Rules>
class BatchedCalls final : public Batcher {
 public:
  using Request = typename Rules::Request;
  using Response = typename Rules::Response;

  // Starts a call on the wire.
  using Wire = std::function<PendingCall<Response>(
      Request, const base::RequestContext&)>;

  // Each call of a batch has a place of its own in `peer`. `arm` is called when
  // a call has to wait in the queue.
  BatchedCalls(Peer& peer, Wire wire, std::function<void()> arm)
      : peer_(peer), wire_(std::move(wire)), arm_(std::move(arm)) {}

  ~BatchedCalls() override {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* running) { return *running == 0; }, &running_));
  }

  PendingCall<Response> Call(Request request,
                             const base::RequestContext& context) {
    auto place = peer_.Enter();
    if (!place.ok()) return PendingCall<Response>::Failed(place.status());
    auto state = std::make_shared<State>();
    state->Hold(*std::move(place));
    if (trace::IsRecorded(context)) {
      static const auto& method = rpc::MethodOf(*Request::descriptor());
      state->SetSpan(trace::StartCall(context, method));
    }
    {
      absl::MutexLock lock(&mutex_);
      queue_.push_back({.request = std::move(request),
                        .context = context,
                        .state = state,
                        .since = absl::Now()});
    }
    if (!Hold::Holds(*this)) SendQueued();
    return PendingCall<Response>(std::move(state));
  }

  void SendQueued() override {
    while (true) {
      std::vector<Waiting> batch;
      {
        absl::MutexLock lock(&mutex_);
        if (queue_.empty()) return;
        if (under_way_ < kMaxUnderWay) batch = TakeBatch();
      }
      if (batch.empty()) return arm_();
      Send(std::move(batch));
    }
  }

  bool SendOlderThan(absl::Time time) override {
    while (true) {
      std::vector<Waiting> batch;
      {
        absl::MutexLock lock(&mutex_);
        if (queue_.empty()) return false;
        if (queue_.front().since > time) return true;
        batch = TakeBatch();
      }
      Send(std::move(batch));
    }
  }

 private:
  using State = typename PendingCall<Response>::State;

  struct Waiting {
    Request request;
    base::RequestContext context;
    std::shared_ptr<State> state;
    absl::Time since;
  };

  // A measured value: with one batch the service idles between two; with more
  // than two, batches are small.
  static constexpr int kMaxUnderWay = 2;

  // Removes the first call from the queue, and those that can go with it. The
  // queue must not be empty.
  std::vector<Waiting> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Time now = absl::Now();
    std::vector<Waiting> batch;
    std::vector<Waiting> left;
    int items = 0;
    for (Waiting& waiting : queue_) {
      const int more = Rules::Items(waiting.request);
      const bool goes =
          batch.empty() ||
          (items + more <= Rules::kMaxItems &&
           CanGoWith(batch.front().context, waiting.context, now) &&
           Rules::Match(batch.front().request, waiting.request));
      if (goes) items += more;
      (goes ? batch : left).push_back(std::move(waiting));
    }
    queue_ = std::move(left);
    ++under_way_;
    ++running_;
    return batch;
  }

  Detached Send(std::vector<Waiting> batch) {
    const bool alone = batch.size() == 1;
    Request whole;
    if (alone) {
      whole = std::move(batch.front().request);
    } else {
      whole = Merge(batch);
    }
    const std::unique_ptr<const base::RequestContext> traced = Trace(batch);
    auto call = wire_(std::move(whole),
                      traced == nullptr ? batch.front().context : *traced);
    absl::StatusOr<Response> answer = co_await call;
    {
      absl::MutexLock lock(&mutex_);
      --under_way_;
    }
    SendQueued();
    {
      const Hold hold;
      if (alone) {
        batch.front().state->Complete(std::move(answer));
      } else {
        Divide(batch, std::move(answer));
      }
    }
    absl::MutexLock lock(&mutex_);
    --running_;
  }

  // Returns the batch's request. Adds the trace ids of the other calls to the
  // first call's context, which is that of the batch.
  static Request Merge(std::vector<Waiting>& batch) {
    Request whole;
    for (const Waiting& part : batch) {
      Rules::Append(part.request, whole);
      if (&part == &batch.front()) continue;
      batch.front().context.joined_trace_ids.push_back(part.context.trace_id);
    }
    Joined().Increment(static_cast<double>(batch.size()));
    return whole;
  }

  // If a call of the batch has a span, returns the context of the batch within
  // the first such span, to which those of the other calls link. Else null.
  static std::unique_ptr<const base::RequestContext> Trace(
      std::vector<Waiting>& batch) {
    const auto carrier = std::find_if(
        batch.begin(), batch.end(),
        [](const Waiting& part) { return part.state->span().is_recorded(); });
    if (carrier == batch.end()) return nullptr;
    auto context =
        std::make_unique<base::RequestContext>(batch.front().context);
    // The first call is then one of those that go with another.
    std::replace(context->joined_trace_ids.begin(),
                 context->joined_trace_ids.end(), carrier->context.trace_id,
                 context->trace_id);
    const trace::Span& span = carrier->state->span();
    span.Enter(*context);
    for (auto part = carrier + 1; part != batch.end(); ++part) {
      part->state->span().LinkTo(span);
    }
    return context;
  }

  void Divide(std::vector<Waiting>& batch, absl::StatusOr<Response> answer) {
    if (!answer.ok() && !MayBeOtherCallsFault(answer.status())) {
      for (Waiting& part : batch) part.state->Complete(answer.status());
      return;
    }
    if (!answer.ok()) {
      for (Waiting& part : batch) SendAlone(std::move(part));
      return;
    }
    typename Rules::Splitter splitter(*std::move(answer));
    for (Waiting& part : batch) {
      absl::StatusOr<Response> response = splitter.Next(part.request);
      if (response.ok()) {
        part.state->Complete(std::move(response));
      } else {
        SendAlone(std::move(part));
      }
    }
  }

  void SendAlone(Waiting part) {
    part.context.joined_trace_ids.clear();
    std::vector<Waiting> batch;
    batch.push_back(std::move(part));
    {
      absl::MutexLock lock(&mutex_);
      ++under_way_;
      ++running_;
    }
    Send(std::move(batch));
  }

  Peer& peer_;
  const Wire wire_;
  const std::function<void()> arm_;
  absl::Mutex mutex_;
  std::vector<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  // Batches on the wire, and those plus the ones whose answers are being handed
  // out.
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_BATCHED_CALLS_H_
