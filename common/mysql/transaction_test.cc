#include "common/mysql/transaction.h"

#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "common/testing/database_proxy.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::DatabaseProxy;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

const Schema& CountersSchema() {
  static const auto* const schema =
      new Schema{{"0001_rows",
                  "CREATE TABLE numbered (id BIGINT NOT NULL PRIMARY KEY, "
                  "count BIGINT NOT NULL DEFAULT 0) ENGINE=InnoDB"}};
  return *schema;
}

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

double UnknownCommits() {
  return ops::Counter("kith_db_unknown_commits_total",
                      "COMMITs whose connection was lost before the answer.")
      .Value();
}

double Retries(const std::string& reason) {
  return ops::Counter("kith_db_transaction_retries_total",
                      "Transactions run again, by reason.",
                      {{"reason", reason}})
      .Value();
}

absl::Status Insert(Session& session, int64_t id) {
  return session.Execute("INSERT INTO numbered (id) VALUES (?)", {id}).status();
}

absl::Status Increment(Session& session, int64_t id) {
  return session
      .Execute("UPDATE numbered SET count = count + 1 WHERE id = ?", {id})
      .status();
}

class TransactionTest : public ::testing::Test {
 protected:
  int64_t Rows() {
    return database_.SelectInt("SELECT COUNT(*) FROM numbered");
  }

  // Ends the session's connection.
  void Kill(Session& session) {
    int64_t id = 0;
    ASSERT_THAT(session.Query("SELECT CONNECTION_ID()", {},
                              [&](const Row& row) { id = row.Int(0); }),
                IsOk());
    database_.Execute(absl::StrCat("KILL ", id));
  }

  testing::TestDatabase database_{CountersSchema()};
  Session session_{database_.options()};
};

TEST_F(TransactionTest, CommitsWhereTheWorkIsOk) {
  EXPECT_THAT(Transact(session_, Soon(),
                       [&]() -> absl::Status {
                         KITH_RETURN_IF_ERROR(Insert(session_, 1));
                         EXPECT_EQ(Rows(), 0);  // nobody else sees it yet
                         return Insert(session_, 2);
                       }),
              IsOk());
  EXPECT_EQ(Rows(), 2);
}

TEST_F(TransactionTest, RollsBackWhereTheWorkFailsAndAnswersItsStatus) {
  int runs = 0;
  EXPECT_THAT(Transact(session_, Soon(),
                       [&]() -> absl::Status {
                         ++runs;
                         KITH_RETURN_IF_ERROR(Insert(session_, 1));
                         return absl::NotFoundError("no such contact");
                       }),
              StatusIs(StatusCode::kNotFound, "no such contact"));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(Rows(), 0);
  // It is over: nothing of it joins what comes next.
  EXPECT_THAT(Insert(session_, 2), IsOk());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(TransactionTest, AnAbortedOfTheDomainIsNotRunAgain) {
  int runs = 0;
  EXPECT_THAT(Transact(session_, Soon(),
                       [&] {
                         ++runs;
                         return absl::AbortedError("stale etag");
                       }),
              StatusIs(StatusCode::kAborted, "stale etag"));
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactionTest, ADuplicateKeyIsNotRunAgainUnlessAsked) {
  ASSERT_THAT(Insert(session_, 1), IsOk());
  int runs = 0;
  const absl::Status status = Transact(session_, Soon(), [&] {
    ++runs;
    return Insert(session_, 1);
  });
  EXPECT_TRUE(IsDuplicateKey(status));
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactionTest, ADuplicateKeyLooksAgainWhereAsked) {
  // Another adds the row between our look and our insert.
  int runs = 0;
  bool found = false;
  EXPECT_THAT(
      Transact(session_, Soon(),
               [&]() -> absl::Status {
                 found = false;
                 KITH_RETURN_IF_ERROR(
                     session_.Query("SELECT id FROM numbered WHERE id = 1", {},
                                    [&](const Row&) { found = true; }));
                 if (found) return absl::OkStatus();
                 if (++runs == 1) {
                   database_.Execute("INSERT INTO numbered (id) VALUES (1)");
                 }
                 return RetryIfDuplicate(Insert(session_, 1));
               }),
      IsOk());
  EXPECT_TRUE(found);
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactionTest, ALockWaitThatRanOutIsRunAgain) {
  ASSERT_THAT(Insert(session_, 1), IsOk());
  Session holder(database_.options());
  ASSERT_THAT(holder.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(Increment(holder, 1), IsOk());
  // Runs out at once.
  ASSERT_THAT(session_.ExecuteText("SET SESSION innodb_lock_wait_timeout = 0"),
              IsOk());
  int runs = 0;
  EXPECT_THAT(Transact(session_, Soon(),
                       [&] {
                         if (++runs == 3) {
                           EXPECT_THAT(holder.ExecuteText("COMMIT"), IsOk());
                         }
                         return Increment(session_, 1);
                       }),
              IsOk());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(database_.SelectInt("SELECT count FROM numbered"), 2);
}

TEST_F(TransactionTest, IsRunFiveTimesAtMost) {
  int runs = 0;
  EXPECT_THAT(Transact(session_, Soon(),
                       [&] {
                         ++runs;
                         return ErrorToStatus(1213, "");
                       }),
              StatusIs(StatusCode::kAborted));
  EXPECT_EQ(runs, 5);
}

TEST_F(TransactionTest, IsNotRunAgainPastTheDeadline) {
  int runs = 0;
  EXPECT_THAT(Transact(session_, absl::Now(),
                       [&] {
                         ++runs;
                         return ErrorToStatus(1213, "");
                       }),
              StatusIs(StatusCode::kAborted));
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactionTest, ADeadlockIsRunAgainUntilBothSucceed) {
  ASSERT_THAT(Insert(session_, 1), IsOk());
  ASSERT_THAT(Insert(session_, 2), IsOk());
  const double before = Retries("lost race");
  // Freed by the last to leave.
  auto* const both_hold_one = new absl::Barrier(2);
  const auto increment_both = [&](int64_t first, int64_t second) {
    Session session(database_.options());
    int runs = 0;
    EXPECT_THAT(Transact(session, Soon(),
                         [&]() -> absl::Status {
                           KITH_RETURN_IF_ERROR(Increment(session, first));
                           if (++runs == 1 && both_hold_one->Block()) {
                             delete both_hold_one;
                           }
                           return Increment(session, second);
                         }),
                IsOk());
  };
  std::thread other([&] { increment_both(2, 1); });
  increment_both(1, 2);
  other.join();
  EXPECT_EQ(database_.SelectInt("SELECT MIN(count) FROM numbered"), 2);
  EXPECT_EQ(database_.SelectInt("SELECT MAX(count) FROM numbered"), 2);
  EXPECT_GE(Retries("lost race"), before + 1);
}

// ---- Reading

TEST_F(TransactionTest, ASnapshotSeesWhatItsFirstStatementSaw) {
  ASSERT_THAT(Insert(session_, 1), IsOk());
  const auto count = [&] {
    int64_t rows = 0;
    EXPECT_THAT(session_.Query("SELECT COUNT(*) FROM numbered", {},
                               [&](const Row& row) { rows = row.Int(0); }),
                IsOk());
    return rows;
  };
  EXPECT_THAT(
      ReadSnapshot(session_,
                   [&] {
                     EXPECT_EQ(count(), 1);
                     database_.Execute("INSERT INTO numbered (id) VALUES (2)");
                     EXPECT_EQ(count(), 1);
                     return absl::OkStatus();
                   }),
      IsOk());
  // It is over, and the next transaction is READ COMMITTED again.
  EXPECT_EQ(count(), 2);
  EXPECT_THAT(
      Transact(session_, Soon(),
               [&] {
                 EXPECT_EQ(count(), 2);
                 database_.Execute("INSERT INTO numbered (id) VALUES (3)");
                 EXPECT_EQ(count(), 3);
                 return absl::OkStatus();
               }),
      IsOk());
}

TEST_F(TransactionTest, ASnapshotIsOverWhereItsWorkFails) {
  EXPECT_THAT(
      ReadSnapshot(session_, [] { return absl::NotFoundError("no contact"); }),
      StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Insert(session_, 1), IsOk());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(TransactionTest, ASnapshotDoesNotGoOnOnAnotherConnection) {
  EXPECT_THAT(ReadSnapshot(session_,
                           [&]() -> absl::Status {
                             Kill(session_);
                             EXPECT_FALSE(Insert(session_, 1).ok());
                             return Insert(session_, 1);
                           }),
              StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(Rows(), 0);
}

// ---- A connection that is lost

TEST_F(TransactionTest, AConnectionLostOnTheWayIsRunAgain) {
  const double before = Retries("lost connection");
  int runs = 0;
  EXPECT_THAT(Transact(session_, Soon(),
                       [&]() -> absl::Status {
                         KITH_RETURN_IF_ERROR(Insert(session_, 1));
                         if (++runs == 1) Kill(session_);
                         return Insert(session_, 2);
                       }),
              IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Rows(), 2);
  EXPECT_EQ(Retries("lost connection"), before + 1);
}

TEST_F(TransactionTest, AConnectionLostBeforeItBeganIsRunAgain) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Kill(session_);
  EXPECT_THAT(Transact(session_, Soon(), [&] { return Insert(session_, 1); }),
              IsOk());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(TransactionTest, HalfOfItIsNeverCommittedWhereTheConnectionWasLost) {
  // Work that lives on after a statement failed must not find itself on a new
  // connection, outside of the transaction.
  EXPECT_THAT(Transact(session_, absl::Now(),
                       [&]() -> absl::Status {
                         KITH_RETURN_IF_ERROR(Insert(session_, 1));
                         Kill(session_);
                         EXPECT_FALSE(Insert(session_, 2).ok());
                         EXPECT_THAT(Insert(session_, 3),
                                     StatusIs(StatusCode::kUnavailable));
                         return absl::NotFoundError("nothing");
                       }),
              StatusIs(StatusCode::kNotFound));
  EXPECT_EQ(Rows(), 0);
}

TEST_F(TransactionTest, IsNotOkWhereItsConnectionWasLostUnseen) {
  EXPECT_FALSE(Transact(session_, absl::Now(), [&]() -> absl::Status {
                 KITH_RETURN_IF_ERROR(Insert(session_, 1));
                 Kill(session_);
                 Insert(session_, 2).IgnoreError();
                 return absl::OkStatus();
               }).ok());
  EXPECT_EQ(Rows(), 0);
  // And is over.
  EXPECT_THAT(Insert(session_, 4), IsOk());
}

TEST_F(TransactionTest, AnUnreachableDatabaseIsUnavailable) {
  SessionOptions options = database_.options();
  options.address = "unix:/tmp/kith-no-such-socket";
  Session session(options);
  int runs = 0;
  EXPECT_THAT(Transact(session, Soon(),
                       [&] {
                         ++runs;
                         return absl::OkStatus();
                       }),
              StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(runs, 0);
}

// ---- A connection that is lost at COMMIT

class UnknownCommitTest : public TransactionTest {
 protected:
  static SessionOptions Through(const DatabaseProxy& proxy,
                                SessionOptions options) {
    options.address = proxy.address();
    return options;
  }

  // Adds the row, unless an earlier run did.
  absl::Status Ensure(int64_t id) {
    return Transact(proxied_, Soon(), [&]() -> absl::Status {
      bool found = false;
      KITH_RETURN_IF_ERROR(
          proxied_.Query("SELECT id FROM numbered WHERE id = ?", {id},
                         [&](const Row&) { found = true; }));
      if (found) {
        ++found_;
        return absl::OkStatus();
      }
      return RetryIfDuplicate(Insert(proxied_, id));
    });
  }

  DatabaseProxy proxy_{database_.options().address};
  Session proxied_{Through(proxy_, database_.options())};
  int found_ = 0;
};

TEST_F(UnknownCommitTest, IsResolvedByTheKeyWhetherItArrivedOrNot) {
  constexpr int kTransactions = 50;
  const double before = UnknownCommits();
  int ok = 0;
  for (int id = 0; id < kTransactions; ++id) {
    proxy_.CutNext(id % 2 == 0 ? DatabaseProxy::Cut::kAfterCommit
                               : DatabaseProxy::Cut::kBeforeCommit);
    const absl::Status status = Ensure(id);
    EXPECT_THAT(status, IsOk());
    if (status.ok()) ++ok;
  }
  EXPECT_EQ(ok, kTransactions);
  EXPECT_EQ(Rows(), kTransactions);
  EXPECT_EQ(UnknownCommits(), before + kTransactions);
  // Those that had arrived were found, the others made anew.
  EXPECT_EQ(found_, kTransactions / 2);
}

TEST_F(UnknownCommitTest, IsUnknownWhereTheDatabaseStaysAway) {
  ASSERT_THAT(proxied_.Connect(), IsOk());
  proxy_.CutNext(DatabaseProxy::Cut::kAfterCommit);
  proxy_.Close();
  EXPECT_THAT(Ensure(1),
              StatusIs(StatusCode::kUnknown, "send the same request again"));
}

TEST_F(UnknownCommitTest, IsUnknownPastTheDeadline) {
  proxy_.CutNext(DatabaseProxy::Cut::kBeforeCommit);
  int runs = 0;
  EXPECT_THAT(Transact(proxied_, absl::Now(),
                       [&] {
                         ++runs;
                         return Insert(proxied_, 1);
                       }),
              StatusIs(StatusCode::kUnknown));
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace kith::mysql
