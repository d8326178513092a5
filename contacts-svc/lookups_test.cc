#include "contacts-svc/lookups.h"

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/testing/lookup_tables.h"
#include "contacts-svc/schema.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::DeclaredLookups;
using ::kith::testing::IsClean;
using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kOther;
using ::kith::testing::LookupTables;
using ::kith::testing::Reports;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// More than a page of owners and of rows under one key.
constexpr int kContacts = 130;

class LookupsTest : public SuggestionsTest {
 protected:
  // Pairs of namesakes, most of them merged for one cause; and some that were
  // taken apart again or merged without a cause.
  void Fill(testing::TestKey key = kDemo) {
    std::vector<std::string> ids;
    for (int i = 0; i < kContacts; ++i) {
      ids.push_back(Add(
          Fields(absl::StrCat("Ada King", i / 2), "1815-12-10", "12345"), key));
    }
    const auto at = [&](int i) { return ids.begin() + i; };
    MustMerge(MergeOf(ids[0], {at(1), at(100)}, Job()), key);
    MustMerge(MergeOf(ids[3], {at(100), at(119)}, Job()), key);
    MustMerge(MergeOf(ids[120], {ids[121]}), key);
    v1::MergeContactsRequest decision = MergeOf(ids[122], {ids[123]});
    *decision.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_DECISION, "");
    MustMerge(decision, key);
    ASSERT_THAT(harness_.Call(&Stub::UnmergeContacts, UnmergeOf(ids[120]), key),
                IsOk());
  }

  void MustMerge(const v1::MergeContactsRequest& request,
                 testing::TestKey key) {
    EXPECT_THAT(harness_.Call(&Stub::MergeContacts, request, key), IsOk());
  }

  void Execute(const std::string& sql) { harness_.database().Execute(sql); }

  // The pairs that are suggested.
  std::set<std::string> Pairs() {
    std::set<std::string> pairs;
    for (const auto& suggestion : Suggestions()) {
      pairs.insert(suggestion.suggestion_id());
    }
    return pairs;
  }

  LookupTables lookups_{harness_.database(), harness_.clock(), Lookups()};
};

TEST_F(LookupsTest, AreAllThatTheSchemaDeclares) {
  EXPECT_EQ(lookups_.names(), DeclaredLookups(Schema()));
}

TEST_F(LookupsTest, AgreeWithTheirHomesAsTheyAreWritten) {
  Fill();
  Fill(kOther);
  const int64_t members = Rows("group_members");
  EXPECT_EQ(members, 2 * 119);
  EXPECT_THAT(lookups_.Check("group_members"), Reports(members, 0, 0));
  const int64_t causes = Rows("merge_causes");
  EXPECT_EQ(causes, 2 * 118);
  EXPECT_THAT(lookups_.Check("merge_causes"), Reports(causes, 0, 0));
  EXPECT_THAT(lookups_.Check("match_keys"), Reports(4 * kContacts, 0, 0));
}

TEST_F(LookupsTest, WithNothingToDoARebuildWritesNothing) {
  Fill();
  for (const std::string& table : lookups_.names()) {
    EXPECT_THAT(lookups_.RebuildWithoutWriting(table), IsClean()) << table;
  }
}

TEST_F(LookupsTest, EachIsMendedWhateverIsWrongWithIt) {
  Fill();
  Fill(kOther);
  for (const auto& [table, column, key] :
       {std::tuple("group_members", "canonical_id", "REPEAT('k', 16)"),
        std::tuple("merge_causes", "cause_value", "1, 'c', REPEAT('k', 16)"),
        std::tuple("match_keys", "match_key", "REPEAT('k', 16)")}) {
    lookups_.ExpectMendedWhateverIsWrong(table, column, key);
  }
}

TEST_F(LookupsTest, RowsOfAnotherTenantGoBack) {
  Fill();
  Fill(kOther);
  for (const std::string& table : lookups_.names()) {
    const mysql::LookupRows before = lookups_.Content(table);
    Execute(absl::StrCat("UPDATE ", table,
                         " SET tenant_id = 2 WHERE tenant_id = 1 LIMIT 5"));
    lookups_.ExpectMended(table, before, 5, 5);
  }
}

TEST_F(LookupsTest, MatchKeysBringTheirSuggestions) {
  Fill();
  const std::set<std::string> pairs = Pairs();
  // The others of 65 pairs are merged, and one was taken apart.
  EXPECT_THAT(pairs, SizeIs(4));
  // As of before there were any.
  for (const char* table : {"match_keys", "match_locks", "suggestions"}) {
    Execute(absl::StrCat("DELETE FROM ", table));
  }
  EXPECT_THAT(lookups_.Check("match_keys"),
              Reports(2 * kContacts, 2 * kContacts, 0));
  EXPECT_THAT(Pairs(), IsEmpty());
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(lookups_.Rebuild("match_keys").mended, 2 * kContacts);
  EXPECT_EQ(Pairs(), pairs);
  EXPECT_EQ(base::FromProto(Suggestions()[0].create_time()),
            harness_.clock().Now());
}

TEST_F(LookupsTest, AKeyOfTooManySuggestsNothing) {
  for (int i = 0; i < 30; ++i) Ada();
  for (const char* table : {"match_keys", "suggestions"}) {
    Execute(absl::StrCat("DELETE FROM ", table));
  }
  EXPECT_EQ(lookups_.Rebuild("match_keys").mended, 30);
  EXPECT_THAT(Suggestions(), SizeIs(21 * 20 / 2));
}

TEST_F(LookupsTest, WhatIsDecidedStaysSo) {
  const std::string a = Ada(), b = Ada(), c = Ada(), d = Make("Ada King");
  ASSERT_THAT(Reject(RejectionOf(a, b)), IsOk());
  ASSERT_THAT(Confirm(ConfirmationOf(a, c)), IsOk());
  ASSERT_THAT(Unmerge(UnmergeOf(d, Join(d, b))), IsOk());
  ASSERT_THAT(Set(d, Fields("Ada King", "1815-12-10")), IsOk());
  const std::set<std::string> open = Pairs();
  const int64_t suggestions = Rows("suggestions");
  Execute("DELETE FROM match_keys");
  EXPECT_EQ(lookups_.Rebuild("match_keys").mended, 4);
  EXPECT_EQ(Pairs(), open);
  EXPECT_EQ(Rows("suggestions"), suggestions);
}

TEST_F(LookupsTest, AKeyThatIsWrongSuggestsNothing) {
  const std::string a = Ada();
  const std::string b = Add(Fields("Ada Queen", "1815-12-10"));
  // Both of them, and nobody, under the key of one; and its own is gone.
  Execute(absl::StrCat(
      "CREATE TABLE kept AS SELECT match_key FROM match_keys WHERE HEX("
      "contact_id) = UPPER(REPLACE('",
      a, "', '-', ''))"));
  Execute("DELETE FROM match_keys");
  Execute(absl::StrCat("INSERT INTO match_keys SELECT 1, match_key, UNHEX(",
                       "REPLACE('", b, "', '-', '')) FROM kept"));
  Execute(
      "INSERT INTO match_keys SELECT 1, match_key, REPEAT('x', 16) FROM kept");
  EXPECT_EQ(lookups_.Rebuild("match_keys").mended, 4);
  EXPECT_EQ(Rows("suggestions"), 0);
}

TEST_F(LookupsTest, AnOwnerThatCannotBeMendedKeepsNoOtherFromIt) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(a, b);
  Execute("DELETE FROM group_members");
  // Stands for c, and is not there.
  Execute(absl::StrCat("UPDATE contacts SET canonical_id = REPEAT('x', 16) ",
                       "WHERE contact_id = UNHEX(REPLACE('", c,
                       "', '-', ''))"));
  const mysql::LookupReport report = lookups_.Rebuild("group_members");
  EXPECT_EQ(report.missing, 2);
  EXPECT_EQ(report.mended, 1);
  EXPECT_EQ(report.failed, 1);
  EXPECT_THAT(report.failure, testing::StatusIs(absl::StatusCode::kNotFound,
                                                "tenant 1, owner 01"));
  EXPECT_THAT(Members(a), ElementsAre(a, b));
}

}  // namespace
}  // namespace kith::contacts
