#include "gateway/watch/feed_reader.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/api/feed_position.h"
#include "common/base/times.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/rpc/grpc_status.h"
#include "common/status/status_macros.h"

namespace kith::gateway {
namespace {

// Between two attempts; the channel has pauses of its own where nobody listens.
constexpr absl::Duration kPause = absl::Milliseconds(200);

}  // namespace

FeedReader::FeedReader(Feed feed, std::string name,
                       const std::shared_ptr<const rpc::Link>& link,
                       std::string key_file, WatchHub& hub)
    : feed_(feed),
      name_(std::move(name)),
      stub_(link),
      key_(std::move(key_file)),
      hub_(hub),
      connected_(ops::Gauge("kith_feed_connected",
                            "1 while the changes of a service are read.",
                            {{"feed", name_}})),
      lag_(ops::SecondsHistogram(
          "kith_feed_lag_seconds",
          "Time from when a change was made until the gateway had it.",
          {{"feed", name_}})),
      thread_([this] { Run(); }) {}

FeedReader::~FeedReader() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (call_ != nullptr) call_->TryCancel();
  }
  thread_.join();
}

void FeedReader::Run() {
  do {
    const absl::Status status = ReadStream();
    connected_.Set(0);
    if (absl::IsOutOfRange(status) || absl::IsInvalidArgument(status)) {
      // What came after the token is gone: begins anew, and says so.
      token_.clear();
    }
    absl::MutexLock lock(&mutex_);
    if (!stopping_ && !std::exchange(told_, true)) {
      ops::Log(ops::Severity::kWarning, "reading changes was interrupted",
               {{"feed", name_}, {"reason", status.message()}});
    }
  } while (Pause());
}

bool FeedReader::Pause() {
  const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_;
  };
  absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&stopping), kPause);
}

absl::StatusOr<std::shared_ptr<grpc::ClientContext>> FeedReader::NewCall() {
  key_.Refresh();
  const std::string authorization = key_.Authorization();
  if (authorization.empty()) {
    return absl::FailedPreconditionError(
        "no key in the service key file; want one line: kith_<id>_<secret>");
  }
  auto call = std::make_shared<grpc::ClientContext>();
  call->AddMetadata("authorization", authorization);
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::CancelledError("stopping");
  call_ = call;
  return call;
}

absl::Status FeedReader::ReadStream() {
  KITH_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ClientContext> call,
                        NewCall());
  changes::v1::TailChangesRequest request;
  request.set_resume_token(token_);
  request.set_all_tenants(true);
  const auto stream = stub_.get()->TailChanges(call.get(), request);
  changes::v1::TailChangesResponse message;
  while (stream->Read(&message)) Take(message);
  return rpc::FromGrpc(stream->Finish());
}

void FeedReader::Take(changes::v1::TailChangesResponse& message) {
  connected_.Set(1);
  told_ = false;
  if (token_.empty()) {
    api::FeedPosition before;
    before.sequence = message.sequence() - message.changes_size();
    // Only known if there is no change after it.
    if (message.changes().empty()) {
      before.sequence_micros = base::ToMicros(message.sequence_time());
    }
    hub_.Begin(feed_, before);
  }
  std::vector<SharedChange> changes;
  const absl::Time now = absl::Now();
  for (changes::v1::Change& change : *message.mutable_changes()) {
    lag_.Observe(absl::ToDoubleSeconds(now - base::FromProto(change.time())));
    changes.push_back(
        std::make_shared<const changes::v1::Change>(std::move(change)));
  }
  hub_.Append(feed_, changes);
  token_ = message.resume_token();
}

}  // namespace kith::gateway
