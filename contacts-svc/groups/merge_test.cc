#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "contacts-svc/groups/groups_fixture.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class MergeTest : public GroupsTest {};

TEST_F(MergeTest, JoinsTheContactsThatAreNamed) {
  const std::string a = Make("Ada");
  const std::string b = Make("Augusta");
  v1::MergeContactsRequest request = MergeOf(a, {b});
  request.set_reason("same desk");
  const auto merged = Merge(request);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(merged->contact().canonical_id(), a);
  EXPECT_THAT(merged->contact().member_ids(), ElementsAre(a, b));
  ASSERT_THAT(merged->edges(), SizeIs(1));
  const v1::MergeEdge& edge = merged->edges(0);
  EXPECT_EQ(edge.survivor_id(), a);
  EXPECT_EQ(edge.absorbed_id(), b);
  EXPECT_EQ(edge.edge_order(), 1);
  EXPECT_EQ(edge.cause().value(), "same name");
  EXPECT_EQ(edge.actor().name(), "Dana");
  EXPECT_EQ(edge.reason(), "same desk");
  EXPECT_EQ(base::FromProto(edge.merge_time()), harness_.clock().Now());
  EXPECT_FALSE(edge.has_reversal());
}

TEST_F(MergeTest, EveryIdAnswersWithTheCanonicalOne) {
  const std::string a = Make("Ada");
  const std::string b = Make("Augusta");
  const std::string c = Make();
  Join(a, b);
  for (const std::string& id : {a, b}) {
    const auto contact = Get(id);
    ASSERT_THAT(contact, IsOk());
    EXPECT_EQ(contact->contact_id(), id);
    EXPECT_EQ(contact->canonical_id(), a);
    EXPECT_THAT(contact->member_ids(), ElementsAre(a, b));
    EXPECT_EQ(contact->display_name(), "Ada");
  }
  v1::BatchGetContactsRequest batch;
  for (const std::string& id : {c, b, a}) batch.add_contact_ids(id);
  const auto found = harness_.Call(&Stub::BatchGetContacts, batch);
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->contacts(), SizeIs(3));
  EXPECT_EQ(found->contacts(0).canonical_id(), c);
  EXPECT_EQ(found->contacts(1).contact_id(), b);
  EXPECT_EQ(found->contacts(1).canonical_id(), a);
  EXPECT_EQ(found->contacts(2).canonical_id(), a);
  const auto ensured = Ensure(b, v1::STAGE_UNSPECIFIED);
  ASSERT_THAT(ensured, IsOk());
  EXPECT_EQ(ensured->contact().canonical_id(), a);
  EXPECT_EQ(Rename(b, "Ada King")->canonical_id(), a);
  EXPECT_EQ(Delete(b)->canonical_id(), a);
  EXPECT_EQ(Undelete(b)->canonical_id(), a);
}

TEST_F(MergeTest, TheSurvivorsSideWins) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  Join(c, d);
  // b and d are named, a and c stand for them.
  Join(d, b);
  for (const std::string& id : {a, b, c, d}) {
    EXPECT_EQ(Get(id)->canonical_id(), c);
    EXPECT_THAT(Members(id), UnorderedElementsAre(a, b, c, d));
  }
  EXPECT_EQ(Rows("group_members"), 3);
}

TEST_F(MergeTest, SeveralAtOnceAreJoinedInTheirOrder) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(b, d);
  const auto merged = Merge(MergeOf(a, {b, c, d}));
  ASSERT_THAT(merged, IsOk());
  EXPECT_THAT(merged->contact().member_ids(), SizeIs(4));
  ASSERT_THAT(merged->edges(), SizeIs(3));
  EXPECT_EQ(merged->edges(0).edge_order(), 2);
  EXPECT_EQ(merged->edges(2).edge_order(), 4);
  EXPECT_EQ(merged->edges(2).absorbed_id(), d);
}

TEST_F(MergeTest, IsIdempotentByRequestId) {
  const std::string a = Make(), b = Make(), c = Make();
  v1::MergeContactsRequest request = MergeOf(a, {b, c});
  request.set_request_id("merge-1");
  const auto first = Merge(request);
  Join(a, b);
  const auto again = Merge(request);
  ASSERT_THAT(again, IsOk());
  ASSERT_THAT(again->edges(), SizeIs(2));
  EXPECT_EQ(again->edges(0).edge_id(), first->edges(0).edge_id());
  EXPECT_EQ(again->edges(1).edge_id(), first->edges(1).edge_id());
  EXPECT_THAT(History(a), SizeIs(3));
  request.set_reason("another");
  EXPECT_THAT(Merge(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

// As where the flow finds others by what it was given than it found at first.
TEST_F(MergeTest, ARepeatByFingerprintAnswersWhomeverItNames) {
  const std::string a = Make(), b = Make(), c = Make();
  v1::MergeContactsRequest request = MergeOf(a, {b});
  request.set_request_id("merge-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto first = Merge(request);
  ASSERT_THAT(first, IsOk());
  request.set_absorbed_ids(0, c);
  EXPECT_EQ(Merge(request)->SerializeAsString(), first->SerializeAsString());
  request.clear_survivor_id();
  request.clear_absorbed_ids();
  EXPECT_EQ(Merge(request)->SerializeAsString(), first->SerializeAsString());
  EXPECT_THAT(Members(c), SizeIs(1));
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'g'));
  EXPECT_THAT(Merge(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  request.set_request_id("merge-2");
  EXPECT_THAT(Merge(request), StatusIs(StatusCode::kNotFound, "request_id"));
  request.mutable_forwarded()->set_fingerprint("short");
  EXPECT_THAT(Merge(request),
              StatusIs(StatusCode::kInvalidArgument, "forwarded.fingerprint"));
}

TEST_F(MergeTest, AnEdgeWithinAGroupIsKept) {
  const std::string a = Make(), b = Make();
  Join(a, b);
  const std::string etag = Get(a)->etag();
  Join(b, a);
  EXPECT_EQ(Get(b)->canonical_id(), a);
  EXPECT_NE(Get(a)->etag(), etag);
  EXPECT_THAT(History(a), SizeIs(2));
}

TEST_F(MergeTest, AnswersTheDocumentedErrors) {
  const std::string a = Make(), b = Make();
  v1::MergeContactsRequest bad = MergeOf("17", {a, a, kAbsentId});
  bad.clear_actor();
  bad.clear_cause();
  const auto refused = Merge(bad);
  for (const char* field :
       {"survivor_id", "absorbed_ids[1]: named before", "actor.kind",
        "actor.name", "cause.kind", "cause.value"}) {
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, field));
  }
  EXPECT_THAT(Merge(MergeOf(a, {a})),
              StatusIs(StatusCode::kInvalidArgument, "absorbed_ids[0]"));
  EXPECT_THAT(Merge(MergeOf(a, {})),
              StatusIs(StatusCode::kInvalidArgument, "absorbed_ids"));
  EXPECT_THAT(
      Merge(MergeOf(a, {b, kAbsentId})),
      StatusIs(StatusCode::kNotFound,
               absl::StrCat("absorbed_ids[1]: no contact ", kAbsentId)));
  EXPECT_THAT(Merge(MergeOf(kAbsentId, {a})),
              StatusIs(StatusCode::kNotFound, "survivor_id: no contact "));
  EXPECT_THAT(harness_.Call(&Stub::MergeContacts, MergeOf(a, {b}), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(
      harness_.Call(&Stub::MergeContacts, MergeOf(a, {b}), kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied));
  EXPECT_EQ(Rows("merge_edges"), 0);
}

TEST_F(MergeTest, AnIdentityIsACauseByItsKey) {
  const std::string a = Make(), b = Make();
  v1::MergeContactsRequest request = MergeOf(a, {b});
  for (const char* value : {"+12025550161", "00112233445566778899AABBCCDDEEFF",
                            "00112233445566778899aabbccddeef"}) {
    *request.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_IDENTITY, value);
    EXPECT_THAT(Merge(request),
                StatusIs(StatusCode::kInvalidArgument,
                         "cause.value: want 32 lower-case hex digits"));
  }
  request.mutable_cause()->set_value("00112233445566778899aabbccddeeff");
  EXPECT_THAT(Merge(request), IsOk());
}

TEST_F(MergeTest, RefusesWhatIsDeleted) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(a, b);
  ASSERT_THAT(Delete(b), IsOk());
  EXPECT_THAT(Merge(MergeOf(c, {a})), IsRefusedAs("CONTACT_DELETED"));
  EXPECT_THAT(Merge(MergeOf(b, {c})), IsRefusedAs("CONTACT_DELETED"));
  EXPECT_THAT(Rename(b, "x"), IsRefusedAs("CONTACT_DELETED"));
  ASSERT_THAT(Undelete(a), IsOk());
  EXPECT_THAT(Merge(MergeOf(c, {b})), IsOk());
}

TEST_F(MergeTest, RefusesMoreThanTheGreatestGroup) {
  const std::string a = Make(), b = Make(), c = Make();
  const auto say = [&](const std::string& id, const std::string& what) {
    harness_.database().Execute(absl::StrCat("UPDATE contacts SET ", what,
                                             " WHERE contact_id = UNHEX(",
                                             "REPLACE('", id, "', '-', ''))"));
  };
  say(a, "group_size = 9999");
  EXPECT_THAT(Merge(MergeOf(b, {a})), IsOk());
  EXPECT_THAT(Merge(MergeOf(b, {c})), IsRefusedAs("GROUP_TOO_LARGE"));
  say(b, "group_size = 2, group_edges = 20000");
  EXPECT_THAT(Merge(MergeOf(b, {a})), IsRefusedAs("GROUP_TOO_LARGE"));
}

TEST_F(MergeTest, OnlyAPersonJoinsWhatAPersonHasTakenApart) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  const std::string edge = Join(a, b, Job());
  ASSERT_THAT(Unmerge(UnmergeOf(a, edge)), IsOk());
  EXPECT_THAT(Merge(MergeOf(a, {b}, Job())), IsRefusedAs("NOT_SAME"));
  EXPECT_THAT(Merge(MergeOf(b, {a}, Job())), IsRefusedAs("NOT_SAME"));
  // Nor by way of others.
  Join(c, a, Job());
  Join(d, b, Job());
  EXPECT_THAT(Merge(MergeOf(c, {d}, Job())), IsRefusedAs("NOT_SAME"));
  EXPECT_THAT(Merge(MergeOf(c, {d}, Person())), IsOk());
  // Nor as a reserve.
  EXPECT_THAT(Merge(MergeOf(a, {b}, Job())), IsRefusedAs("NOT_SAME"));
  EXPECT_THAT(Merge(MergeOf(a, {b}, Person())), IsOk());
  // That was the last word.
  EXPECT_THAT(Merge(MergeOf(a, {b}, Job())), IsOk());
}

TEST_F(MergeTest, OfManyThatAreNotTheSameEachIsKnown) {
  std::vector<std::string> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(Make());
  // The first two of a group are taken for many strangers.
  for (const std::string& id : {ids[0], ids[1]}) {
    harness_.database().Execute(absl::StrCat(
        "INSERT INTO not_same (tenant_id, contact_id, other_id, details) ",
        "SELECT 1, UNHEX(REPLACE('", id, "', '-', '')), UNHEX(MD5(seq)), '' ",
        "FROM seq_1_to_10000"));
  }
  ASSERT_THAT(Merge(MergeOf(ids[0], {ids[1], ids[2]}, Job())), IsOk());
  ASSERT_THAT(Merge(MergeOf(ids[3], {ids[4], ids[5], ids[6]}, Job())), IsOk());
  // One of these two, and one who comes behind them.
  for (const std::string& id : {ids[1], ids[2]}) {
    ASSERT_THAT(Unmerge(UnmergeOf(ids[5], Join(ids[5], id))), IsOk());
    EXPECT_THAT(Merge(MergeOf(ids[3], {ids[0]}, Job())),
                IsRefusedAs("NOT_SAME"));
    harness_.database().Execute("DELETE FROM not_same WHERE details <> ''");
  }
  EXPECT_THAT(Merge(MergeOf(ids[3], {ids[0]}, Job())), IsOk());
}

TEST_F(MergeTest, WhatAJobTakesApartItMayJoin) {
  const std::string a = Make(), b = Make();
  v1::UnmergeContactsRequest request = UnmergeOf(a, Join(a, b, Job()));
  *request.mutable_actor() = Job();
  ASSERT_THAT(Unmerge(request), IsOk());
  EXPECT_THAT(Merge(MergeOf(a, {b}, Job())), IsOk());
}

TEST_F(MergeTest, UpdateWritesTheCanonicalContact) {
  const std::string a = Make("Ada");
  const std::string b = Make("Augusta");
  const std::string edge = Join(a, b);
  const auto renamed = Rename(b, "Ada King");
  ASSERT_THAT(renamed, IsOk());
  EXPECT_EQ(renamed->contact_id(), b);
  EXPECT_EQ(renamed->display_name(), "Ada King");
  ASSERT_THAT(Unmerge(UnmergeOf(a, edge)), IsOk());
  EXPECT_EQ(Get(a)->display_name(), "Ada King");
  EXPECT_EQ(Get(b)->display_name(), "Augusta");
}

TEST_F(MergeTest, AClearedFieldStaysCleared) {
  const std::string a = Make("Ada");
  const std::string b = Make("Augusta");
  ASSERT_THAT(Rename(a, ""), IsOk());
  Join(a, b);
  EXPECT_EQ(Get(b)->display_name(), "");
}

TEST_F(MergeTest, EnsureRaisesTheMemberThatIsNamed) {
  const std::string a = Make(), b = Make();
  const std::string edge = Join(a, b);
  const std::string etag = Get(a)->etag();
  const auto raised = Ensure(b, v1::STAGE_CUSTOMER);
  ASSERT_THAT(raised, IsOk());
  EXPECT_EQ(raised->contact().stage(), v1::STAGE_CUSTOMER);
  EXPECT_NE(raised->contact().etag(), etag);
  ASSERT_THAT(Unmerge(UnmergeOf(a, edge)), IsOk());
  EXPECT_EQ(Get(a)->stage(), v1::STAGE_LEAD);
  EXPECT_EQ(Get(b)->stage(), v1::STAGE_CUSTOMER);
}

TEST_F(MergeTest, TheEtagCoversTheGroup) {
  const std::string a = Make(), b = Make();
  const std::string before = Get(b)->etag();
  const std::string edge = Join(a, b);
  EXPECT_THAT(Rename(b, "x", before), StatusIs(StatusCode::kAborted, "etag"));
  const std::string joined = Get(b)->etag();
  EXPECT_EQ(Get(a)->etag(), joined);
  ASSERT_THAT(Unmerge(UnmergeOf(a, edge)), IsOk());
  for (const std::string& id : {a, b}) {
    EXPECT_THAT(Rename(id, "x", joined), StatusIs(StatusCode::kAborted));
    EXPECT_THAT(Rename(id, "x", before), StatusIs(StatusCode::kAborted));
    EXPECT_THAT(Rename(id, "x", Get(id)->etag()), IsOk());
  }
}

TEST_F(MergeTest, DeleteHidesTheGroup) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(a, b);
  ASSERT_THAT(Delete(b), IsOk());
  EXPECT_TRUE(Get(a)->has_delete_time());
  EXPECT_TRUE(Get(b)->has_delete_time());
  const auto list =
      harness_.Call(&Stub::ListContacts, v1::ListContactsRequest());
  ASSERT_THAT(list->contacts(), SizeIs(1));
  EXPECT_EQ(list->contacts(0).contact_id(), c);
  ASSERT_THAT(Undelete(b), IsOk());
  EXPECT_FALSE(Get(a)->has_delete_time());
}

TEST_F(MergeTest, ListShowsEachGroupOnce) {
  const std::string a = Make("Ada"), b = Make(), c = Make("Carl"), d = Make();
  Join(c, a);
  Join(b, d);
  const auto list =
      harness_.Call(&Stub::ListContacts, v1::ListContactsRequest());
  ASSERT_THAT(list, IsOk());
  ASSERT_THAT(list->contacts(), SizeIs(2));
  EXPECT_EQ(list->contacts(0).contact_id(), b);
  EXPECT_THAT(list->contacts(0).member_ids(), ElementsAre(b, d));
  EXPECT_EQ(list->contacts(1).display_name(), "Carl");
  EXPECT_THAT(list->contacts(1).member_ids(), ElementsAre(c, a));
}

TEST_F(MergeTest, RowsWrittenAreThoseWhoseCanonicalContactChanges) {
  // 1,200 go into one, and then with it into another: more than a statement
  // names at once.
  const std::string hub = Make();
  for (int i = 0; i < 12; ++i) {
    std::vector<std::string> ids;
    for (int n = 0; n < 100; ++n) ids.push_back(Make());
    ASSERT_THAT(Merge(MergeOf(hub, ids)), IsOk());
  }
  const std::string other = Make("Other");
  const std::string edge = Join(other, hub);
  const auto group = Get(hub);
  ASSERT_THAT(group, IsOk());
  EXPECT_THAT(group->member_ids(), SizeIs(1202));
  EXPECT_EQ(group->display_name(), "Other");
  EXPECT_EQ(Rows("group_members"), 1201);
  EXPECT_THAT(History(other, 500), SizeIs(1201));
  const auto unmerged = Unmerge(UnmergeOf(other, edge));
  ASSERT_THAT(unmerged, IsOk());
  EXPECT_THAT(unmerged->group().parts(), SizeIs(2));
  EXPECT_THAT(Members(hub), SizeIs(1201));
  EXPECT_THAT(Members(other), ElementsAre(other));
  const std::string leaf = Members(hub).back();
  ASSERT_THAT(Unmerge(UnmergeOf(hub)), IsOk());
  EXPECT_EQ(Rows("group_members"), 0);
  EXPECT_THAT(Members(leaf), ElementsAre(leaf));
}

TEST_F(MergeTest, RingsOfMergesEndInOneGroup) {
  // Everybody joins everybody, in opposite orders and at once.
  constexpr int kContacts = 8;
  constexpr int kThreads = 8;
  std::vector<std::string> ids;
  for (int i = 0; i < kContacts; ++i) ids.push_back(Make());
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kContacts; ++i) {
        const int at = t % 2 == 0 ? i : kContacts - 1 - i;
        const int step = t % 2 == 0 ? 1 : kContacts - 1;
        EXPECT_THAT(
            Merge(MergeOf(ids[at], {ids[(at + step) % kContacts]}, Job())),
            IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Members(ids[0]), SizeIs(kContacts));
  EXPECT_EQ(Rows("group_members"), kContacts - 1);
  EXPECT_THAT(History(ids[0]), SizeIs(kContacts * kThreads));
}

TEST_F(MergeTest, OneAnswerIsOfOneMoment) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(b, c);
  v1::BatchGetContactsRequest both;
  for (const std::string& id : {a, b}) both.add_contact_ids(id);
  std::atomic<bool> done = false;
  std::thread merging([&] {
    for (int i = 0; i < 200; ++i) {
      const auto merged = Merge(MergeOf(b, {a}));
      EXPECT_THAT(merged, IsOk());
      EXPECT_THAT(Unmerge(UnmergeOf(a)), IsOk());
    }
    done = true;
  });
  while (!done) {
    const auto read = harness_.Call(&Stub::BatchGetContacts, both);
    EXPECT_THAT(read, IsOk());
    if (!read.ok()) continue;
    const int together = read->contacts(0).canonical_id() == b ? 3 : 2;
    EXPECT_THAT(read->contacts(1).member_ids(), SizeIs(together));
  }
  merging.join();
}

TEST_F(MergeTest, RacingCopiesMakeOneEdge) {
  const std::string a = Make(), b = Make();
  v1::MergeContactsRequest request = MergeOf(a, {b});
  request.set_request_id("merge-race");
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] { EXPECT_THAT(Merge(request), IsOk()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(History(a), SizeIs(1));
}

}  // namespace
}  // namespace kith::contacts
