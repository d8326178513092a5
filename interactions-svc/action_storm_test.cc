// 10,000 touches on one contact: what it holds stays within its limits, and the
// last touch reads no more than one of those that reached them.

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions_fixture.h"
#include "interactions-svc/activity/recent.h"
#include "interactions-svc/interaction_store.h"
#include "interactions-svc/lookups.h"

namespace kith::interactions {
namespace {

using config::v1::ACTION_KIND_REVIEW;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using ::testing::SizeIs;

constexpr int kTouches = 10'000;
constexpr int kPhase = 1000;
constexpr int kBatch = 25;
constexpr int kWriters = 4;

class ActionStormTest : public ActionsFixture {
 protected:
  // The nth touch, 4 seconds after the one before.
  virtual v1::RecordInteractionRequest Touch(int n) const {
    const std::string id = absl::StrCat("t", n);
    v1::RecordInteractionRequest request;
    switch (n % 10) {
      case 0:
        request = Missed(id);
        break;
      case 1:
        request = Lead(id);
        break;
      case 2:
        request = Answers(id);
        request.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
        break;
      default:
        // By no channel value, and so each in a thread of its own.
        request = Asks(id);
        request.mutable_interaction()->clear_identity_key();
    }
    return At(Noon() + absl::Seconds(4 * n), std::move(request));
  }

  // Sends the touches from `begin` to `end`, by several writers in batches.
  // Returns how many rows the database read for them.
  int64_t Send(int begin, int end, int writers) {
    std::atomic<int> next = begin;
    std::atomic<int64_t> rows = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i) {
      threads.emplace_back([&] { rows += Write(next, end); });
    }
    for (std::thread& thread : threads) thread.join();
    return rows;
  }

  // The summary's row, with what it has of the newest interactions and of the
  // actions.
  int64_t SummaryBytes() {
    return harness_.database().SelectInt(
        "SELECT MAX(LENGTH(details) + LENGTH(COALESCE(recent, '')) + "
        "LENGTH(COALESCE(work, ''))) FROM summaries");
  }

 private:
  int64_t Write(std::atomic<int>& next, int end) {
    mysql::Session session(harness_.database().options());
    const base::RequestContext context = ReportedCall();
    for (int begin = next.fetch_add(kBatch); begin < end;
         begin = next.fetch_add(kBatch)) {
      std::vector<v1::RecordInteractionRequest> requests;
      for (int n = begin; n < begin + kBatch; ++n) requests.push_back(Touch(n));
      std::vector<const v1::RecordInteractionRequest*> batch;
      for (const auto& request : requests) batch.push_back(&request);
      const auto results =
          InteractionStore().Record({context, session, Now()}, batch);
      EXPECT_THAT(results, IsOk());
      if (!results.ok()) break;
      for (const auto& result : *results) EXPECT_THAT(result, IsOk());
    }
    int64_t rows = 0;
    EXPECT_THAT(
        session.Query("SELECT CAST(SUM(variable_value) AS SIGNED) "
                      "FROM information_schema.session_status "
                      "WHERE variable_name LIKE 'HANDLER_READ%'",
                      {}, [&](const mysql::Row& row) { rows = row.Int(0); }),
        IsOk());
    return rows;
  }
};

TEST_F(ActionStormTest, TenThousandTouchesStayWithinTheLimits) {
  Send(0, kPhase, kWriters);
  // The limits are reached.
  const int64_t early = Send(kPhase, 2 * kPhase, kWriters);
  const int64_t bytes = SummaryBytes();
  Send(2 * kPhase, kTouches - kPhase, kWriters);
  const int64_t late = Send(kTouches - kPhase, kTouches, kWriters);
  EXPECT_EQ(Rows("interactions"), kTouches);
  EXPECT_LT(late, early + early / 2) << "rows of 1,000 touches";
  EXPECT_GT(early, kPhase);
  EXPECT_LT(SummaryBytes(), bytes + 4096);
  EXPECT_LT(SummaryBytes(), static_cast<int64_t>(kRecentBytes) + 16'384);
  // One more than the most tells that there are more.
  EXPECT_EQ(Rows("actions"), kMaxOpenActions + 1);
  EXPECT_LE(Rows("action_queue"), 6);
  EXPECT_LT(
      harness_.database().SelectInt("SELECT MAX(LENGTH(details)) FROM actions"),
      8192);
  int reviews = 0;
  std::string token;
  do {
    const auto page = List({kAda}, false, 500, token);
    for (const v1::Action& action : page.actions()) {
      if (action.kind() != ACTION_KIND_REVIEW) continue;
      EXPECT_EQ(action.reason().code(), "TOO_MANY_THREADS");
      EXPECT_EQ(action.review_cause(), v1::REVIEW_CAUSE_TOO_MANY_ACTIONS);
      ++reviews;
    }
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(reviews, 1);
  LookupTables lookups(harness_.database(), harness_.clock(), Lookups());
  EXPECT_THAT(lookups.Check("action_queue"), IsClean());
}

TEST_F(ActionStormTest, TheViewIsServedWithWhatAScreenShows) {
  Send(0, 2 * kPhase, kWriters);
  const auto activity = Activity({kAda});
  EXPECT_EQ(Total(activity.summary()), 2 * kPhase);
  EXPECT_THAT(activity.interactions(), SizeIs(20));
  EXPECT_THAT(activity.threads(), SizeIs(50));
  EXPECT_TRUE(activity.more_threads());
  EXPECT_THAT(activity.actions(), SizeIs(50));
  EXPECT_TRUE(activity.more_actions());
  EXPECT_EQ(Given("sam"), std::vector<std::string>{kAda});
}

// One who writes on and on in one chat.
class ChatStormTest : public ActionStormTest {
 protected:
  v1::RecordInteractionRequest Touch(int n) const override {
    v1::RecordInteractionRequest request = Asks(absl::StrCat("t", n));
    request.mutable_interaction()->set_kind(v1::KIND_MESSAGE);
    request.mutable_interaction()->set_conversation_id("chat");
    return At(Noon() + absl::Seconds(4 * n), std::move(request));
  }
};

TEST_F(ChatStormTest, TenThousandWordsInTheirOrderAreOneThreadWithOneReply) {
  // By one writer: a word that comes late has its thread read as a whole.
  const int64_t early = Send(0, kPhase, 1);
  const int64_t bytes = SummaryBytes();
  Send(kPhase, kTouches - kPhase, 1);
  const int64_t late = Send(kTouches - kPhase, kTouches, 1);
  EXPECT_EQ(Rows("interactions"), kTouches);
  EXPECT_LT(late, early + early / 2) << "rows of 1,000 touches";
  EXPECT_LT(SummaryBytes(), bytes + 4096);
  EXPECT_EQ(Rows("threads"), 1);
  EXPECT_LT(
      harness_.database().SelectInt("SELECT MAX(LENGTH(details)) FROM threads"),
      8192);
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(base::FromProto(Open()[0].opened_time()), Noon());
  EXPECT_EQ(Given("sam"), std::vector<std::string>{kAda});
}

}  // namespace
}  // namespace kith::interactions
