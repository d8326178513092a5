#include "gateway/watch/feed_reader.h"

#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/text_file.h"
#include "common/base/times.h"
#include "common/rpc/callback_threads.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gateway/watch/watch_hub.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/changes/v1/changes_service.grpc.pb.h"

namespace kith::gateway {
namespace {

using changes::v1::TailChangesRequest;
using changes::v1::TailChangesResponse;
using ::kith::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// What a stream of the feed sends, and how it ends.
struct Stream {
  std::vector<TailChangesResponse> messages;
  grpc::Status end;
};

// A service's feed whose streams are what the test gives it, one after the
// other; a reader that comes for one more waits.
class ScriptedFeed final : public changes::v1::ChangesService::Service {
 public:
  grpc::Status TailChanges(
      grpc::ServerContext* call, const TailChangesRequest* request,
      grpc::ServerWriter<TailChangesResponse>* writer) override {
    const grpc::string_ref key =
        call->client_metadata().find("authorization")->second;
    absl::MutexLock lock(&mutex_);
    requests_.push_back(*request);
    keys_.emplace_back(key.data(), key.size());
    const auto ready = [this] { return ended_ || !streams_.empty(); };
    mutex_.Await(absl::Condition(&ready));
    if (ended_) return grpc::Status::OK;
    const Stream stream = std::move(streams_.front());
    streams_.pop_front();
    for (const TailChangesResponse& one : stream.messages) writer->Write(one);
    return stream.end;
  }

  void Give(Stream stream) {
    absl::MutexLock lock(&mutex_);
    streams_.push_back(std::move(stream));
  }

  // The last request, once the reader has come for the `count`th time: it has
  // dealt with the streams before then.
  TailChangesRequest AwaitRequest(size_t count) {
    const auto there = [&] { return requests_.size() == count; };
    absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(
        mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(30)));
    return requests_.back();
  }

  std::vector<std::string> keys() {
    absl::MutexLock lock(&mutex_);
    return keys_;
  }

  void End() {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }

 private:
  absl::Mutex mutex_;
  std::deque<Stream> streams_ ABSL_GUARDED_BY(mutex_);
  std::vector<TailChangesRequest> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> keys_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

api::FeedPosition Position(int64_t sequence) {
  return {.sequence = sequence, .sequence_micros = 10 * sequence};
}

// Changes of the contact "a", up to this number.
TailChangesResponse UpTo(int64_t sequence, int changes) {
  TailChangesResponse message;
  message.set_resume_token(std::to_string(sequence));
  message.set_sequence(sequence);
  *message.mutable_sequence_time() = base::ToProto(10 * sequence);
  for (int i = 1; i <= changes; ++i) {
    changes::v1::Change& change = *message.add_changes();
    change.set_sequence(sequence - changes + i);
    *change.mutable_sequence_time() = base::ToProto(10 * change.sequence());
    change.set_tenant_id(1);
    change.set_owner("a");
    change.mutable_contact_updated();
  }
  return message;
}

const grpc::Status kGone(grpc::StatusCode::UNAVAILABLE, "restarts");

class FeedReaderTest : public ::testing::Test {
 protected:
  // The feed stands at 100, and somebody watches "a".
  void SetUp() override {
    rpc::KeepCallbackThreads();
    for (const Feed feed : {Feed::kIdentity, Feed::kInteractions}) {
      hub_.Begin(feed, {});
    }
    WriteKey("key");
    grpc::ServerBuilder builder;
    builder.RegisterService(&feed_);
    server_ = builder.BuildAndStart();
    reader_ = std::make_unique<FeedReader>(
        Feed::kContacts, "contacts",
        std::make_shared<rpc::Link>(server_->InProcessChannel({})),
        directory_.Path("key"), hub_);
    const TailChangesRequest first = feed_.AwaitRequest(1);
    EXPECT_EQ(first.resume_token(), "");
    EXPECT_TRUE(first.all_tenants());
    feed_.Give({{UpTo(100, 0)}, kGone});
    EXPECT_EQ(feed_.AwaitRequest(2).resume_token(), "100");
    watcher_ = *hub_.Add(1, {"a"}, {Position(100), {}, {}}, [] {});
  }

  void TearDown() override {
    feed_.End();
    reader_.reset();
    server_->Shutdown();
    server_->Wait();
  }

  void WriteKey(const std::string& key) {
    ASSERT_THAT(base::WriteFileAtomically(directory_.Path("key"), key), IsOk());
  }

  WatchHub::Batch Take() { return hub_.Take(*watcher_, /*settled=*/true); }

  testing::TemporaryDirectory directory_;
  WatchHub hub_{WatchHub::Limits()};
  std::shared_ptr<WatchHub::Watcher> watcher_;
  ScriptedFeed feed_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<FeedReader> reader_;
};

TEST_F(FeedReaderTest, GoesOnByTheTokenWhereTheServiceRestarts) {
  feed_.Give({{UpTo(102, 2)}, kGone});
  EXPECT_EQ(feed_.AwaitRequest(3).resume_token(), "102");
  feed_.Give({{}, kGone});
  EXPECT_EQ(feed_.AwaitRequest(4).resume_token(), "102");
  feed_.Give({{UpTo(103, 1)}, kGone});
  EXPECT_EQ(feed_.AwaitRequest(5).resume_token(), "103");
  const WatchHub::Batch batch = Take();
  EXPECT_FALSE(batch.reset);
  EXPECT_THAT(batch.changes, SizeIs(3));
  EXPECT_THAT(batch.positions,
              ElementsAre(Position(103), Position(0), Position(0)));
}

// Whoever watches is not left to believe that nothing happened meanwhile.
TEST_F(FeedReaderTest, BeginsAnewAndSaysSoWhereItsTokenIsTooOld) {
  feed_.Give({{}, grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "too old")});
  EXPECT_EQ(feed_.AwaitRequest(3).resume_token(), "");
  feed_.Give({{UpTo(900, 0)}, kGone});
  EXPECT_EQ(feed_.AwaitRequest(4).resume_token(), "900");
  const WatchHub::Batch batch = Take();
  EXPECT_TRUE(batch.reset);
  EXPECT_THAT(batch.positions,
              ElementsAre(Position(900), Position(0), Position(0)));
}

TEST_F(FeedReaderTest, TakesAChangedKeyForTheNextStream) {
  WriteKey("newer");
  feed_.Give({{}, grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "old key")});
  feed_.AwaitRequest(3);
  EXPECT_EQ(feed_.keys().front(), "Bearer key");
  EXPECT_EQ(feed_.keys().back(), "Bearer newer");
}

// gRPC aborts the process if metadata has control characters.
TEST_F(FeedReaderTest, KeepsItsKeyWhileTheFileIsBroken) {
  size_t requests = 2;
  for (const char* broken : {"", "newer\r\n"}) {
    WriteKey(broken);
    feed_.Give({{}, kGone});
    feed_.AwaitRequest(++requests);
    EXPECT_EQ(feed_.keys().back(), "Bearer key") << broken;
  }
}

TEST_F(FeedReaderTest, OpensNoStreamBeforeTheFileHasAKey) {
  WriteKey("key\r\n");
  const FeedReader other(
      Feed::kIdentity, "identity",
      std::make_shared<rpc::Link>(server_->InProcessChannel({})),
      directory_.Path("key"), hub_);
  WriteKey("newer");
  feed_.AwaitRequest(3);
  EXPECT_EQ(feed_.keys().back(), "Bearer newer");
}

}  // namespace
}  // namespace kith::gateway
