#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_status.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "gateway/flows/lacking_keys_fixture.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using changes::v1::Change;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::WatchQueueRequest Watching(const std::string& queue) {
  v1::WatchQueueRequest request;
  request.add_queues(queue);
  return request;
}

// A stream of WatchQueue as a client has it.
class QueueWatch {
 public:
  explicit QueueWatch(
      v1::GatewayService::Stub& stub,
      const v1::WatchQueueRequest& request = Watching("service"),
      testing::TestKey key = testing::kDemo) {
    call_.AddMetadata("authorization", testing::Authorization(key));
    stream_ = stub.WatchQueue(&call_, request);
  }
  ~QueueWatch() {
    if (stream_ == nullptr) return;
    call_.TryCancel();
    stream_->Finish();
  }

  // The next message that is not empty.
  v1::WatchQueueResponse Next() {
    v1::WatchQueueResponse message;
    do {
      message.Clear();
      if (!stream_->Read(&message)) {
        ADD_FAILURE() << "the stream has ended";
        return message;
      }
    } while (message.ByteSizeLong() == 0);
    return message;
  }

  bool ReadEmpty() {
    v1::WatchQueueResponse message;
    return stream_->Read(&message) && message.ByteSizeLong() == 0;
  }

  // Reads to the end, and says how it ended.
  absl::Status End() {
    v1::WatchQueueResponse message;
    while (stream_->Read(&message)) {
    }
    return rpc::FromGrpc(std::exchange(stream_, nullptr)->Finish());
  }

 private:
  grpc::ClientContext call_;
  std::unique_ptr<grpc::ClientReader<v1::WatchQueueResponse>> stream_;
};

std::vector<std::string> HeadOf(const v1::WatchQueueResponse& message) {
  std::vector<std::string> ids;
  for (const auto& entry : message.entries()) {
    ids.push_back(entry.contact().contact_id());
  }
  return ids;
}

// interactions-svc has one queue, which a test changes.
class QueueStreamTest : public ::testing::Test {
 protected:
  // By default a bell alone has the queue read again.
  explicit QueueStreamTest(absl::Duration patience = absl::Hours(1))
      : gateway_(/*flow_limit=*/1, {.feeds_are_read = true,
                                    .heartbeat = absl::Milliseconds(50),
                                    .queue_pause = absl::Milliseconds(1),
                                    .queue_patience = patience}) {
    gateway_.hub.Begin(Feed::kInteractions, {});
    gateway_.interactions.list_queued = [this](const auto& request,
                                               auto& response) {
      const absl::MutexLock lock(&mutex_);
      asked_.push_back(request);
      for (const std::string& id : queue_) {
        auto& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_queue("service");
      }
      return answer_;
    };
  }

  void Set(std::vector<std::string> queue,
           const absl::Status& answer = absl::OkStatus()) {
    const absl::MutexLock lock(&mutex_);
    queue_ = std::move(queue);
    answer_ = answer;
  }

  size_t Readings() {
    const absl::MutexLock lock(&mutex_);
    return asked_.size();
  }

  // Tells by the feed that an action of the queue has changed.
  void Tell(const std::string& queue = "service", uint64_t tenant_id = 1) {
    Change change;
    change.set_tenant_id(tenant_id);
    change.set_sequence(++number_);
    change.set_owner(kAda);
    change.mutable_action_changed()->set_queue(queue);
    gateway_.hub.Append(Feed::kInteractions,
                        {std::make_shared<const Change>(std::move(change))});
  }

  absl::Mutex mutex_;
  std::vector<std::string> queue_ ABSL_GUARDED_BY(mutex_) = {kAda, kBob};
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  std::vector<interactions::v1::ListQueuedActionsRequest> asked_
      ABSL_GUARDED_BY(mutex_);
  int64_t number_ = 0;
  GatewayHarness gateway_;
};

TEST_F(QueueStreamTest, BeginsWithTheWholeHead) {
  v1::WatchQueueRequest request = Watching("service");
  request.set_agent("Dana");
  request.set_contact_count(50);
  QueueWatch watch(gateway_.stub(), request);
  const v1::WatchQueueResponse first = watch.Next();
  EXPECT_TRUE(first.reset());
  EXPECT_THAT(HeadOf(first), ElementsAre(kAda, kBob));
  EXPECT_EQ(first.entries(0).canonical_id(), kAda);
  const absl::MutexLock lock(&mutex_);
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_THAT(asked_[0].queues(), ElementsAre("service"));
  EXPECT_EQ(asked_[0].agent(), "Dana");
  EXPECT_EQ(asked_[0].page_size(), 50);
  EXPECT_TRUE(asked_[0].waiting_only());
}

TEST_F(QueueStreamTest, AnEmptyHeadIsToldToo) {
  Set({});
  QueueWatch watch(gateway_.stub());
  const v1::WatchQueueResponse first = watch.Next();
  EXPECT_TRUE(first.reset());
  EXPECT_THAT(HeadOf(first), IsEmpty());
}

TEST_F(QueueStreamTest, TellsWhoComesAndLeaves) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  Set({kBob, kCleo});
  Tell();
  const v1::WatchQueueResponse next = watch.Next();
  EXPECT_FALSE(next.reset());
  EXPECT_THAT(HeadOf(next), ElementsAre(kCleo));
  ASSERT_THAT(next.left(), SizeIs(1));
  EXPECT_EQ(next.left(0).contact_id(), kAda);
  EXPECT_EQ(next.left(0).queue(), "service");
}

TEST_F(QueueStreamTest, AContactWithTwoPlacesIsOneEntry) {
  Set({kAda, kBob, kAda});
  QueueWatch watch(gateway_.stub());
  EXPECT_THAT(HeadOf(watch.Next()), ElementsAre(kAda, kBob));
}

TEST_F(QueueStreamTest, WhatIsOfNoConcernHasNothingRead) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  Tell("sales");
  Tell("service", 2);
  EXPECT_TRUE(watch.ReadEmpty());
  EXPECT_TRUE(watch.ReadEmpty());
  EXPECT_EQ(Readings(), 1);
}

TEST_F(QueueStreamTest, ANoticeWithoutADifferenceTellsNothing) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  Tell();
  while (Readings() < 2) EXPECT_TRUE(watch.ReadEmpty());
  EXPECT_TRUE(watch.ReadEmpty());
}

TEST_F(QueueStreamTest, AHeadThatCannotBeReadEndsTheStream) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  Set({}, absl::UnavailableError("down"));
  Tell();
  EXPECT_THAT(watch.End(), StatusIs(StatusCode::kUnavailable));
}

TEST_F(QueueStreamTest, OnDrainAStreamEnds) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  gateway_.watches().EndStreams();
  EXPECT_THAT(watch.End(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(QueueWatch(gateway_.stub()).End(),
              StatusIs(StatusCode::kUnavailable, "stops"));
}

TEST_F(QueueStreamTest, WhatIsRefused) {
  v1::WatchQueueRequest request = Watching("service");
  request.set_contact_count(51);
  EXPECT_THAT(QueueWatch(gateway_.stub(), request).End(),
              StatusIs(StatusCode::kInvalidArgument, "contact_count: 51"));
  Set({}, absl::InvalidArgumentError("queues: 0 given, want 1 to 20"));
  EXPECT_THAT(QueueWatch(gateway_.stub(), {}).End(),
              StatusIs(StatusCode::kInvalidArgument, "queues: 0 given"));
  EXPECT_THAT(
      QueueWatch(gateway_.stub(), Watching("service"), testing::kDemoNoScopes)
          .End(),
      StatusIs(StatusCode::kPermissionDenied));
}

// What changes by time alone, such as the end of a lease, comes by no feed.
class PatientQueueStreamTest : public QueueStreamTest {
 protected:
  PatientQueueStreamTest() : QueueStreamTest(absl::Milliseconds(10)) {}
};

TEST_F(PatientQueueStreamTest, TheHeadIsReadFromTimeToTime) {
  QueueWatch watch(gateway_.stub());
  watch.Next();
  Set({kBob});
  const v1::WatchQueueResponse next = watch.Next();
  EXPECT_THAT(HeadOf(next), IsEmpty());
  ASSERT_THAT(next.left(), SizeIs(1));
}

TEST(QueueStreamKeysTest, TheKeyMustBeOneThatMayReadWhatIsTold) {
  for (const char* lacking : {"contacts.read", "interactions.read"}) {
    GatewayHarness gateway(/*flow_limit=*/100, {.feeds_are_read = true},
                           KeysWithout({lacking}));
    EXPECT_THAT(QueueWatch(gateway.stub()).End(),
                StatusIs(StatusCode::kPermissionDenied, lacking));
  }
}

TEST(QueueStreamKeysTest, WithoutFeedsNothingCanBeWatched) {
  GatewayHarness gateway(1);
  EXPECT_THAT(QueueWatch(gateway.stub()).End(),
              StatusIs(StatusCode::kFailedPrecondition, "service_key_file"));
}

}  // namespace
}  // namespace kith::gateway
