#ifndef KITH_GATEWAY_CALLS_JOINED_CALLS_H_
#define KITH_GATEWAY_CALLS_JOINED_CALLS_H_

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
#include "common/status/rpc_status.h"
#include "gateway/calls/joiner.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/task.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {

// Whether a call that failed as part of a batch is worth a try of its own: it
// may have failed for a neighbour's fault. A service that is too busy gives no
// ErrorInfo; one that was asked for too much at once does.
inline bool MayBeNeighboursFault(const absl::Status& status) {
  if (absl::IsResourceExhausted(status)) {
    return status::FindDetail<google::rpc::ErrorInfo>(status).has_value();
  }
  return !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status);
}

// Whether a call can go with `first`, whose credential and deadline hold for
// all: the same caller, who loses at most a tenth of the time that is left.
inline bool CanGoWith(const base::RequestContext& first,
                      const base::RequestContext& call, absl::Time now) {
  return call.authorization == first.authorization &&
         call.deadline >= first.deadline &&
         call.deadline <= first.deadline + (first.deadline - now) / 10;
}

// The calls of one batch method. Each goes out at once while few are under
// way; those that come then wait a moment, and go together as one. So the
// busier the gateway is, the less a call costs. Answers are as if each had
// gone alone. Thread-safe; its end waits for what is under way.
//
// `Rules` says how to join: Request, Response, kMostItems of a batch,
//   static int Items(const Request&);
//   static bool Match(const Request&, const Request&);  // options are equal
//   static void Append(const Request& part, Request& whole);
// and a Splitter, made of the whole answer and called for each part in order:
//   absl::StatusOr<Response> Next(const Request& part);  // UNKNOWN: ask alone
template <typename Rules>
class JoinedCalls final : public Joiner {
 public:
  using Request = typename Rules::Request;
  using Response = typename Rules::Response;

  // Starts a call on the wire.
  using Wire = std::function<PendingCall<Response>(
      Request, const base::RequestContext&)>;

  // `arm` is called when a call has to wait.
  JoinedCalls(Wire wire, std::function<void()> arm)
      : wire_(std::move(wire)), arm_(std::move(arm)) {}

  ~JoinedCalls() override {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int* running) { return *running == 0; }, &running_));
  }

  PendingCall<Response> Call(Request request,
                             const base::RequestContext& context) {
    auto state = std::make_shared<State>();
    {
      absl::MutexLock lock(&mutex_);
      queue_.push_back({.request = std::move(request),
                        .context = context,
                        .state = state,
                        .since = absl::Now()});
    }
    if (!Cork::Holds(*this)) SendQueued();
    return PendingCall<Response>(std::move(state));
  }

  void SendQueued() override {
    while (true) {
      std::vector<Waiting> batch;
      {
        absl::MutexLock lock(&mutex_);
        if (queue_.empty()) return;
        if (under_way_ < kMostUnderWay) batch = TakeBatch();
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

  // Measured: with one, the service idles between two batches; more than two
  // make them small.
  static constexpr int kMostUnderWay = 2;

  // The first in the queue, and who can go with it.
  std::vector<Waiting> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Time now = absl::Now();
    std::vector<Waiting> batch;
    std::vector<Waiting> left;
    int items = 0;
    for (Waiting& waiting : queue_) {
      const int more = Rules::Items(waiting.request);
      const bool goes =
          batch.empty() ||
          (items + more <= Rules::kMostItems &&
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
      whole = Join(batch);
    }
    auto call = wire_(std::move(whole), batch.front().context);
    absl::StatusOr<Response> answer = co_await call;
    {
      absl::MutexLock lock(&mutex_);
      --under_way_;
    }
    SendQueued();
    {
      const Cork cork;
      if (alone) {
        batch.front().state->Complete(std::move(answer));
      } else {
        Divide(batch, std::move(answer));
      }
    }
    absl::MutexLock lock(&mutex_);
    --running_;
  }

  // The first one's context is the batch's.
  static Request Join(std::vector<Waiting>& batch) {
    Request whole;
    for (const Waiting& part : batch) {
      Rules::Append(part.request, whole);
      if (&part == &batch.front()) continue;
      batch.front().context.joined_trace_ids.push_back(part.context.trace_id);
    }
    Joined().Increment(static_cast<double>(batch.size()));
    return whole;
  }

  void Divide(std::vector<Waiting>& batch, absl::StatusOr<Response> answer) {
    if (!answer.ok() && !MayBeNeighboursFault(answer.status())) {
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

  const Wire wire_;
  const std::function<void()> arm_;
  absl::Mutex mutex_;
  std::vector<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  // Calls on the wire, and those whose answers are being handed out as well.
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_JOINED_CALLS_H_
