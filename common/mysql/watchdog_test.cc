#include "common/mysql/watchdog.h"

#include <atomic>
#include <future>
#include <string>
#include <thread>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/mysql/transaction.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

const Schema& ThingsSchema() {
  static const auto* const schema =
      new Schema{{"0001_things",
                  "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, "
                  "count BIGINT NOT NULL) ENGINE=InnoDB"}};
  return *schema;
}

class WatchdogTest : public ::testing::Test {
 protected:
  // No limit of the server comes first.
  SessionOptions Options() const {
    SessionOptions options = database_.options();
    options.statement_timeout = absl::Minutes(2);
    return options;
  }

  static absl::Status Sleep(Session& session, double seconds) {
    return session.Query(absl::StrCat("SELECT SLEEP(", seconds, ")"), {},
                         [](const Row&) {});
  }

  static int64_t ConnectionId(Session& session) {
    int64_t id = 0;
    session.SetDeadline(absl::InfiniteFuture());
    EXPECT_THAT(session.Query("SELECT CONNECTION_ID()", {},
                              [&](const Row& row) { id = row.Int(0); }),
                IsOk());
    return id;
  }

  testing::TestDatabase database_{ThingsSchema()};
  Watchdog watchdog_{Options()};
};

// Looks for what is overdue, as often as it can.
class Patrol {
 public:
  explicit Patrol(Watchdog& watchdog)
      : thread_([this, &watchdog] {
          while (!done_.HasBeenNotified()) watchdog.KillOverdue(absl::Now());
        }) {}
  ~Patrol() {
    done_.Notify();
    thread_.join();
  }

 private:
  absl::Notification done_;
  std::thread thread_;
};

TEST_F(WatchdogTest, EndsAStatementPastItsDeadline) {
  Session session(Options(), &watchdog_);
  const Patrol patrol(watchdog_);
  session.SetDeadline(absl::Now() + absl::Milliseconds(50));
  EXPECT_THAT(Sleep(session, 100),
              StatusIs(StatusCode::kDeadlineExceeded, "deadline passed"));
}

TEST_F(WatchdogTest, EndsAWaitForALock) {
  database_.Execute("INSERT INTO things (id, count) VALUES (1, 0)");
  Session holder(Options());
  ASSERT_THAT(holder.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(holder.Execute("UPDATE things SET count = 1"), IsOk());
  Session session(Options(), &watchdog_);
  const Patrol patrol(watchdog_);
  const absl::Time deadline = absl::Now() + absl::Milliseconds(50);
  session.SetDeadline(deadline);
  const absl::Status status = Transact(session, deadline, [&] {
    return session.Execute("UPDATE things SET count = 2").status();
  });
  EXPECT_THAT(status, StatusIs(StatusCode::kDeadlineExceeded));
  // The session is free again.
  EXPECT_GT(ConnectionId(session), 0);
  ASSERT_THAT(holder.ExecuteText("COMMIT"), IsOk());
  EXPECT_EQ(database_.SelectInt("SELECT count FROM things"), 1);
}

TEST_F(WatchdogTest, LeavesAStatementInTimeAlone) {
  Session session(Options(), &watchdog_);
  const Patrol patrol(watchdog_);
  const int64_t before = ConnectionId(session);
  session.SetDeadline(absl::Now() + absl::Minutes(1));
  EXPECT_THAT(Sleep(session, 0.05), IsOk());
  EXPECT_EQ(ConnectionId(session), before);
}

TEST_F(WatchdogTest, LeavesAnIdleSessionAlone) {
  Session session(Options(), &watchdog_);
  const int64_t before = ConnectionId(session);
  session.SetDeadline(absl::Now() + absl::Minutes(1));
  ASSERT_THAT(Sleep(session, 0), IsOk());
  watchdog_.KillOverdue(absl::Now() + absl::Hours(1));
  EXPECT_EQ(ConnectionId(session), before);
}

TEST_F(WatchdogTest, ASessionThatWasShotAtGetsAnotherConnection) {
  Session session(Options(), &watchdog_);
  const int64_t before = ConnectionId(session);
  session.SetDeadline(absl::Now() + absl::Minutes(1));
  // The kill comes while the statement still runs, as the client sees it.
  const absl::Status status = session.Query("SELECT 1", {}, [&](const Row&) {
    watchdog_.KillOverdue(absl::Now() + absl::Hours(1));
  });
  EXPECT_THAT(status, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_NE(ConnectionId(session), before);
}

TEST_F(WatchdogTest, NothingIsSentPastTheDeadline) {
  Session session(Options(), &watchdog_);
  session.SetDeadline(absl::Now());
  EXPECT_THAT(
      session.Execute("INSERT INTO things (id, count) VALUES (1, 0)").status(),
      StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM things"), 0);
}

TEST_F(WatchdogTest, ATransactionPastItsDeadlineIsRolledBack) {
  Session session(Options(), &watchdog_);
  absl::Time deadline = absl::Now() + absl::Minutes(1);
  session.SetDeadline(deadline);
  int runs = 0;
  const absl::Status status =
      Transact(session, deadline, [&]() -> absl::Status {
        ++runs;
        auto added =
            session.Execute("INSERT INTO things (id, count) VALUES (1, 0)");
        session.SetDeadline(absl::Now());
        auto late =
            session.Execute("INSERT INTO things (id, count) VALUES (2, 0)");
        EXPECT_THAT(added, IsOk());
        return late.status();
      });
  EXPECT_THAT(status, StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM things"), 0);
}

TEST_F(WatchdogTest, ADatabaseThatCannotBeReachedHarmsNobody) {
  SessionOptions nowhere = Options();
  nowhere.address = "unix:/tmp/kith-no-such-socket";
  Watchdog blind(nowhere);
  Session session(Options(), &blind);
  session.SetDeadline(absl::Now() + absl::Minutes(1));
  EXPECT_THAT(session.Query("SELECT 1", {},
                            [&](const Row&) {
                              blind.KillOverdue(absl::Now() + absl::Hours(1));
                            }),
              IsOk());
}

// Statements of about the length of their deadline, so that kills come before,
// during and after them; behind each one that nothing may disturb.
TEST_F(WatchdogTest, NeverDisturbsTheNextCall) {
  constexpr int kSessions = 4;
  constexpr int kCalls = 150;
  const Patrol patrol(watchdog_);
  std::atomic<int> late = 0;
  std::atomic<int> in_time = 0;
  const auto work = [&] {
    absl::BitGen random;
    Session session(Options(), &watchdog_);
    for (int i = 0; i < kCalls; ++i) {
      session.SetDeadline(absl::Now() +
                          absl::Microseconds(absl::Uniform(random, 0, 2000)));
      const absl::Status hurried = Sleep(session, 0.001);
      ++(hurried.ok() ? in_time : late);
      if (!hurried.ok()) {
        EXPECT_THAT(hurried, StatusIs(StatusCode::kDeadlineExceeded));
      }
      session.SetDeadline(absl::Now() + absl::Minutes(5));
      // It answers 1 where it was interrupted, and not always an error.
      int64_t interrupted = -1;
      EXPECT_THAT(
          session.Query("SELECT SLEEP(0.0005)", {},
                        [&](const Row& row) { interrupted = row.Int(0); }),
          IsOk());
      EXPECT_EQ(interrupted, 0);
    }
  };
  std::vector<std::future<void>> sessions;
  for (int i = 0; i < kSessions; ++i) {
    sessions.push_back(std::async(std::launch::async, work));
  }
  for (std::future<void>& session : sessions) session.get();
  EXPECT_GT(late, 0);
  EXPECT_GT(in_time, 0);
}

}  // namespace
}  // namespace kith::mysql
