#include "common/feed/changes_service.h"

#include "common/mysql/errors.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"

namespace kith::feed {
namespace {

prometheus::Gauge& OpenStreams() {
  static auto& gauge =
      ops::Gauge("kith_change_streams", "Streams of changes that are open.");
  return gauge;
}

}  // namespace

ChangesService::ChangesService(const rpc::CallGate& gate,
                               mysql::WorkerPool& pool, const Options& options)
    : streams_(gate, {.open = OpenStreams(), .none = [this] { tail_.Rest(); }}),
      tail_(options.session,
            [this](const absl::Status& status) { AfterPoll(status); }),
      source_({.feed = options.feed,
               .heartbeat = options.heartbeat,
               .tail = tail_,
               .pool = pool}) {}

grpc::ServerWriteReactor<changes::v1::TailChangesResponse>*
ChangesService::TailChanges(grpc::CallbackServerContext* call,
                            const changes::v1::TailChangesRequest* request) {
  return streams_.Open(call, source_, *request);
}

void ChangesService::AfterPoll(const absl::Status& status) {
  if (status.ok()) return streams_.WakeAll();
  ops::Log(ops::Severity::kWarning, "tailing changes failed",
           {{"reason", mysql::WithCause(status).message()}});
  streams_.EndAll(absl::UnavailableError(
      "the database cannot be reached, or was set back; go on with the last "
      "token"));
}

}  // namespace kith::feed
