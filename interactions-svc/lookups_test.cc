#include "interactions-svc/lookups.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/testing/lookup_tables.h"
#include "gtest/gtest.h"
#include "interactions-svc/actions_fixture.h"
#include "interactions-svc/journal/journal_fixture.h"
#include "interactions-svc/schema.h"

namespace kith::interactions {
namespace {

using ::kith::testing::DeclaredLookups;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::LookupTables;
using ::kith::testing::Reports;

// More than a page of owners.
constexpr int kContacts = 130;

class LookupsTest : public ActionsFixture {
 protected:
  // Contacts with actions in one queue, or two. Returns their ids.
  std::vector<std::string> Fill(TestKey key = testing::kDemo) {
    std::vector<std::string> ids;
    for (int i = 0; i < kContacts; ++i) {
      ids.push_back(base::Uuid::Make(Now()).ToString());
      Say(Missed(absl::StrCat("m", i), i, ids.back()), key);
      if (i % 2 == 0) Say(Lead(absl::StrCat("l", i), i, ids.back()), key);
    }
    return ids;
  }

  LookupTables lookups_{harness_.database(), harness_.clock(), Lookups()};
};

TEST_F(LookupsTest, AreAllThatTheSchemaDeclares) {
  EXPECT_EQ(lookups_.names(), DeclaredLookups(Schema()));
}

TEST_F(LookupsTest, AgreeWithTheirHomesAsTheyAreWritten) {
  for (const std::string& id : Fill()) {
    if (id.back() > '7') continue;
    EXPECT_THAT(Snooze(Open(id)[0], Now() + absl::Hours(1)), IsOk());
  }
  EXPECT_EQ(Given("sam", 10).size(), 10);
  EXPECT_THAT(lookups_.Check("action_queue"),
              Reports(Rows("action_queue"), 0, 0));
  EXPECT_THAT(lookups_.RebuildWithoutWriting("action_queue"), IsClean());
}

// Has entries of all states, equally many of two tenants.
class JournalLookupsTest : public JournalFixture {
 protected:
  void Fill(TestKey key) {
    for (int i = 0; i < kContacts; ++i) {
      v1::RecordEntryRequest request = Hook(absl::StrCat("e", i));
      if (i % 2 == 0) request.mutable_entry()->set_address("192.0.2.1");
      const v1::Entry entry = Receive(request, key);
      if (i % 3 == 0) continue;
      EXPECT_THAT(
          Settle(entry,
                 i % 3 == 1 ? v1::ENTRY_STATE_DONE : v1::ENTRY_STATE_FAILED,
                 key),
          IsOk());
    }
  }

  LookupTables lookups_{harness_.database(), harness_.clock(), Lookups()};
};

TEST_F(JournalLookupsTest, AgreesWithItsHomeAsItIsWritten) {
  Fill(testing::kDemo);
  harness_.clock().Advance(kAttemptLease);
  EXPECT_FALSE(Lease(50).empty());
  EXPECT_THAT(lookups_.Check("journal_due"),
              Reports(Rows("journal_due"), 0, 0));
  EXPECT_EQ(Rows("journal_due"), kContacts + kContacts / 2);
  EXPECT_THAT(lookups_.RebuildWithoutWriting("journal_due"), IsClean());
}

TEST_F(JournalLookupsTest, IsMendedWhateverIsWrongWithIt) {
  Fill(testing::kDemo);
  Fill(testing::kOther);
  lookups_.ExpectMendedWhateverIsWrong("journal_due", "entry_id", "3, 7");
}

TEST_F(LookupsTest, EachIsMendedWhateverIsWrongWithIt) {
  Fill();
  Fill(testing::kOther);
  lookups_.ExpectMendedWhateverIsWrong("action_queue", "contact_id",
                                       "'service', 0, 7");
}

}  // namespace
}  // namespace kith::interactions
