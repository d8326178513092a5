#ifndef KITH_COMMON_TESTING_SERVICE_HARNESS_H_
#define KITH_COMMON_TESTING_SERVICE_HARNESS_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "common/mysql/worker_pool.h"
#include "common/rpc/call_gate.h"
#include "common/server/database_service.h"
#include "common/server/pooled_calls.h"
#include "common/testing/calls.h"
#include "common/testing/fake_clock.h"
#include "common/testing/test_database.h"
#include "common/testing/test_keys.h"

namespace kith::testing {

// Serves a service that owns a database, without the network: with a database
// of its own, the test keys, a fake clock and an in-process channel.
class ServedService {
 public:
  // Makes the database and starts to serve. The destructor ends both.
  explicit ServedService(const server::DatabaseService& definition,
                         int workers = 8, size_t queue_limit = 1000);
  ~ServedService();

  // Returns a channel for code that calls the service as another process would.
  std::shared_ptr<grpc::Channel> channel();

  FakeClock& clock() { return clock_; }
  TestDatabase& database() { return database_; }

 private:
  TestDatabase database_;
  FakeClock clock_{absl::FromCivil(absl::CivilSecond(2026, 6, 15, 12, 0, 0),
                                   absl::UTCTimeZone())};
  rpc::CallGate gate_;
  std::unique_ptr<mysql::WorkerPool> pool_;
  server::PooledCalls calls_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
};

// A served service with a stub. `Api` is the generated class.
template <typename Api>
class ServiceHarness : public ServedService {
 public:
  using ServedService::ServedService;

  // Calls a method and waits: Call(&Api::Stub::GetContact, request, kOther).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&,
                                        Response*),
      const Request& request, TestKey key = kDemo) {
    return testing::Call(*stub_, method, request, key);
  }

 private:
  const std::unique_ptr<typename Api::Stub> stub_ = Api::NewStub(channel());
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_SERVICE_HARNESS_H_
