#include "common/testing/service_harness.h"

#include "common/rpc/callback_threads.h"

namespace kith::testing {

ServedService::ServedService(const server::DatabaseService& definition,
                             int workers, size_t queue_limit)
    : database_(definition.schema),
      gate_(definition.full_name, TestKeys()),
      pool_(std::make_unique<mysql::WorkerPool>(
          mysql::WorkerPool::Options{.workers = workers,
                                     .queue_limit = queue_limit,
                                     .session = database_.options()})),
      calls_(gate_, *pool_, clock_),
      service_(definition.make(calls_)) {
  rpc::KeepCallbackThreads();
  grpc::ServerBuilder builder;
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
}

ServedService::~ServedService() {
  server_->Shutdown();
  server_->Wait();
  // Its sessions end before their database is dropped.
  pool_.reset();
}

std::shared_ptr<grpc::Channel> ServedService::channel() {
  return server_->InProcessChannel({});
}

}  // namespace kith::testing
