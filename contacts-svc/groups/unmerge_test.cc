#include <set>
#include <string>
#include <vector>

#include "contacts-svc/groups/groups_fixture.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class UnmergeTest : public GroupsTest {
 protected:
  static v1::UndoMergesRequest ByCause(const v1::MergeCause& cause) {
    v1::UndoMergesRequest request;
    *request.mutable_cause() = cause;
    *request.mutable_actor() = Job();
    return request;
  }

  std::string JoinBy(const v1::MergeCause& cause, const std::string& survivor,
                     const std::string& absorbed) {
    v1::MergeContactsRequest request = MergeOf(survivor, {absorbed}, Job());
    *request.mutable_cause() = cause;
    const auto merged = Merge(request);
    EXPECT_THAT(merged, IsOk());
    return merged->edges(0).edge_id();
  }

  static std::string LongReason() {
    std::string reason;
    for (int i = 0; i < 500; ++i) reason += "𝄞";
    return reason;
  }

  static v1::Actor Loud() {
    v1::Actor actor = Job();
    actor.set_name(LongReason().substr(0, 400));
    return actor;
  }

  // Joins others with as much to say of it as there may be.
  void JoinLoudly(const std::string& survivor, int others) {
    std::vector<std::string> ids;
    for (int i = 0; i < others; ++i) ids.push_back(Make());
    v1::MergeContactsRequest request = MergeOf(survivor, ids, Loud());
    *request.mutable_cause() = Cause(v1::MERGE_CAUSE_KIND_IMPORT, "loud");
    request.set_reason(LongReason());
    EXPECT_THAT(Merge(request), IsOk());
  }

  // All pages.
  std::vector<v1::UnmergedGroup> RunByCause(v1::UndoMergesRequest request) {
    std::vector<v1::UnmergedGroup> groups;
    do {
      const auto page = harness_.Call(&Stub::UndoMerges, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      groups.insert(groups.end(), page->groups().begin(), page->groups().end());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return groups;
  }
};

TEST_F(UnmergeTest, TakesAnEdgeBack) {
  const std::string a = Make("Ada"), b = Make("Bea"), c = Make();
  Join(a, b);
  const std::string edge = Join(b, c);
  const auto unmerged = Unmerge(UnmergeOf(a, edge));
  ASSERT_THAT(unmerged, IsOk());
  const v1::UnmergedGroup& group = unmerged->group();
  ASSERT_THAT(group.removed_edges(), SizeIs(1));
  EXPECT_EQ(group.removed_edges(0).reversal().actor().name(), "Dana");
  ASSERT_THAT(group.parts(), SizeIs(2));
  EXPECT_EQ(group.parts(0).canonical_id(), a);
  EXPECT_THAT(group.parts(0).member_ids(), ElementsAre(a, b));
  EXPECT_THAT(group.parts(1).member_ids(), ElementsAre(c));
  EXPECT_THAT(group.still_joined_by(), IsEmpty());
  EXPECT_THAT(Members(b), ElementsAre(a, b));
  EXPECT_THAT(Members(c), ElementsAre(c));
}

TEST_F(UnmergeTest, SaysWhatStillJoins) {
  const std::string a = Make(), b = Make(), c = Make();
  const std::string ab = Join(a, b);
  const std::string bc = Join(b, c);
  const std::string ca = Join(c, a);
  const auto unmerged = Unmerge(UnmergeOf(b, ab));
  ASSERT_THAT(unmerged, IsOk());
  ASSERT_THAT(unmerged->group().parts(), SizeIs(1));
  ASSERT_THAT(unmerged->group().still_joined_by(), SizeIs(2));
  EXPECT_EQ(unmerged->group().still_joined_by(0).edge_id(), bc);
  EXPECT_EQ(unmerged->group().still_joined_by(1).edge_id(), ca);
  // bc, then ca: b's side won, and is what stands for c, a included.
  EXPECT_EQ(Get(a)->canonical_id(), b);
  EXPECT_EQ(unmerged->group().parts(0).canonical_id(), b);
}

TEST_F(UnmergeTest, TakesAllEdgesAtAMemberBack) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  Join(a, b);
  Join(b, c);
  Join(b, d);
  Join(c, d);
  const auto unmerged = Unmerge(UnmergeOf(b));
  ASSERT_THAT(unmerged, IsOk());
  EXPECT_THAT(unmerged->group().removed_edges(), SizeIs(3));
  EXPECT_THAT(unmerged->group().parts(), SizeIs(3));
  EXPECT_THAT(Members(a), ElementsAre(a));
  EXPECT_THAT(Members(b), ElementsAre(b));
  EXPECT_THAT(Members(d), ElementsAre(c, d));
  // Nothing is left to take back.
  const auto again = Unmerge(UnmergeOf(b));
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(again->group().removed_edges(), IsEmpty());
  EXPECT_THAT(again->group().parts(), SizeIs(1));
}

TEST_F(UnmergeTest, ADryRunShowsTheSameAndWritesNothing) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(a, b);
  const std::string edge = Join(a, c);
  const std::string etag = Get(a)->etag();
  v1::UnmergeContactsRequest request = UnmergeOf(c, edge);
  request.set_dry_run(true);
  const auto shown = Unmerge(request);
  ASSERT_THAT(shown, IsOk());
  EXPECT_EQ(Get(c)->canonical_id(), a);
  EXPECT_EQ(Get(a)->etag(), etag);
  EXPECT_EQ(Rows("not_same"), 0);
  request.set_edge_id(kAbsentId);
  EXPECT_THAT(Unmerge(request), StatusIs(StatusCode::kNotFound, "edge_id"));
  request.set_edge_id(edge);
  request.set_dry_run(false);
  const auto done = Unmerge(request);
  ASSERT_THAT(done, IsOk());
  ASSERT_EQ(done->group().parts_size(), shown->group().parts_size());
  for (int i = 0; i < done->group().parts_size(); ++i) {
    EXPECT_EQ(done->group().parts(i).SerializeAsString(),
              shown->group().parts(i).SerializeAsString());
  }
}

TEST_F(UnmergeTest, IsIdempotentByRequestId) {
  const std::string a = Make(), b = Make(), c = Make();
  const std::string edge = Join(a, b);
  Join(b, c);
  v1::UnmergeContactsRequest request = UnmergeOf(a, edge);
  request.set_request_id("unmerge-1");
  const auto first = Unmerge(request);
  const auto again = Unmerge(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  request.set_reason("another");
  EXPECT_THAT(Unmerge(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  harness_.clock().Advance(absl::Milliseconds(1));
  v1::UnmergeContactsRequest all = UnmergeOf(b);
  all.set_request_id("unmerge-2");
  const auto apart = Unmerge(all);
  ASSERT_THAT(apart, IsOk());
  EXPECT_EQ(Unmerge(all)->SerializeAsString(), apart->SerializeAsString());
}

TEST_F(UnmergeTest, ARepeatByFingerprintAnswersWhomeverItNames) {
  const std::string a = Make(), b = Make(), c = Make();
  Join(a, b);
  Join(a, c);
  v1::UnmergeContactsRequest request = UnmergeOf(a);
  request.set_request_id("unmerge-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto first = Unmerge(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->group().removed_edges(), SizeIs(2));
  Join(c, Make());
  request.set_contact_id(c);
  EXPECT_THAT(Unmerge(request)->group().removed_edges(), SizeIs(2));
  request.clear_contact_id();
  EXPECT_THAT(Unmerge(request)->group().removed_edges(), SizeIs(2));
  EXPECT_THAT(Members(c), SizeIs(2));
  request.set_request_id("unmerge-2");
  EXPECT_THAT(Unmerge(request), StatusIs(StatusCode::kNotFound, "request_id"));
  request.set_dry_run(true);
  EXPECT_THAT(Unmerge(request),
              StatusIs(StatusCode::kInvalidArgument, "contact_id"));
}

TEST_F(UnmergeTest, AnswersTheDocumentedErrors) {
  const std::string a = Make(), b = Make(), c = Make();
  const std::string edge = Join(a, b);
  v1::UnmergeContactsRequest bad;
  bad.set_contact_id("17");
  for (const char* field : {"contact_id", "target", "actor.kind"}) {
    EXPECT_THAT(Unmerge(bad), StatusIs(StatusCode::kInvalidArgument, field));
  }
  EXPECT_THAT(Unmerge(UnmergeOf(kAbsentId, edge)),
              StatusIs(StatusCode::kNotFound, kAbsentId));
  EXPECT_THAT(Unmerge(UnmergeOf(c, edge)),
              StatusIs(StatusCode::kNotFound, "edge_id"));
  EXPECT_THAT(harness_.Call(&Stub::UnmergeContacts, UnmergeOf(a, edge), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(
      harness_.Call(&Stub::UnmergeContacts, UnmergeOf(a, edge), kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied));
  ASSERT_THAT(Unmerge(UnmergeOf(a, edge)), IsOk());
  EXPECT_THAT(Unmerge(UnmergeOf(a, edge)), StatusIs(StatusCode::kNotFound));
}

TEST_F(UnmergeTest, ThePartsOfADeletedGroupStayDeleted) {
  const std::string a = Make(), b = Make();
  const std::string edge = Join(a, b);
  ASSERT_THAT(Delete(b), IsOk());
  ASSERT_THAT(Unmerge(UnmergeOf(b, edge)), IsOk());
  EXPECT_TRUE(Get(a)->has_delete_time());
  EXPECT_TRUE(Get(b)->has_delete_time());
  ASSERT_THAT(Undelete(b), IsOk());
  EXPECT_TRUE(Get(a)->has_delete_time());
  EXPECT_FALSE(Get(b)->has_delete_time());
}

TEST_F(UnmergeTest, HistoryTellsWhoWhenAndWhy) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  const std::string ab = Join(a, b);
  const std::string bc = Join(b, c);
  Join(d, c);
  harness_.clock().Advance(absl::Hours(1));
  ASSERT_THAT(Unmerge(UnmergeOf(b, bc)), IsOk());
  // c has left: its edge shows under either side.
  for (const std::string& id : {a, b}) {
    const auto history = History(id, 1);
    ASSERT_THAT(history, SizeIs(2));
    EXPECT_EQ(history[0].edge_id(), ab);
    EXPECT_FALSE(history[0].has_reversal());
    EXPECT_EQ(history[1].edge_id(), bc);
    EXPECT_EQ(history[1].reversal().reason(), "not the same");
    EXPECT_EQ(history[1].reversal().actor().kind(), v1::ACTOR_KIND_PERSON);
    EXPECT_GT(history[1].reversal().unmerge_time().seconds(),
              history[1].merge_time().seconds());
  }
  std::set<std::string> others;
  for (const v1::MergeEdge& edge : History(c)) others.insert(edge.edge_id());
  EXPECT_EQ(others.size(), 2u);
  EXPECT_TRUE(others.contains(bc));
}

TEST_F(UnmergeTest, ListMergeHistoryAnswersTheDocumentedErrors) {
  v1::ListMergeHistoryRequest request;
  request.set_contact_id("17");
  request.set_page_size(-1);
  EXPECT_THAT(harness_.Call(&Stub::ListMergeHistory, request),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
  request.set_page_size(1);
  request.set_contact_id(kAbsentId);
  EXPECT_THAT(harness_.Call(&Stub::ListMergeHistory, request),
              StatusIs(StatusCode::kNotFound));
  const std::string a = Make(), b = Make();
  Join(a, b);
  Join(b, a);
  request.set_contact_id(a);
  const auto page = harness_.Call(&Stub::ListMergeHistory, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->canonical_id(), a);
  request.set_page_token(page->next_page_token());
  EXPECT_THAT(harness_.Call(&Stub::ListMergeHistory, request, kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  request.set_contact_id(b);
  EXPECT_THAT(harness_.Call(&Stub::ListMergeHistory, request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(UnmergeTest, UndoesEverythingThatACauseHasJoined) {
  const v1::MergeCause phone =
      Cause(v1::MERGE_CAUSE_KIND_IDENTITY, "00112233445566778899aabbccddeeff");
  const v1::MergeCause job = Cause(v1::MERGE_CAUSE_KIND_IMPORT, "job-1");
  const std::string a = Make(), b = Make(), c = Make(), d = Make(), e = Make(),
                    f = Make();
  JoinBy(phone, a, b);
  JoinBy(job, c, d);
  JoinBy(phone, c, e);
  JoinBy(phone, b, f);
  v1::UndoMergesRequest request = ByCause(phone);
  request.set_page_size(1);
  request.set_dry_run(true);
  EXPECT_THAT(RunByCause(request), SizeIs(2));
  EXPECT_THAT(Members(f), SizeIs(3));
  request.set_dry_run(false);
  const auto groups = RunByCause(request);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_THAT(groups[0].removed_edges(), SizeIs(2));
  EXPECT_THAT(groups[0].parts(), SizeIs(3));
  EXPECT_THAT(groups[1].parts(), SizeIs(2));
  for (const std::string& id : {a, b, e, f}) {
    EXPECT_THAT(Members(id), ElementsAre(id));
  }
  EXPECT_THAT(Members(d), UnorderedElementsAre(c, d));
  EXPECT_EQ(Rows("merge_causes"), 1);
  EXPECT_EQ(Rows("not_same"), 0);
  EXPECT_THAT(RunByCause(request), IsEmpty());
}

TEST_F(UnmergeTest, AnAnswerTellsNoMoreThanAClientTakes) {
  const std::string hub = Make();
  for (int i = 0; i < 10; ++i) JoinLoudly(hub, 100);
  v1::UnmergeContactsRequest request = UnmergeOf(hub);
  *request.mutable_actor() = Loud();
  request.set_reason(LongReason());
  request.set_request_id("unmerge-1");
  request.set_dry_run(true);
  const auto shown = Unmerge(request);
  ASSERT_THAT(shown, IsOk());
  EXPECT_THAT(shown->group().removed_edges(), SizeIs(1000));
  // With reversals these are too many.
  request.set_dry_run(false);
  const auto done = Unmerge(request);
  ASSERT_THAT(done, IsOk());
  EXPECT_THAT(done->group().removed_edges(), SizeIs(AllOf(Gt(100), Lt(1000))));
  EXPECT_EQ(done->group().removed_edge_count(), 1000);
  EXPECT_EQ(done->group().part_count(), 1001);
  EXPECT_EQ(done->group().still_joined_by_count(), 0);
  EXPECT_THAT(done->group().parts(), SizeIs(1001));
  EXPECT_THAT(Members(hub), ElementsAre(hub));
  EXPECT_EQ(Rows("group_members"), 0);
  const auto again = Unmerge(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), done->SerializeAsString());
}

TEST_F(UnmergeTest, APageByCauseEndsBeforeAClientHasEnough) {
  std::vector<std::string> hubs;
  for (int i = 0; i < 4; ++i) hubs.push_back(Make());
  // So that a page begins with an edge of each.
  for (const std::string& hub : hubs) JoinLoudly(hub, 1);
  for (const std::string& hub : hubs) {
    for (int i = 0; i < 3; ++i) JoinLoudly(hub, 100);
  }
  v1::UndoMergesRequest request =
      ByCause(Cause(v1::MERGE_CAUSE_KIND_IMPORT, "loud"));
  *request.mutable_actor() = Loud();
  request.set_reason(LongReason());
  request.set_page_size(100);
  for (const bool dry_run : {true, false}) {
    request.set_dry_run(dry_run);
    const auto page = harness_.Call(&Stub::UndoMerges, request);
    ASSERT_THAT(page, IsOk());
    EXPECT_THAT(page->groups(), SizeIs(1));
    request.set_page_token(page->next_page_token());
    const auto groups = RunByCause(request);
    ASSERT_THAT(groups, SizeIs(3));
    for (const v1::UnmergedGroup& group : groups) {
      EXPECT_THAT(group.removed_edges(), SizeIs(301));
    }
    request.clear_page_token();
  }
  EXPECT_EQ(Rows("merge_causes"), 0);
  EXPECT_EQ(Rows("group_members"), 0);
}

TEST_F(UnmergeTest, ByCauseOfAPersonIsRemembered) {
  const v1::MergeCause job = Cause(v1::MERGE_CAUSE_KIND_IMPORT, "job-1");
  const std::string a = Make(), b = Make();
  JoinBy(job, a, b);
  Join(b, a, Job());
  v1::UndoMergesRequest request = ByCause(job);
  *request.mutable_actor() = Person();
  const auto groups = RunByCause(request);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(groups[0].still_joined_by(), SizeIs(1));
  EXPECT_EQ(Rows("not_same"), 2);
}

TEST_F(UnmergeTest, UnmergeByCauseAnswersTheDocumentedErrors) {
  v1::UndoMergesRequest request;
  EXPECT_THAT(harness_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kInvalidArgument, "cause.kind"));
  // Not all that anybody ever decided.
  request = ByCause(Cause(v1::MERGE_CAUSE_KIND_DECISION, ""));
  EXPECT_THAT(harness_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kInvalidArgument, "cause.value"));
  request = ByCause(Cause(v1::MERGE_CAUSE_KIND_IDENTITY, "+12025550161"));
  EXPECT_THAT(harness_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kInvalidArgument,
                       "cause.value: want 32 lower-case hex digits"));
  const v1::MergeCause job = Cause(v1::MERGE_CAUSE_KIND_IMPORT, "job-1");
  JoinBy(job, Make(), Make());
  request = ByCause(job);
  EXPECT_THAT(harness_.Call(&Stub::UndoMerges, request, kOther), IsOk());
  EXPECT_EQ(Rows("merge_causes"), 1);
  request.set_page_token("nonsense");
  EXPECT_THAT(harness_.Call(&Stub::UndoMerges, request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

}  // namespace
}  // namespace kith::contacts
