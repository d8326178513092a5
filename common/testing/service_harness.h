#ifndef KITH_COMMON_TESTING_SERVICE_HARNESS_H_
#define KITH_COMMON_TESTING_SERVICE_HARNESS_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/mysql/migrations.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/pooled_calls.h"
#include "common/rpc/worker_pool.h"
#include "common/testing/calls.h"
#include "common/testing/fake_clock.h"
#include "common/testing/test_database.h"
#include "common/testing/test_keys.h"

namespace kith::testing {

// A service that owns a database, as it is served, but for the network: a
// database of its own, the test keys, a fake clock, and an in-process channel.
// `Api` is the generated class, `Service` ours.
template <typename Api, typename Service>
class ServiceHarness {
 public:
  explicit ServiceHarness(const mysql::Schema& schema, int workers = 8,
                          size_t queue_limit = 1000)
      : database_(schema),
        gate_(Api::service_full_name(), TestKeys()),
        pool_(std::make_unique<rpc::WorkerPool>(
            rpc::WorkerPool::Options{.workers = workers,
                                     .queue_limit = queue_limit,
                                     .session = database_.options()})),
        calls_(gate_, *pool_),
        service_(calls_, clock_) {
    rpc::KeepCallbackThreads();
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = Api::NewStub(server_->InProcessChannel({}));
  }

  ~ServiceHarness() {
    server_->Shutdown();
    server_->Wait();
    // Its sessions end before their database is dropped.
    pool_.reset();
  }

  // Call(&Api::Stub::GetContact, request, kOther).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&,
                                        Response*),
      const Request& request, TestKey key = kDemo) {
    return testing::Call(*stub_, method, request, key);
  }

  // For those that call it as another process would.
  std::shared_ptr<grpc::Channel> channel() {
    return server_->InProcessChannel({});
  }

  FakeClock& clock() { return clock_; }
  TestDatabase& database() { return database_; }

 private:
  TestDatabase database_;
  FakeClock clock_{absl::FromCivil(absl::CivilSecond(2026, 6, 15, 12, 0, 0),
                                   absl::UTCTimeZone())};
  rpc::CallGate gate_;
  std::unique_ptr<rpc::WorkerPool> pool_;
  rpc::PooledCalls calls_;
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<typename Api::Stub> stub_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_SERVICE_HARNESS_H_
