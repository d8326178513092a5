#include "common/rpc/server_stream.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ops/metrics.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/decoding_service.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/open_streams.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/changes/v1/changes_service.grpc.pb.h"

namespace kith::rpc {
namespace {

using absl::StatusCode;
using changes::v1::TailChangesRequest;
using changes::v1::TailChangesResponse;
using ::kith::testing::kDemo;
using ::kith::testing::kNobody;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Api = changes::v1::ChangesService;

// What the streams of a test do, and what has become of them.
struct Script {
  // The result of Start.
  absl::Status start;
  std::atomic<int64_t> newest = 0;
  // The number that needs work first, and whether work can start.
  std::atomic<int64_t> needs_work = 0;
  std::atomic<bool> can_work = true;

  std::atomic<int> started = 0;
  std::atomic<int> refused_work = 0;
  std::atomic<int> done_work = 0;
  std::atomic<int> released = 0;
  // How often the last stream has gone.
  std::atomic<int> none = 0;
};

// Sends the numbers 1, 2, ... up to `newest`, each as a message whose token is
// the number.
class NumberStream final : public ServerStream<TailChangesResponse> {
 public:
  struct Source {
    Script& script;
    absl::Duration heartbeat = absl::InfiniteDuration();
  };

  NumberStream(const Source& source, const TailChangesRequest& /*request*/)
      : ServerStream(source.heartbeat), script_(source.script) {}

 private:
  absl::Status Start() override {
    ++script_.started;
    if (script_.start.ok()) Resume(absl::OkStatus());
    return script_.start;
  }

  Step Next(TailChangesResponse& /*message*/) override {
    if (number_ >= script_.newest) return Step::kWait;
    if (number_ + 1 == script_.needs_work) return Step::kWork;
    ++number_;
    return Step::kSend;
  }

  bool Work() override {
    if (!script_.can_work) {
      ++script_.refused_work;
      return false;
    }
    ++script_.done_work;
    script_.needs_work = 0;
    Resume(absl::OkStatus());
    return true;
  }

  void Stamp(TailChangesResponse& message) override {
    begun_ = true;
    message.set_resume_token(absl::StrCat(number_));
  }

  bool Last(TailChangesResponse& message) override {
    message.set_resume_token("last");
    return begun_;
  }

  void Released() override { ++script_.released; }

  Script& script_;
  bool begun_ = false;
  int64_t number_ = 0;
};

class NumberService final : public Api::CallbackService {
 public:
  explicit NumberService(size_t limit)
      : streams(gate_, {.limit = limit,
                        .open = ops::Gauge("test_streams", "Of this test."),
                        .none = [this] { ++script.none; }}) {}
  ~NumberService() override { streams.AwaitNone(); }

  grpc::ServerWriteReactor<TailChangesResponse>* TailChanges(
      grpc::CallbackServerContext* call,
      const TailChangesRequest* request) override {
    return streams.Open(call, source, *request, refused);
  }

 private:
  const CallGate gate_{Api::service_full_name(), testing::TestKeys()};

 public:
  Script script;
  NumberStream::Source source{.script = script};
  absl::Status refused;
  OpenStreams<NumberStream> streams;
};

// Waits until a count is not zero.
void Await(const std::atomic<int>& count) {
  while (count == 0) absl::SleepFor(absl::Milliseconds(1));
}

// A stream as a client has it.
class Reader {
 public:
  explicit Reader(Api::Stub& stub, testing::TestKey key = kDemo,
                  const TailChangesRequest& request = {}) {
    call_.AddMetadata("authorization", testing::Authorization(key));
    // So that a test that fails does not hang.
    call_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    stream_ = stub.TailChanges(&call_, request);
  }
  ~Reader() {
    Cancel();
    if (!ended_) End().IgnoreError();
  }

  // Returns the token of the next message; "end" after the last one.
  std::string Next() {
    TailChangesResponse message;
    return stream_->Read(&message) ? message.resume_token() : "end";
  }

  // Reads to the end. Returns how the stream ended.
  absl::Status End() {
    for (std::string token = Next(); token != "end"; token = Next()) {
      rest_.push_back(std::move(token));
    }
    ended_ = true;
    return FromGrpc(stream_->Finish());
  }
  // The tokens that End has read.
  const std::vector<std::string>& rest() const { return rest_; }

  void Cancel() { call_.TryCancel(); }

 private:
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReader<TailChangesResponse>> stream_;
  std::vector<std::string> rest_;
  bool ended_ = false;
};

class ServerStreamTest : public ::testing::Test {
 protected:
  explicit ServerStreamTest(size_t limit = 10) : service_(limit) {
    KeepCallbackThreads();
    grpc::ServerBuilder builder;
    builder.RegisterService(&decoding_);
    server_ = builder.BuildAndStart();
    stub_ = Api::NewStub(server_->InProcessChannel({}));
  }

  ~ServerStreamTest() override {
    service_.streams.Close();
    server_->Shutdown();
    server_->Wait();
  }

  void Append(int64_t newest) {
    service_.script.newest = newest;
    service_.streams.WakeAll();
  }

  NumberService service_;
  DecodingService decoding_{Api::service_full_name(), service_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Api::Stub> stub_;
};

class ServerStreamLimitTest : public ServerStreamTest {
 protected:
  ServerStreamLimitTest() : ServerStreamTest(1) {}
};

TEST_F(ServerStreamTest, FirstMessageIsSentAtOnceThenWhatIsNewOnWake) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  Append(3);
  EXPECT_EQ(reader.Next(), "1");
  EXPECT_EQ(reader.Next(), "2");
  EXPECT_EQ(reader.Next(), "3");
}

TEST_F(ServerStreamTest, AStreamThatHasNothingToSendSendsHeartbeats) {
  service_.source.heartbeat = absl::ZeroDuration();
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  EXPECT_EQ(reader.Next(), "0");
  service_.script.newest = 1;
  while (reader.Next() != "1") {
  }
}

TEST_F(ServerStreamTest, WorkIsDoneBeforeTheMessageThatNeedsIt) {
  service_.script.newest = 2;
  service_.script.needs_work = 2;
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "1");
  EXPECT_EQ(reader.Next(), "2");
  EXPECT_EQ(service_.script.done_work, 1);
}

TEST_F(ServerStreamTest, WorkThatCannotStartIsTriedAgainAtTheNextWake) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  service_.script.can_work = false;
  service_.script.needs_work = 1;
  // Until a wake is not lost to the end of the first message.
  while (service_.script.refused_work == 0) Append(1);
  service_.script.can_work = true;
  Append(1);
  EXPECT_EQ(reader.Next(), "1");
}

TEST_F(ServerStreamTest, EndReachesAStreamWhoseWorkCannotStart) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  service_.script.can_work = false;
  service_.script.needs_work = 1;
  while (service_.script.refused_work == 0) Append(1);
  service_.streams.EndAll(absl::UnavailableError("over"));
  EXPECT_THAT(reader.End(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(reader.rest(), ElementsAre("last"));
}

TEST_F(ServerStreamTest, EndSendsALastMessageAndThenTheStatus) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  service_.streams.EndAll(absl::UnavailableError("over"));
  service_.streams.EndAll(absl::InternalError("too late"));
  EXPECT_THAT(reader.End(), StatusIs(StatusCode::kUnavailable, "over"));
  EXPECT_THAT(reader.rest(), ElementsAre("last"));
  // A new stream may be opened.
  EXPECT_EQ(Reader(*stub_).Next(), "0");
}

TEST_F(ServerStreamTest, AStreamThatHasNotBegunEndsWithoutALastMessage) {
  service_.script.start = absl::NotFoundError("nothing here");
  Reader reader(*stub_);
  EXPECT_THAT(reader.End(), StatusIs(StatusCode::kNotFound, "nothing here"));
  EXPECT_THAT(reader.rest(), IsEmpty());
}

TEST_F(ServerStreamTest, AStreamIsReleasedWhenItsReaderHasGone) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  reader.Cancel();
  Await(service_.script.released);
  Await(service_.script.none);
  EXPECT_THAT(reader.End(), StatusIs(StatusCode::kCancelled));
}

TEST_F(ServerStreamTest, CloseEndsStreamsAndRefusesNewOnes) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  service_.streams.Close();
  EXPECT_THAT(reader.End(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(reader.rest(), ElementsAre("last"));
  Reader late(*stub_);
  EXPECT_THAT(late.End(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(late.rest(), IsEmpty());
}

TEST_F(ServerStreamTest, TheGateSpeaksBeforeAnythingElse) {
  service_.refused = absl::FailedPreconditionError("not here");
  EXPECT_THAT(Reader(*stub_).End(), StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_THAT(Reader(*stub_, kNobody).End(),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(service_.script.started, 0);
}

TEST_F(ServerStreamTest, ARequestThatCannotBeDecodedIsRefused) {
  TailChangesRequest request;
  request.set_resume_token("\xED\xA0\xBD");
  EXPECT_THAT(Reader(*stub_, kDemo, request).End(),
              StatusIs(StatusCode::kInvalidArgument,
                       "resume_token: not UTF-8, want UTF-8"));
  EXPECT_THAT(Reader(*stub_, kNobody, request).End(),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_EQ(service_.script.started, 0);
  EXPECT_EQ(Reader(*stub_).Next(), "0");
}

TEST_F(ServerStreamLimitTest, OneMoreThanTheLimitIsRefused) {
  Reader reader(*stub_);
  EXPECT_EQ(reader.Next(), "0");
  EXPECT_THAT(Reader(*stub_).End(), StatusIs(StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace kith::rpc
