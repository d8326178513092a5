#include "common/rpc/process.h"

#include <grpcpp/grpcpp.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/text_file.h"
#include "common/rpc/client.h"
#include "common/rpc/grpc_status.h"
#include "common/status/status_macros.h"
#include "common/testing/http_get.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::rpc {
namespace {

using absl::StatusCode;
using ::kith::testing::HttpGet;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using HealthReply = grpc::health::v1::HealthCheckResponse;
using ContactsApi = contacts::v1::ContactsService;

// Looks again until it is so, but not for ever.
bool Eventually(const std::function<bool()>& so) {
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (!so()) {
    if (absl::Now() > limit) return false;
    // No event tells: polls.
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

ProcessOptions Options() {
  ProcessOptions options;
  options.listen_address = "127.0.0.1:0";
  options.ops_address = "127.0.0.1:0";
  options.keys_file = "keys";
  options.tenants_file = "tenants";
  options.drain_delay = absl::ZeroDuration();
  options.drain_timeout = absl::Seconds(10);
  options.max_connection_age = absl::Minutes(5);
  options.max_request_bytes = 100'000;
  return options;
}

// Answers at once, or where it is held, when it is let go; little, or much.
class TestService final : public ContactsApi::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::GetContactRequest* request,
      contacts::v1::Contact* reply) override {
    if (request->contact_id() == "large") {
      reply->set_display_name(std::string(150'000, 'a'));
    }
    if (request->contact_id() == "held") {
      entered.Notify();
      release.WaitForNotification();
    }
    grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  absl::Notification entered;
  absl::Notification release;
};

absl::Status Get(const std::string& address, const std::string& contact_id,
                 int max_response_bytes = 4 << 20) {
  const auto stub =
      ContactsApi::NewStub(MakeChannel(address, max_response_bytes));
  contacts::v1::GetContactRequest request;
  contacts::v1::Contact reply;
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  request.set_contact_id(contact_id);
  return FromGrpc(stub->GetContact(&call, request, &reply));
}

// The answer of grpc.health.v1.Health/Check for a service; "" is the whole.
absl::StatusOr<HealthReply::ServingStatus> Health(
    const std::string& address, const std::string& service = "") {
  const auto stub = grpc::health::v1::Health::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::health::v1::HealthCheckRequest request;
  HealthReply reply;
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  request.set_service(service);
  KITH_RETURN_IF_ERROR(FromGrpc(stub->Check(&call, request, &reply)));
  return reply.status();
}

bool IsServing(const std::string& address) {
  const auto health = Health(address);
  return health.ok() && *health == HealthReply::SERVING;
}

// The answers of grpc.health.v1.Health/Watch for a service.
class HealthWatch {
 public:
  HealthWatch(const std::string& address, const std::string& service)
      : stub_(grpc::health::v1::Health::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    call_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    reader_ = stub_->Watch(&call_, request);
  }

  // Cancelled, so that it does not wait for more.
  ~HealthWatch() { call_.TryCancel(); }

  // Waits for an answer, which may have been given before. False if the watch
  // ends without it.
  bool Await(HealthReply::ServingStatus status) {
    HealthReply reply;
    while (reader_->Read(&reply)) {
      if (reply.status() == status) return true;
    }
    return false;
  }

 private:
  const std::unique_ptr<grpc::health::v1::Health::Stub> stub_;
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReader<HealthReply>> reader_;
};

// Serves one service, as ready as the test says.
class TestServable : public Servable {
 public:
  TestServable(grpc::Service& service, std::function<absl::Status()> probe)
      : service_(service), probe_(std::move(probe)) {}

  std::vector<NamedService> services() override {
    return {{ContactsApi::service_full_name(), service_}};
  }
  absl::Status Probe() override { return probe_(); }

 private:
  grpc::Service& service_;
  const std::function<absl::Status()> probe_;
};

// rpc::Serve on a thread, which SIGTERM is sent to alone.
class ServingThread {
 public:
  ServingThread(ProcessOptions options, grpc::Service& service,
                std::function<absl::Status()> probe)
      : ServingThread(std::move(options), std::make_unique<TestServable>(
                                              service, std::move(probe))) {}

  ServingThread(ProcessOptions options, std::unique_ptr<Servable> served)
      : options_(std::move(options)), served_(std::move(served)) {
    if (options_.address_file.empty()) {
      options_.address_file = directory_->Path("address");
    }
    thread_ = std::thread([this] {
      sigset_t signals;
      sigemptyset(&signals);
      sigaddset(&signals, SIGTERM);
      pthread_sigmask(SIG_BLOCK, &signals, nullptr);
      result_.set_value(Serve(options_, std::move(served_)));
    });
  }

  ~ServingThread() {
    if (!ended()) Terminate();
    thread_.join();
  }

  // Waits until it listens.
  bool WaitForAddresses() {
    const bool read =
        Eventually([&] { return ended() || ReadAddresses(); }) && !ended();
    // Now, as a process that is made to exit leaves it behind.
    directory_.reset();
    return read;
  }

  void Terminate() {
    // It ends no process: the thread takes the signal, as Serve waits for it.
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
    pthread_kill(thread_.native_handle(), SIGTERM);
  }

  // What Serve answered.
  absl::Status Wait() {
    if (ended_.wait_for(std::chrono::seconds(20)) !=
        std::future_status::ready) {
      return absl::DeadlineExceededError("Serve does not end");
    }
    return ended_.get();
  }

  const std::string& grpc() const { return grpc_; }
  const std::string& ops() const { return ops_; }

 private:
  bool ended() const {
    return ended_.wait_for(std::chrono::seconds(0)) ==
           std::future_status::ready;
  }

  bool ReadAddresses() {
    const auto content = base::ReadFile(options_.address_file);
    if (!content.ok()) return false;
    const std::vector<std::string> lines = absl::StrSplit(*content, '\n');
    if (lines.size() != 3) return false;
    grpc_ = std::string(absl::StripPrefix(lines[0], "grpc="));
    ops_ = std::string(absl::StripPrefix(lines[1], "ops="));
    return true;
  }

  std::optional<testing::TemporaryDirectory> directory_{std::in_place};
  ProcessOptions options_;
  std::unique_ptr<Servable> served_;
  std::promise<absl::Status> result_;
  std::shared_future<absl::Status> ended_{result_.get_future()};
  std::string grpc_;
  std::string ops_;
  std::thread thread_;
};

class ServeTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(process_.WaitForAddresses()); }

  bool IsReady() {
    return absl::StrContains(HttpGet(process_.ops(), "/readyz"),
                             "HTTP/1.1 200 ");
  }

  TestService service_;
  std::atomic<bool> database_answers_ = true;
  ServingThread process_{Options(), service_, [this] {
                           return database_answers_
                                      ? absl::OkStatus()
                                      : absl::UnavailableError("no database");
                         }};
};

TEST_F(ServeTest, ServesOnThePortsThatItTells) {
  EXPECT_THAT(process_.grpc(),
              AllOf(StartsWith("127.0.0.1:"), Not(StartsWith("127.0.0.1:0"))));
  EXPECT_THAT(Get(process_.grpc(), "a"), IsOk());
  EXPECT_TRUE(Eventually([&] { return IsReady(); }));
  EXPECT_TRUE(Eventually([&] { return IsServing(process_.grpc()); }));
  EXPECT_THAT(HttpGet(process_.ops(), "/metrics"),
              HasSubstr("\nkith_build_info{version=\"0."));
}

TEST_F(ServeTest, IsReadyAsLongAsTheProbeSaysSo) {
  ASSERT_TRUE(Eventually([&] { return IsServing(process_.grpc()); }));
  database_answers_ = false;
  EXPECT_TRUE(Eventually([&] { return !IsServing(process_.grpc()); }));
  EXPECT_FALSE(IsReady());
  EXPECT_THAT(HttpGet(process_.ops(), "/metrics"),
              HasSubstr("\nkith_ready{server=\"grpc\"} 0\n"));
  EXPECT_THAT(HttpGet(process_.ops(), "/livez"), StartsWith("HTTP/1.1 200 "));
  database_answers_ = true;
  EXPECT_TRUE(Eventually([&] { return IsServing(process_.grpc()); }));
  EXPECT_TRUE(IsReady());
  EXPECT_THAT(HttpGet(process_.ops(), "/metrics"),
              HasSubstr("\nkith_ready{server=\"grpc\"} 1\n"));
}

TEST_F(ServeTest, HealthKnowsEachServiceByItsName) {
  const std::string name(ContactsApi::service_full_name());
  const auto says = [&](HealthReply::ServingStatus status) {
    return Eventually([&] {
      const auto health = Health(process_.grpc(), name);
      return health.ok() && *health == status;
    });
  };
  HealthWatch watch(process_.grpc(), name);
  EXPECT_TRUE(says(HealthReply::SERVING));
  EXPECT_TRUE(watch.Await(HealthReply::SERVING));
  database_answers_ = false;
  EXPECT_TRUE(says(HealthReply::NOT_SERVING));
  EXPECT_TRUE(watch.Await(HealthReply::NOT_SERVING));
  database_answers_ = true;
  EXPECT_TRUE(watch.Await(HealthReply::SERVING));
  EXPECT_TRUE(says(HealthReply::SERVING));
  auto running = std::async(std::launch::async,
                            [&] { return Get(process_.grpc(), "held"); });
  service_.entered.WaitForNotification();
  process_.Terminate();
  EXPECT_TRUE(watch.Await(HealthReply::NOT_SERVING));
  service_.release.Notify();
  EXPECT_THAT(running.get(), IsOk());
}

TEST_F(ServeTest, HealthDoesNotKnowOtherNames) {
  for (const char* name : {"contacts-svc", "kith.contacts.v1", "nobody"}) {
    EXPECT_THAT(Health(process_.grpc(), name), StatusIs(StatusCode::kNotFound))
        << name;
    HealthWatch watch(process_.grpc(), name);
    EXPECT_TRUE(watch.Await(HealthReply::SERVICE_UNKNOWN)) << name;
  }
}

TEST_F(ServeTest, ARequestThatIsTooLargeIsRefusedAndTheNextIsServed) {
  EXPECT_THAT(Get(process_.grpc(), std::string(99'000, 'a')), IsOk());
  EXPECT_THAT(Get(process_.grpc(), std::string(101'000, 'a')),
              StatusIs(StatusCode::kResourceExhausted,
                       "larger than max (101004 vs. 100000)"));
  EXPECT_THAT(Get(process_.grpc(), "a"), IsOk());
}

TEST_F(ServeTest, AnAnswerThatIsTooLargeIsRefused) {
  EXPECT_THAT(Get(process_.grpc(), "large", 200'000), IsOk());
  EXPECT_THAT(Get(process_.grpc(), "large", 100'000),
              StatusIs(StatusCode::kResourceExhausted, "larger than max"));
}

TEST_F(ServeTest, OnePortHasOneServer) {
  ProcessOptions options = Options();
  options.listen_address = process_.grpc();
  TestService service;
  ServingThread second(options, service, [] { return absl::OkStatus(); });
  EXPECT_THAT(second.Wait(),
              StatusIs(StatusCode::kUnavailable, process_.grpc()));
  EXPECT_THAT(Get(process_.grpc(), "a"), IsOk());
}

TEST_F(ServeTest, AnOpsPortInUseIsRefusedToo) {
  ProcessOptions options = Options();
  options.ops_address = process_.ops();
  TestService service;
  ServingThread second(options, service, [] { return absl::OkStatus(); });
  EXPECT_THAT(second.Wait(),
              StatusIs(StatusCode::kUnavailable, process_.ops()));
}

TEST_F(ServeTest, AnAddressFileThatCannotBeWrittenIsRefused) {
  ProcessOptions options = Options();
  options.address_file = "/no/such/folder/address";
  TestService service;
  ServingThread second(options, service, [] { return absl::OkStatus(); });
  EXPECT_THAT(second.Wait(), StatusIs(StatusCode::kNotFound, "/no/such"));
}

TEST_F(ServeTest, WhatCannotListenBesideIsRefusedToo) {
  class CannotListen final : public TestServable {
   public:
    using TestServable::TestServable;
    absl::StatusOr<Addresses> ListenBeside(grpc::Server& /*server*/) override {
      return absl::UnavailableError("the port is in use");
    }
  };
  TestService service;
  EXPECT_THAT(Serve(Options(), std::make_unique<CannotListen>(
                                   service, [] { return absl::OkStatus(); })),
              StatusIs(StatusCode::kUnavailable, "port is in use"));
}

TEST_F(ServeTest, AServerWithoutAnAddressIsCalledWithinTheProcess) {
  TestService service;
  Process process(Options());
  const auto server = process.Start(
      "inner", /*address=*/"",
      std::make_unique<TestServable>(service, [] { return absl::OkStatus(); }));
  ASSERT_THAT(server, IsOk());
  const auto stub = ContactsApi::NewStub(MakeInProcessChannel(**server));
  contacts::v1::GetContactRequest request;
  contacts::v1::Contact reply;
  grpc::ClientContext call;
  EXPECT_TRUE(stub->GetContact(&call, request, &reply).ok());
}

TEST_F(ServeTest, RunningCallsEndBeforeItStops) {
  ASSERT_TRUE(Eventually([&] { return IsReady(); }));
  auto running = std::async(std::launch::async,
                            [&] { return Get(process_.grpc(), "held"); });
  service_.entered.WaitForNotification();
  process_.Terminate();
  // It says that it is leaving, though a call still runs.
  EXPECT_TRUE(Eventually([&] { return !IsReady(); }));
  // Nobody new is let in.
  EXPECT_TRUE(
      Eventually([&] { return HttpGet(process_.grpc(), "/").empty(); }));
  EXPECT_EQ(running.wait_for(std::chrono::milliseconds(50)),
            std::future_status::timeout);
  service_.release.Notify();
  EXPECT_THAT(running.get(), IsOk());
  EXPECT_THAT(process_.Wait(), IsOk());
  EXPECT_THAT(Get(process_.grpc(), "a"), StatusIs(StatusCode::kUnavailable));
}

// What the destructor's call was answered; it is made through `channel`.
class CallsAtItsEnd final : public TestServable {
 public:
  CallsAtItsEnd(grpc::Service& service, std::shared_ptr<grpc::Channel> channel,
                std::promise<absl::Status>& answer)
      : TestServable(service, [] { return absl::OkStatus(); }),
        stub_(ContactsApi::NewStub(std::move(channel))),
        answer_(answer) {}
  ~CallsAtItsEnd() override {
    contacts::v1::Contact reply;
    grpc::ClientContext call;
    answer_.set_value(FromGrpc(stub_->GetContact(&call, {}, &reply)));
  }

 private:
  const std::unique_ptr<ContactsApi::Stub> stub_;
  std::promise<absl::Status>& answer_;
};

TEST(ProcessTest, WhatIsServedMayCallTheServersBeforeItUntilItsEnd) {
  TestService first;
  TestService second;
  std::promise<absl::Status> answer;
  std::promise<absl::Status> ran;
  std::thread thread([&] {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // Comes when Run waits for it, and ends no process.
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
    pthread_kill(pthread_self(), SIGTERM);
    Process process(Options());
    const auto inner = process.Start(
        "inner", /*address=*/"",
        std::make_unique<TestServable>(first, [] { return absl::OkStatus(); }));
    ASSERT_THAT(inner, IsOk());
    ASSERT_THAT(
        process.Start("outer", /*address=*/"",
                      std::make_unique<CallsAtItsEnd>(
                          second, MakeInProcessChannel(**inner), answer)),
        IsOk());
    ran.set_value(process.Run());
  });
  thread.join();
  EXPECT_THAT(answer.get_future().get(), IsOk());
  EXPECT_THAT(ran.get_future().get(), IsOk());
}

// Waits for ever at its end, as for a thread that waits for the database.
class NeverEnds final : public TestServable {
 public:
  using TestServable::TestServable;
  ~NeverEnds() override { absl::Notification().WaitForNotification(); }
};

TEST(ServeDeathTest, WhatNeverEndsAfterTheDrainDoesNotHoldTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ProcessOptions options = Options();
        options.drain_timeout = absl::ZeroDuration();
        TestService service;
        ServingThread process(options, std::make_unique<NeverEnds>(service, [] {
                                return absl::OkStatus();
                              }));
        process.WaitForAddresses();
        process.Terminate();
        process.Wait().IgnoreError();
        // Not reached.
        std::exit(0);
      },
      ::testing::ExitedWithCode(1), "did not stop in time");
}

TEST(ServeDeathTest, ACallThatNeverEndsDoesNotHoldTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ProcessOptions options = Options();
        options.drain_timeout = absl::Milliseconds(100);
        TestService service;
        ServingThread process(options, service,
                              [] { return absl::OkStatus(); });
        process.WaitForAddresses();
        std::thread call([&] { Get(process.grpc(), "held").IgnoreError(); });
        service.entered.WaitForNotification();
        process.Terminate();
        call.join();
        process.Wait().IgnoreError();
        // Not reached.
        std::exit(0);
      },
      ::testing::ExitedWithCode(1), "did not stop in time");
}

// ---- What is checked before it starts

TEST(ProcessOptionsTest, GoodOnesHaveNoFault) {
  std::vector<std::string> faults;
  Options().Validate(faults);
  EXPECT_THAT(faults, IsEmpty());
}

TEST(ProcessOptionsTest, AllFaultsAreTold) {
  ProcessOptions options = Options();
  options.listen_address = "nonsense";
  options.ops_address = "127.0.0.1:65536";
  options.keys_file = "";
  options.tenants_file = "";
  options.drain_timeout = absl::Seconds(-1);
  options.max_connection_age = absl::ZeroDuration();
  options.max_request_bytes = 0;
  std::vector<std::string> faults;
  options.Validate(faults);
  EXPECT_THAT(faults,
              ElementsAre(HasSubstr("--listen_address: \"nonsense\""),
                          HasSubstr("--ops_address: \"127.0.0.1:65536"),
                          HasSubstr("--keys_file"), HasSubstr("--tenants_file"),
                          HasSubstr("--drain_timeout"),
                          HasSubstr("--max_connection_age"),
                          HasSubstr("--max_request_bytes: 0")));
}

TEST(ProcessOptionsTest, OfKeysAreReadOnlyIfTheirFilesAreGiven) {
  ProcessOptions options = Options();
  options.keys_file = "/no/such/keys";
  std::vector<std::string> faults;
  EXPECT_EQ(options.LoadKeys(faults), nullptr);
  EXPECT_THAT(faults, ElementsAre(HasSubstr("cannot read /no/such/keys")));
  // Validate has told which is wanted.
  options.keys_file = "";
  faults.clear();
  EXPECT_EQ(options.LoadKeys(faults), nullptr);
  EXPECT_THAT(faults, IsEmpty());
}

TEST(ProcessOptionsTest, AnAddressIsHostAndPort) {
  const auto is_good = [](const std::string& address) {
    std::vector<std::string> faults;
    CheckAddress("flag", address, faults);
    return faults.empty();
  };
  for (const char* address : {"127.0.0.1:0", "[::1]:7700", "host:65535"}) {
    EXPECT_TRUE(is_good(address)) << address;
  }
  for (const char* address :
       {"", ":7700", "7700", "host", "host:", "host:x", "host:-1"}) {
    EXPECT_FALSE(is_good(address)) << address;
  }
}

}  // namespace
}  // namespace kith::rpc
