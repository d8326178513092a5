#include "gateway/watch/watch_calls.h"

#include <utility>

#include "common/api/too_busy.h"
#include "common/ops/metrics.h"

namespace kith::gateway {
namespace {

prometheus::Gauge& Watchers() {
  static auto& gauge =
      ops::Gauge("kith_watchers", "Streams of WatchCustomer that are open.");
  return gauge;
}

absl::Status StoppingError() {
  return absl::UnavailableError(
      "this instance stops; go on at another with the last token");
}

}  // namespace

WatchCalls::WatchCalls(const rpc::CallGate& gate, const Backends& backends,
                       WatchHub& hub, const Options& options)
    : gate_(gate),
      customers_(backends),
      options_(options),
      source_({.hub = hub,
               .customers = customers_,
               .gate = gate,
               .heartbeat = options.heartbeat,
               .done = [this](WatchStream& stream) { Done(stream); }}),
      beat_([this] { Beat(); }) {
  Watchers().Set(0);
}

WatchCalls::~WatchCalls() {
  const auto none = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return streams_.empty();
  };
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&none));
    stopping_ = true;
  }
  beat_.join();
}

absl::Status WatchCalls::Refused() const {
  if (!options_.feeds_are_read) {
    return absl::FailedPreconditionError(
        "nothing can be watched here: the gateway has no key to read changes "
        "with (--service_key_file)");
  }
  if (ending_) return StoppingError();
  if (streams_.size() < static_cast<size_t>(options_.limit)) {
    return absl::OkStatus();
  }
  return api::TooBusyError("too many customers are watched; try again later",
                           absl::Seconds(1));
}

grpc::ServerWriteReactor<v1::WatchCustomerResponse>* WatchCalls::Run(
    grpc::CallbackServerContext* call,
    const v1::WatchCustomerRequest& request) {
  const auto stream = std::make_shared<WatchStream>(source_);
  absl::Status refused;
  {
    absl::MutexLock lock(&mutex_);
    refused = Refused();
    streams_.emplace(stream.get(), stream);
    Watchers().Set(static_cast<double>(streams_.size()));
  }
  stream->Open(gate_.BeginStream(call, *v1::WatchCustomerRequest::descriptor(),
                                 [raw = stream.get()](const grpc::Status& s) {
                                   raw->Finish(s);
                                 }),
               request, std::move(refused));
  return stream.get();
}

void WatchCalls::EndStreams() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  for (const auto& stream : Streams()) stream->End(StoppingError());
}

std::vector<std::shared_ptr<WatchStream>> WatchCalls::Streams() {
  std::vector<std::shared_ptr<WatchStream>> streams;
  absl::MutexLock lock(&mutex_);
  for (const auto& [_, stream] : streams_) streams.push_back(stream);
  return streams;
}

void WatchCalls::Done(WatchStream& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(&stream);
  Watchers().Set(static_cast<double>(streams_.size()));
}

void WatchCalls::Beat() {
  const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_;
  };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping),
                                  options_.heartbeat / 10)) {
        return;
      }
    }
    for (const auto& stream : Streams()) stream->Wake();
  }
}

}  // namespace kith::gateway
