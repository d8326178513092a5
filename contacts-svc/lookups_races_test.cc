#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "common/testing/lookup_tables.h"
#include "contacts-svc/lookups.h"
#include "contacts-svc/members/contact_fields.h"
#include "contacts-svc/members/contact_table.h"
#include "contacts-svc/suggestions/match_finder.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using ::kith::testing::OpenTransaction;
using ::kith::testing::Reports;

constexpr uint64_t kTenant = 1;
constexpr int kWriters = 4;

class LookupsRacesTest : public SuggestionsTest {
 protected:
  // One write of any kind to contacts of which there are some.
  void Write(absl::BitGen& random, const std::vector<std::string>& ids) {
    const auto any = [&] { return ids[absl::Uniform(random, 0u, ids.size())]; };
    const v1::Contact fields =
        Fields(absl::StrCat("Ada King", absl::Uniform(random, 0, 20)),
               "1815-12-10", "12345");
    absl::Status status;
    v1::CreateContactRequest create;
    const std::string a = any(), b = any();
    switch (absl::Uniform(random, 0, 4)) {
      case 0:
        *create.mutable_contact() = fields;
        status = harness_.Call(&Stub::CreateContact, create).status();
        break;
      case 1:
        status = Set(a, fields).status();
        break;
      case 2:
        if (a != b) status = Merge(MergeOf(a, {b})).status();
        break;
      default:
        status = Unmerge(UnmergeOf(a)).status();
    }
    EXPECT_THAT(status, IsOk());
  }

  // Runs `work` again and again while four write.
  void WhileOthersWrite(const std::vector<std::string>& ids,
                        const std::function<void()>& work) {
    std::atomic<int> writing = kWriters;
    std::vector<std::thread> writers;
    for (int t = 0; t < kWriters; ++t) {
      writers.emplace_back([&] {
        absl::BitGen random;
        for (int i = 0; i < 60; ++i) Write(random, ids);
        --writing;
      });
    }
    do {
      work();
    } while (writing > 0);
    for (std::thread& writer : writers) writer.join();
  }

  LookupTables lookups_{harness_.database(), harness_.clock(), Lookups()};
};

TEST_F(LookupsRacesTest, ARowIsKeptForAContactThatIsJustMade) {
  const ContactRow row =
      NewContact(Uuid::Make(harness_.clock().Now()),
                 Fields("Ada King", "1815-12-10"), harness_.clock().Now());
  // Its key is there before it is.
  mysql::Session session(harness_.database().options());
  const auto keys = MatchKeysOf(row.contact);
  ASSERT_THAT(
      AddMatches(mysql::TenantTx(session, kTenant, absl::Now()), keys, row.id),
      IsOk());
  OpenTransaction writer(harness_.database());
  const mysql::TenantTx tx(writer.session(), kTenant, absl::Now());
  ASSERT_THAT(InsertContact(tx, row), IsOk());
  ASSERT_THAT(FindMatches(tx, v1::Contact(), row), IsOk());
  const mysql::LookupReport report =
      lookups_.RebuildAcross("match_keys", writer);
  EXPECT_THAT(report, Reports(1, 0, 1));
  EXPECT_EQ(report.mended, 0);
  EXPECT_THAT(lookups_.Check("match_keys"), Reports(1, 0, 0));
}

TEST_F(LookupsRacesTest, WhatAContactSaysNoMoreIsNotAdded) {
  const Uuid id = *Uuid::Parse(Ada());
  harness_.database().Execute("DELETE FROM match_keys");
  OpenTransaction writer(harness_.database());
  ContactRow row;
  ASSERT_THAT(writer.session().Query(
                  kLockContact, {kTenant, id.bytes()},
                  [&](const mysql::Row& read) { row = FromRow(read); }),
              IsOk());
  const v1::Contact before = row.contact;
  row.contact.set_display_name("Ada Queen");
  const mysql::TenantTx tx(writer.session(), kTenant, absl::Now());
  ASSERT_THAT(WriteContact(tx, row), IsOk());
  ASSERT_THAT(FindMatches(tx, before, row), IsOk());
  const mysql::LookupReport report =
      lookups_.RebuildAcross("match_keys", writer);
  EXPECT_THAT(report, Reports(1, 1, 0));
  EXPECT_EQ(report.mended, 0);
  EXPECT_THAT(lookups_.Check("match_keys"), Reports(1, 0, 0));
}

TEST_F(LookupsRacesTest, OfTwoRebuildsAtOnceOneMendsARow) {
  for (int i = 0; i < 60; ++i) Ada();
  const mysql::LookupRows before = lookups_.Content("match_keys");
  // 30 are wrong: not where they should be, and where they should not be.
  harness_.database().Execute(
      "UPDATE match_keys SET match_key = REPEAT('k', 16) LIMIT 30");
  harness_.database().Execute("DELETE FROM match_keys LIMIT 10");
  const int64_t left = Rows("match_keys");
  const int64_t wrong = harness_.database().SelectInt(
      "SELECT COUNT(*) FROM match_keys WHERE match_key = REPEAT('k', 16)");
  std::atomic<int64_t> mended = 0;
  std::vector<std::thread> rebuilds;
  for (int t = 0; t < 2; ++t) {
    rebuilds.emplace_back([&] {
      const mysql::LookupReport report = lookups_.Rebuild("match_keys");
      EXPECT_EQ(report.failed, 0) << report.failure;
      mended += report.mended;
    });
  }
  for (std::thread& rebuild : rebuilds) rebuild.join();
  EXPECT_EQ(mended, wrong + 60 - (left - wrong));
  EXPECT_EQ(lookups_.Content("match_keys"), before);
}

TEST_F(LookupsRacesTest, ARebuildUnderWritersEndsClean) {
  std::vector<std::string> ids;
  for (int i = 0; i < 150; ++i) {
    ids.push_back(Add(Fields(absl::StrCat("Ada King", i % 20), "1815-12-10")));
  }
  Join(ids[0], ids[1]);
  harness_.database().Execute("DELETE FROM match_keys");
  harness_.database().Execute("DELETE FROM merge_causes");
  harness_.database().Execute(
      "INSERT INTO match_keys VALUES (1, REPEAT('k', 16), REPEAT('x', 16))");
  WhileOthersWrite(ids, [&] {
    // Nobody has spoilt this one.
    EXPECT_THAT(lookups_.Check("group_members"), IsClean());
    for (const char* table : {"match_keys", "merge_causes"}) {
      EXPECT_EQ(lookups_.Rebuild(table).failed, 0);
    }
  });
  lookups_.ExpectAllClean();
}

TEST_F(LookupsRacesTest, WhileOthersWriteNothingIsReportedInVain) {
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    ids.push_back(Add(Fields(absl::StrCat("Ada King", i % 20), "1815-12-10")));
  }
  WhileOthersWrite(ids, [&] {
    lookups_.ExpectAllClean();
    for (const std::string& table : lookups_.names()) {
      EXPECT_THAT(lookups_.Rebuild(table), IsClean()) << table;
    }
  });
}

}  // namespace
}  // namespace kith::contacts
