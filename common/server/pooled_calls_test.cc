#include "common/server/pooled_calls.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/ops/metrics.h"
#include "common/ops/trace.h"
#include "common/rpc/client.h"
#include "common/status/rpc_status.h"
#include "common/testing/calls.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/common/v1/common.pb.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::server {
namespace {

using absl::StatusCode;
using contacts::v1::Contact;
using contacts::v1::GetContactRequest;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using Api = contacts::v1::ContactsService;

// A service with one method, which does what the test wants.
class TestService final : public Api::CallbackService {
 public:
  using Handler = std::function<absl::Status(const mysql::Tx&)>;

  explicit TestService(PooledCalls& calls) : calls_(calls) {}

  grpc::ServerUnaryReactor* GetContact(grpc::CallbackServerContext* call,
                                       const GetContactRequest* request,
                                       Contact* reply) override {
    return calls_.Run(call, request, reply,
                      [&handler = handlers_.at(request->contact_id())](
                          const mysql::Tx& tx,
                          const GetContactRequest&) -> absl::StatusOr<Contact> {
                        if (absl::Status s = handler(tx); !s.ok()) return s;
                        return Contact();
                      });
  }

  // For calls with this contact_id; set before the first of them.
  void On(const std::string& contact_id, Handler handler) {
    handlers_[contact_id] = std::move(handler);
  }

 private:
  PooledCalls& calls_;
  std::map<std::string, Handler> handlers_;
};

// As ServiceHarness makes it, but for a service without tables.
class Served {
 public:
  explicit Served(const mysql::SessionOptions& session, int workers = 2,
                  size_t queue_limit = 100, auth::KeyLimiter* limiter = nullptr)
      : gate_(Api::service_full_name(), testing::TestKeys(), limiter),
        pool_(std::make_unique<mysql::WorkerPool>(
            mysql::WorkerPool::Options{.workers = workers,
                                       .queue_limit = queue_limit,
                                       .session = session})),
        calls_(gate_, *pool_, clock_),
        service_(calls_) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = Api::NewStub(server_->InProcessChannel({}));
  }

  ~Served() {
    server_->Shutdown();
    server_->Wait();
    pool_.reset();
  }

  void On(const std::string& contact_id, TestService::Handler handler) {
    service_.On(contact_id, std::move(handler));
  }

  absl::Status Call(const std::string& contact_id,
                    testing::TestKey key = testing::kDemo,
                    absl::Duration timeout = absl::Seconds(30)) {
    GetContactRequest request;
    request.set_contact_id(contact_id);
    return testing::Call(*stub_, &Api::Stub::GetContact, request, key, timeout)
        .status();
  }

  // With nothing that is not in `call`.
  absl::Status Call(const std::string& contact_id, grpc::ClientContext& call) {
    GetContactRequest request;
    request.set_contact_id(contact_id);
    Contact reply;
    return rpc::FromGrpc(stub_->GetContact(&call, request, &reply));
  }

 private:
  rpc::CallGate gate_;
  std::unique_ptr<mysql::WorkerPool> pool_;
  const base::SystemClock clock_;
  PooledCalls calls_;
  TestService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Api::Stub> stub_;
};

prometheus::Labels MethodLabels() {
  return {{"grpc_type", "unary"},
          {"grpc_service", "kith.contacts.v1.ContactsService"},
          {"grpc_method", "GetContact"}};
}

double Started() {
  return ops::Counter("grpc_server_started_total",
                      "RPCs started on the server.", MethodLabels())
      .Value();
}

double Handled(const std::string& code) {
  prometheus::Labels labels = MethodLabels();
  labels["grpc_code"] = code;
  return ops::Counter("grpc_server_handled_total",
                      "RPCs answered by the server.", labels)
      .Value();
}

uint64_t Timed() {
  return ops::SecondsHistogram("grpc_server_handling_seconds",
                               "Time from the start of an RPC to its answer.",
                               MethodLabels())
      .Collect()
      .histogram.sample_count;
}

absl::Status Good(const mysql::Tx&) { return absl::OkStatus(); }

class PooledCallsTest : public ::testing::Test {
 protected:
  testing::TestDatabase database_{mysql::Schema()};
  Served served_{database_.options()};
};

// ---- What a handler answers

TEST_F(PooledCallsTest, AHandlerHasALiveSession) {
  int64_t answer = 0;
  served_.On("a", [&](const mysql::Tx& tx) {
    return tx.session.Query(
        "SELECT 42", {}, [&](const mysql::Row& row) { answer = row.Int(0); });
  });
  EXPECT_THAT(served_.Call("a"), IsOk());
  EXPECT_EQ(answer, 42);
}

TEST_F(PooledCallsTest, AStatusOfTheHandlerReachesTheCaller) {
  served_.On("a",
             [](const mysql::Tx&) { return absl::NotFoundError("contact a"); });
  EXPECT_THAT(served_.Call("a"), StatusIs(StatusCode::kNotFound, "contact a"));
}

TEST_F(PooledCallsTest, AnInternalErrorSaysOnlyThatItHappened) {
  served_.On("a", [](const mysql::Tx& tx) {
    return tx.session.Execute("UPDATE nothing SET x = 1").status();
  });
  EXPECT_EQ(served_.Call("a"), absl::InternalError("internal error"));
}

TEST_F(PooledCallsTest, AnExceptionIsInternalAndTheProcessLives) {
  served_.On("std", [](const mysql::Tx&) -> absl::Status {
    throw std::runtime_error("secret");
  });
  served_.On("other", [](const mysql::Tx&) -> absl::Status { throw 17; });
  served_.On("good", Good);
  // More often than there are workers.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(served_.Call("std"), absl::InternalError("internal error"));
    EXPECT_EQ(served_.Call("other"), absl::InternalError("internal error"));
  }
  EXPECT_THAT(served_.Call("good"), IsOk());
}

TEST_F(PooledCallsTest, AKilledSessionIsUnavailableAndHeals) {
  Served served(database_.options(), /*workers=*/1);
  served.On("a", [](const mysql::Tx& tx) {
    return tx.session.Execute("DO 1").status();
  });
  ASSERT_THAT(served.Call("a"), IsOk());
  database_.KillSessions();
  EXPECT_THAT(served.Call("a"), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(served.Call("a"), IsOk());
}

TEST(PooledCallsWithoutDatabaseTest, AreUnavailableBeforeTheHandlerRuns) {
  mysql::SessionOptions options;
  options.address = "unix:/tmp/kith-no-such-socket";
  Served served(options);
  bool ran = false;
  served.On("a", [&](const mysql::Tx&) {
    ran = true;
    return absl::OkStatus();
  });
  EXPECT_THAT(served.Call("a"), StatusIs(StatusCode::kUnavailable));
  EXPECT_FALSE(ran);
}

// ---- Who may call

class AdmissionTest : public PooledCallsTest {
 protected:
  AdmissionTest() {
    served_.On("a", [this](const mysql::Tx& tx) {
      ran_ = true;
      context_ = tx.context;
      return absl::OkStatus();
    });
  }

  absl::Status CallWith(const std::string& name, const std::string& value) {
    grpc::ClientContext call;
    call.AddMetadata(name, value);
    return served_.Call("a", call);
  }

  std::atomic<bool> ran_ = false;
  base::RequestContext context_;
};

TEST_F(AdmissionTest, NoKeyIsUnauthenticated) {
  grpc::ClientContext call;
  EXPECT_THAT(served_.Call("a", call),
              StatusIs(StatusCode::kUnauthenticated, "authorization: Bearer"));
  EXPECT_FALSE(ran_);
}

TEST_F(AdmissionTest, AnUnknownKeyIsUnauthenticated) {
  EXPECT_THAT(served_.Call("a", testing::kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(CallWith("authorization", "Bearer kith_demo_wrong"),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_FALSE(ran_);
}

TEST_F(AdmissionTest, AKeyWithoutTheScopeIsDenied) {
  EXPECT_THAT(served_.Call("a", testing::kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "contacts.read"));
  EXPECT_FALSE(ran_);
}

TEST_F(AdmissionTest, TheKeySaysTenantAndAssurance) {
  ASSERT_THAT(served_.Call("a", testing::kOther), IsOk());
  EXPECT_EQ(context_.tenant_id(), 2);
  EXPECT_EQ(context_.authorization, testing::Authorization(testing::kOther));
  ASSERT_THAT(served_.Call("a", testing::kDemoVerified), IsOk());
  EXPECT_EQ(context_.tenant_id(), 1);
  EXPECT_EQ(context_.principal->assurance, config::v1::ASSURANCE_VERIFIED);
}

TEST_F(AdmissionTest, ATraceContinues) {
  grpc::ClientContext call;
  call.AddMetadata("authorization", testing::Authorization(testing::kDemo));
  call.AddMetadata("traceparent",
                   "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  ASSERT_THAT(served_.Call("a", call), IsOk());
  EXPECT_EQ(context_.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_NE(context_.span_id, "00f067aa0ba902b7");
}

TEST_F(AdmissionTest, ACallWithoutADeadlineGetsFiveSeconds) {
  const absl::Time before = absl::Now();
  ASSERT_THAT(CallWith("authorization", testing::Authorization(testing::kDemo)),
              IsOk());
  EXPECT_GE(context_.deadline, before + absl::Seconds(5));
  EXPECT_LE(context_.deadline, absl::Now() + absl::Seconds(5));
}

TEST_F(AdmissionTest, TheCallersDeadlineIsPassedOn) {
  const absl::Time before = absl::Now();
  ASSERT_THAT(served_.Call("a", testing::kDemo, absl::Seconds(20)), IsOk());
  EXPECT_GT(context_.deadline, before + absl::Seconds(19));
  EXPECT_LT(context_.deadline, absl::Now() + absl::Seconds(21));
}

TEST_F(AdmissionTest, ACallOnBehalfOfAnotherCarriesItsKeyTraceAndDeadline) {
  const absl::Time deadline = absl::Now() + absl::Seconds(7);
  base::RequestContext ours;
  ops::ContinueTrace("", ours);
  ours.authorization = testing::Authorization(testing::kOther);
  ours.deadline = deadline;
  grpc::ClientContext call;
  rpc::Prepare(ours, absl::Now() + absl::Hours(1), call);
  ASSERT_THAT(served_.Call("a", call), IsOk());
  EXPECT_EQ(context_.tenant_id(), 2);
  EXPECT_EQ(context_.trace_id, ours.trace_id);
  EXPECT_LT(absl::AbsDuration(context_.deadline - deadline), absl::Seconds(1));
}

// ---- Too many calls, or too late

// A call that holds the only worker until it is let go.
class Holder {
 public:
  explicit Holder(Served& served) {
    served.On("hold", [this](const mysql::Tx&) {
      entered_.Notify();
      release_.WaitForNotification();
      return absl::OkStatus();
    });
    call_ = std::async(std::launch::async, [&] { return served.Call("hold"); });
    entered_.WaitForNotification();
  }
  ~Holder() {
    Release();
    EXPECT_THAT(call_.get(), IsOk());
  }

  void Release() {
    if (!release_.HasBeenNotified()) release_.Notify();
  }

 private:
  absl::Notification entered_;
  absl::Notification release_;
  std::future<absl::Status> call_;
};

TEST_F(PooledCallsTest, AFullQueueRefusesAtOnce) {
  constexpr int kQueue = 2;
  constexpr int kRefused = 3;
  Served served(database_.options(), /*workers=*/1, kQueue);
  std::atomic<int> ran = 0;
  served.On("a", [&](const mysql::Tx&) {
    ++ran;
    return absl::OkStatus();
  });
  absl::BlockingCounter refused(kRefused);
  std::vector<std::future<void>> calls;
  {
    Holder holder(served);
    for (int i = 0; i < kQueue + kRefused; ++i) {
      calls.push_back(std::async(std::launch::async, [&] {
        const absl::Status status = served.Call("a");
        if (status.ok()) return;
        EXPECT_THAT(status, StatusIs(StatusCode::kResourceExhausted,
                                     "try again later"));
        refused.DecrementCount();
      }));
    }
    // All that do not fit are answered while the worker is still held.
    refused.Wait();
    EXPECT_EQ(ran, 0);
  }
  for (std::future<void>& call : calls) call.get();
  EXPECT_EQ(ran, kQueue);
}

TEST_F(PooledCallsTest, ACallThatIsTooLateIsDroppedFromTheQueue) {
  Served served(database_.options(), /*workers=*/1);
  std::atomic<bool> late_ran = false;
  served.On("late", [&](const mysql::Tx&) {
    late_ran = true;
    return absl::OkStatus();
  });
  served.On("next", Good);
  const double started = Started();
  const double dropped = Handled("DeadlineExceeded");
  {
    Holder holder(served);
    EXPECT_THAT(served.Call("late", testing::kDemo, absl::Milliseconds(300)),
                StatusIs(StatusCode::kDeadlineExceeded));
    EXPECT_EQ(Started(), started + 2) << "it never came to the queue";
    // Though the only worker is held.
    while (Handled("DeadlineExceeded") < dropped + 1) std::this_thread::yield();
  }
  EXPECT_THAT(served.Call("next"), IsOk());
  EXPECT_FALSE(late_ran);
  EXPECT_EQ(Handled("DeadlineExceeded"), dropped + 1);
}

TEST_F(PooledCallsTest, AStatementEndsWithItsCallAndItsWorkerIsFree) {
  mysql::SessionOptions patient = database_.options();
  patient.statement_timeout = absl::Hours(1);
  Served served(patient, /*workers=*/1);
  absl::Status ended;
  served.On("slow", [&](const mysql::Tx& tx) {
    return ended = tx.session.Execute("DO SLEEP(3600)").status();
  });
  served.On("next", [](const mysql::Tx& tx) {
    return tx.session.Execute("DO 1").status();
  });
  EXPECT_THAT(served.Call("slow", testing::kDemo, absl::Milliseconds(100)),
              StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_THAT(served.Call("next"), IsOk());
  EXPECT_THAT(ended, StatusIs(StatusCode::kDeadlineExceeded,
                              "passed while the database worked"));
}

// ---- Limits of a key

config::v1::CallLimits OneAtOnce() {
  config::v1::CallLimits limits;
  limits.set_calls_at_once(1);
  return limits;
}

TEST_F(PooledCallsTest, AKeyHasNoMoreCallsUnderWayThanItMay) {
  auth::KeyLimiter limiter(OneAtOnce());
  Served served(database_.options(), 2, 100, &limiter);
  std::atomic<int> ran = 0;
  served.On("a", [&](const mysql::Tx&) {
    ++ran;
    return absl::OkStatus();
  });
  {
    Holder holder(served);
    const absl::Status refused = served.Call("a");
    EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted,
                                  "\"demo\" may have 1 calls under way"));
    const auto retry = status::FindDetail<google::rpc::RetryInfo>(refused);
    ASSERT_TRUE(retry.has_value());
    EXPECT_GT(retry->retry_delay().nanos(), 0);
    EXPECT_EQ(ran, 0);
    EXPECT_THAT(served.Call("a", testing::kOther), IsOk());
  }
  EXPECT_THAT(served.Call("a"), IsOk());
}

TEST_F(PooledCallsTest, WhoCallsUponTheAnswerIsNeverTooEarly) {
  auth::KeyLimiter limiter(OneAtOnce());
  Served served(database_.options(), 2, 100, &limiter);
  served.On("a", Good);
  served.On("absent",
            [](const mysql::Tx&) { return absl::NotFoundError("absent"); });
  for (int i = 0; i < 200; ++i) {
    ASSERT_THAT(served.Call("a"), IsOk());
    ASSERT_THAT(served.Call("absent"), StatusIs(StatusCode::kNotFound));
  }
}

TEST_F(PooledCallsTest, ACallThatMayNotBeMadeUsesNothingUp) {
  config::v1::CallLimits limits;
  limits.set_calls_per_second(0.001);
  auth::KeyLimiter limiter(limits);
  Served served(database_.options(), 2, 100, &limiter);
  served.On("a", Good);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(served.Call("a", testing::kDemoNoScopes),
                StatusIs(StatusCode::kPermissionDenied));
  }
  EXPECT_THAT(served.Call("a"), IsOk());
  EXPECT_THAT(served.Call("a"), StatusIs(StatusCode::kResourceExhausted));
}

// ---- What is counted

TEST_F(PooledCallsTest, CallsAreCountedByCodeAndTimed) {
  served_.On("good", Good);
  served_.On("absent",
             [](const mysql::Tx&) { return absl::NotFoundError("absent"); });
  const double started = Started();
  const double ok = Handled("OK");
  const double not_found = Handled("NotFound");
  const double unauthenticated = Handled("Unauthenticated");
  const uint64_t timed = Timed();
  served_.Call("good").IgnoreError();
  served_.Call("good").IgnoreError();
  served_.Call("absent").IgnoreError();
  served_.Call("good", testing::kNobody).IgnoreError();
  EXPECT_EQ(Started(), started + 4);
  EXPECT_EQ(Handled("OK"), ok + 2);
  EXPECT_EQ(Handled("NotFound"), not_found + 1);
  EXPECT_EQ(Handled("Unauthenticated"), unauthenticated + 1);
  EXPECT_EQ(Timed(), timed + 4);
}

google::protobuf::MethodOptions& AddService(
    google::protobuf::FileDescriptorProto& file, const std::string& name) {
  auto* const service = file.add_service();
  service->set_name(name);
  auto* const method = service->add_method();
  method->set_name("DoIt");
  method->set_input_type("Nothing");
  method->set_output_type("Nothing");
  return *method->mutable_options();
}

// Adds services of one method each, which does not say what it wants of keys.
void AddCarelessServices() {
  google::protobuf::FileDescriptorProto file;
  file.set_name("careless.proto");
  file.add_message_type()->set_name("Nothing");
  AddService(file, "NoScope")
      .SetExtension(common::v1::assurance, config::v1::ASSURANCE_REPORTED);
  AddService(file, "NoAssurance")
      .SetExtension(common::v1::scope, "contacts.read");
  // Lives as long as the pool.
  static const auto* const bytes = new std::string(file.SerializeAsString());
  google::protobuf::DescriptorPool::InternalAddGeneratedFile(
      bytes->data(), static_cast<int>(bytes->size()));
}

TEST(CallGateDeathTest, AMethodThatSaysNothingOfKeysIsNotServed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  static const bool once = (AddCarelessServices(), true);
  ASSERT_TRUE(once);
  EXPECT_DEATH(rpc::CallGate("NoScope", testing::TestKeys()),
               "a method has no scope.*DoIt");
  EXPECT_DEATH(rpc::CallGate("NoAssurance", testing::TestKeys()),
               "a method has no assurance.*DoIt");
}

}  // namespace
}  // namespace kith::server
