#include "common/feed/sequencer.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/feed/change_log.h"
#include "common/feed/outbox.h"
#include "common/mysql/errors.h"
#include "common/mysql/transaction.h"
#include "common/ops/metrics.h"
#include "common/ops/on_scrape.h"
#include "common/status/status_macros.h"
#include "common/testing/database_proxy.h"
#include "common/testing/feed_schema.h"
#include "common/testing/from_environment.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::feed {
namespace {

using ::kith::testing::IsOk;

constexpr int kOwners = 5000;
constexpr int kWriters = 8;
constexpr size_t kChangesOfTransaction = 25;

// KITH_FEED_CHANGES=100000 for the long run.
int64_t Wanted() {
  return testing::FromEnvironment("KITH_FEED_CHANGES", 20'000);
}

const mysql::Schema& TestSchema() {
  static const auto* const schema = [] {
    auto* made = new mysql::Schema(testing::FeedSchema());
    made->push_back({"0003_owners", R"sql(
CREATE TABLE owners (
  id INT NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB)sql"});
    return made;
  }();
  return *schema;
}

std::string OwnerId(int owner) { return absl::StrFormat("%032x", owner); }

// Changes owners in transactions that may be held back, or taken back, after
// the outbox was written.
class Writer {
 public:
  Writer(const mysql::SessionOptions& options, std::atomic<int64_t>& committed)
      : session_(options), committed_(committed) {}

  void Run(int64_t wanted) {
    while (committed_ < wanted) {
      const std::vector<int> owners = Choose();
      const absl::Status status = mysql::Transact(
          session_, absl::InfiniteFuture(), [&] { return Change(owners); });
      if (status.ok()) committed_ += static_cast<int64_t>(owners.size());
      ASSERT_TRUE(status.ok() || absl::IsCancelled(status)) << status;
    }
  }

 private:
  // In the order of their ids, so that writers wait and do not deadlock.
  std::vector<int> Choose() {
    std::vector<int> owners;
    for (size_t i = 0; i < kChangesOfTransaction; ++i) {
      // Some owners change often.
      const bool busy = absl::Bernoulli(random_, 0.1);
      owners.push_back(absl::Uniform(random_, 0, busy ? 10 : kOwners));
    }
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    return owners;
  }

  absl::Status Change(const std::vector<int>& owners) {
    std::vector<changes::v1::Change> changes;
    for (const int owner : owners) {
      uint64_t version = 0;
      KITH_RETURN_IF_ERROR(session_.Query(
          "SELECT version FROM owners WHERE id = ? FOR UPDATE", {owner},
          [&](const mysql::Row& row) { version = row.Unsigned(0) + 1; }));
      KITH_RETURN_IF_ERROR(
          session_
              .Execute("UPDATE owners SET version = ? WHERE id = ?",
                       {version, owner})
              .status());
      changes::v1::Change& change = changes.emplace_back();
      change.set_owner(OwnerId(owner));
      change.set_owner_version(version);
      change.mutable_contact_updated();
    }
    KITH_RETURN_IF_ERROR(
        AddChanges({testing::DemoContext(), session_, absl::Now()}, changes));
    if (absl::Bernoulli(random_, 0.05)) {
      // Holds the COMMIT back while the sequencer goes on.
      absl::SleepFor(absl::Milliseconds(absl::Uniform(random_, 1, 60)));
    }
    return absl::Bernoulli(random_, 0.05) ? absl::CancelledError("taken back")
                                          : absl::OkStatus();
  }

  mysql::Session session_;
  std::atomic<int64_t>& committed_;
  absl::BitGen random_;
};

// Reads the feed, and again from places where it has been before.
class ChangeReader {
 public:
  explicit ChangeReader(const mysql::SessionOptions& options)
      : session_(options) {}

  int64_t newest() const { return static_cast<int64_t>(seen_.size()) - 1; }

  // One page; what was read before must be the same again.
  void ReadSome() {
    const auto page = ReadChanges(session_, seen_[position_].position);
    ASSERT_THAT(page, IsOk());
    for (const LoggedChange& logged : *page) {
      ASSERT_EQ(logged.position.sequence, ++position_) << "a gap";
      if (position_ > newest()) {
        Note(logged.details);
        seen_.push_back(logged);
      }
      ASSERT_EQ(logged.position, seen_[position_].position);
      ASSERT_EQ(logged.details, seen_[position_].details) << "another change";
    }
    if (absl::Bernoulli(random_, 0.1)) {
      position_ =
          absl::Uniform<int64_t>(absl::IntervalClosed, random_, 0, position_);
    }
  }

  const std::map<std::string, uint64_t>& versions() const { return versions_; }

 private:
  void Note(const std::string& details) {
    changes::v1::Change change;
    ASSERT_TRUE(change.ParseFromString(details));
    ASSERT_EQ(change.owner_version(), ++versions_[change.owner()])
        << "missed, repeated or out of order: " << change.ShortDebugString();
  }

  mysql::Session session_;
  absl::BitGen random_;
  int64_t position_ = 0;
  // By number; the beginning has none.
  std::vector<LoggedChange> seen_ = {{}};
  std::map<std::string, uint64_t> versions_;
};

class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() {
    mysql::Session session(database_.options());
    for (int begin = 0; begin < kOwners; begin += 500) {
      std::vector<mysql::Param> params;
      for (int owner = begin; owner < begin + 500; ++owner) {
        params.insert(params.end(), {owner, 0});
      }
      EXPECT_THAT(mysql::InsertRows(
                      session, "INSERT INTO owners (id, version) VALUES (?, ?)",
                      params),
                  IsOk());
    }
  }

  testing::TestDatabase database_{TestSchema()};
  base::SystemClock clock_;
};

// Many writers, two sequencers of which the one that works is robbed of its
// lease again and again, and a reader that starts over at random places.
TEST_F(SequencerTest, MissesRepeatsAndReordersNothing) {
  std::atomic<int64_t> committed = 0;
  std::vector<std::thread> writers;
  const int64_t wanted = Wanted();
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back(
        [&] { Writer(database_.options(), committed).Run(wanted); });
  }
  Sequencer one(database_.options(), clock_);
  auto other = std::make_unique<Sequencer>(database_.options(), clock_);
  ChangeReader reader(database_.options());
  while (committed < wanted && !HasFatalFailure()) {
    reader.ReadSome();
    database_.Execute("UPDATE leases SET expires_micros = 0");
    other.reset();
    other = std::make_unique<Sequencer>(database_.options(), clock_);
  }
  for (std::thread& writer : writers) writer.join();
  while (reader.newest() < committed && !HasFatalFailure()) reader.ReadSome();
  EXPECT_EQ(reader.newest(), committed);
  int64_t versions = 0;
  for (const auto& [owner, version] : reader.versions()) {
    versions += static_cast<int64_t>(version);
  }
  EXPECT_EQ(versions, committed);
  EXPECT_EQ(versions, database_.SelectInt("SELECT SUM(version) FROM owners"));
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM outbox"), 0);
}

// The metrics of the sequencers of this database, as a scrape sees them.
class SequencerMetricsTest : public SequencerTest {
 protected:
  double Scraped(const std::string& name) {
    ops::Scrape();
    return ops::Gauge(name, /*help=*/"",
                      {{"database", database_.options().database}})
        .Value();
  }

  // Looks again until it is so, but not for ever.
  bool Eventually(const std::function<bool()>& so) {
    const absl::Time limit = absl::Now() + absl::Seconds(30);
    while (!so()) {
      if (absl::Now() > limit) return false;
      // No event tells: polls.
      absl::SleepFor(absl::Milliseconds(20));
    }
    return true;
  }

  bool IsActive() { return Scraped("kith_sequencer_active") == 1; }
  double Age() { return Scraped("kith_outbox_oldest_seconds"); }
};

TEST_F(SequencerMetricsTest, OneWhoseStepsFailIsNotActive) {
  Sequencer sequencer(database_.options(), clock_);
  ASSERT_TRUE(Eventually([&] { return IsActive(); }));
  EXPECT_LT(Age(), 3);
  database_.Execute("RENAME TABLE leases TO gone");
  EXPECT_TRUE(Eventually([&] { return !IsActive(); }));
  database_.Execute("RENAME TABLE gone TO leases");
  EXPECT_TRUE(Eventually([&] { return IsActive(); }));
}

TEST_F(SequencerMetricsTest, WhileTheDatabaseHangsNoneIsActiveAndTheAgeGrows) {
  auto proxy =
      std::make_unique<testing::DatabaseProxy>(database_.options().address);
  mysql::SessionOptions options = database_.options();
  options.address = proxy->address();
  Sequencer sequencer(options, clock_);
  ASSERT_TRUE(Eventually([&] { return IsActive(); }));
  proxy->Hang();
  EXPECT_TRUE(Eventually([&] { return !IsActive(); }));
  const double age = Age();
  EXPECT_GE(age, 3);
  EXPECT_TRUE(Eventually([&] { return Age() > age; }));
  // Also when it fails at once.
  proxy = nullptr;
  EXPECT_TRUE(Eventually([&] { return Age() > age + 1; }));
  EXPECT_FALSE(IsActive());
}

}  // namespace
}  // namespace kith::feed
