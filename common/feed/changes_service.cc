#include "common/feed/changes_service.h"

#include <utility>

#include "common/ops/log.h"
#include "common/ops/metrics.h"

namespace kith::feed {
namespace {

prometheus::Gauge& OpenStreams() {
  static auto& gauge =
      ops::Gauge("kith_change_streams", "Streams of changes that are open.");
  return gauge;
}

absl::Status StoppingError() {
  return absl::UnavailableError(
      "this instance stops; go on at another with the last token");
}

}  // namespace

ChangesService::ChangesService(const rpc::CallGate& gate,
                               mysql::WorkerPool& pool, const Options& options)
    : gate_(gate),
      tail_(options.session,
            [this](const absl::Status& status) { AfterPoll(status); }),
      source_({.feed = options.feed,
               .heartbeat = options.heartbeat,
               .tail = tail_,
               .pool = pool,
               .begun = [this](int64_t newest) { Begun(newest); },
               .done = [this](ChangeStream& stream) { Done(stream); }}) {
  OpenStreams().Set(0);
}

ChangesService::~ChangesService() {
  const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return streams_.empty();
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&none));
}

grpc::ServerWriteReactor<changes::v1::TailChangesResponse>*
ChangesService::TailChanges(grpc::CallbackServerContext* call,
                            const changes::v1::TailChangesRequest* request) {
  const auto stream = std::make_shared<ChangeStream>(source_);
  bool ending = false;
  {
    absl::MutexLock lock(&mutex_);
    streams_.emplace(stream.get(), stream);
    OpenStreams().Set(static_cast<double>(streams_.size()));
    ending = ending_;
  }
  stream->Open(
      gate_.BeginStream(
          call, *changes::v1::TailChangesRequest::descriptor(),
          [raw = stream.get()](const grpc::Status& s) { raw->Finish(s); }),
      *request);
  if (ending) stream->End(StoppingError());
  return stream.get();
}

void ChangesService::EndStreams() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  EndAll(StoppingError());
}

std::vector<std::shared_ptr<ChangeStream>> ChangesService::Streams() {
  std::vector<std::shared_ptr<ChangeStream>> streams;
  absl::MutexLock lock(&mutex_);
  for (const auto& [_, stream] : streams_) streams.push_back(stream);
  return streams;
}

void ChangesService::AfterPoll(const absl::Status& status) {
  if (status.ok()) {
    for (const auto& stream : Streams()) stream->Wake();
    return;
  }
  ops::Log(ops::Severity::kWarning, "tailing changes failed",
           {{"reason", status.message()}});
  EndAll(absl::UnavailableError(
      "the database cannot be reached; go on with the last token"));
}

void ChangesService::EndAll(const absl::Status& status) {
  for (const auto& stream : Streams()) stream->End(status);
}

void ChangesService::Begun(int64_t newest) {
  absl::MutexLock lock(&mutex_);
  if (!streams_.empty()) tail_.Follow(newest);
}

void ChangesService::Done(ChangeStream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(&stream);
  OpenStreams().Set(static_cast<double>(streams_.size()));
  if (streams_.empty()) tail_.Rest();
}

}  // namespace kith::feed
