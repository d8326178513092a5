#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAbsentPair[] =
    "0192f0c1-2a3b-7c4d-8e5f-fffffffffff0.0192f0c1-2a3b-7c4d-8e5f-ffffffffffff";

TEST_F(SuggestionsTest, AreFoundAsContactsAreMade) {
  const std::string a = Ada();
  Add(Fields("Ada King", "1815-12-11"));
  Add(Fields("Ada Kong", "1815-12-10"));
  EXPECT_THAT(Suggestions(), IsEmpty());
  const std::string b = Add(Fields("KING, Ada", "1815-12-10", "12345"));
  const auto found = Suggestions();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].suggestion_id(), a + "." + b);
  EXPECT_EQ(found[0].contact_id(), a);
  EXPECT_EQ(found[0].canonical_id(), a);
  EXPECT_EQ(found[0].other_id(), b);
  EXPECT_EQ(found[0].other_canonical_id(), b);
  EXPECT_EQ(found[0].state(), v1::SUGGESTION_STATE_OPEN);
  EXPECT_EQ(found[0].score(), v1::SUGGESTION_SCORE_LIKELY);
  EXPECT_EQ(found[0].explanation(),
            "They have the same full name and date of birth.");
  ASSERT_THAT(found[0].evidence(), SizeIs(1));
  EXPECT_THAT(found[0].evidence(0).fields(),
              ElementsAre("display_name", "attributes.birthday"));
  EXPECT_EQ(base::FromProto(found[0].create_time()), harness_.clock().Now());
  EXPECT_FALSE(found[0].has_decision());
  EXPECT_THAT(Others(a), ElementsAre(b));
  EXPECT_THAT(Others(b), ElementsAre(a));
}

TEST_F(SuggestionsTest, PlaceholderBirthdaysSuggestNobody) {
  // The clock of the harness is in 2026.
  for (const char* date :
       {"1900-01-01", "1970-01-01", "0001-01-01", "2099-07-01"}) {
    for (int i = 0; i < 2; ++i) Add(Fields("Ada King", date));
  }
  EXPECT_THAT(Suggestions(), IsEmpty());
  for (int i = 0; i < 2; ++i) Add(Fields("Ada King", "1970-01-01", "12345"));
  EXPECT_THAT(Suggestions(), SizeIs(1)) << "by postcode";
}

TEST_F(SuggestionsTest, StrokesAndInvisibleCharactersMakeNobodyElse) {
  const std::string a = Add(Fields("S\u00f8ren\u200b \u0141uk", "1980-02-29"));
  const std::string b = Add(Fields("Soren\u00a0Luk", "1980-02-29"));
  EXPECT_THAT(Others(a), ElementsAre(b));
}

TEST_F(SuggestionsTest, AreFoundAsContactsAreEnsured) {
  const std::string a = Ada();
  v1::EnsureContactRequest request;
  request.set_contact_id(kAbsentId);
  *request.mutable_contact() = Fields("Ada King", "1815-12-10");
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
    EXPECT_THAT(Suggestions(a), SizeIs(1));
  }
}

TEST_F(SuggestionsTest, FollowWhatTheContactsSay) {
  const std::string a = Ada();
  const std::string b = Add(Fields("Ada King", "", "12345"));
  EXPECT_THAT(Suggestions(a), IsEmpty());
  ASSERT_THAT(Set(b, Fields("Ada King", "1815-12-10", "12345")), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
  // Further evidence adds up.
  ASSERT_THAT(Set(a, Fields("Ada King", "1815-12-10", "1 23-45")), IsOk());
  ASSERT_THAT(Suggestions(a), SizeIs(1));
  EXPECT_THAT(Suggestions(a)[0].evidence(), SizeIs(2));
  ASSERT_THAT(Set(a, Fields("Ada King", "", "12345")), IsOk());
  ASSERT_THAT(Suggestions(a), SizeIs(1));
  EXPECT_EQ(Suggestions(a)[0].score(), v1::SUGGESTION_SCORE_POSSIBLE);
  // What does not agree any more is not suggested until it does again.
  ASSERT_THAT(Set(a, Fields("Ada Queen", "", "12345")), IsOk());
  EXPECT_THAT(Suggestions(), IsEmpty());
  EXPECT_EQ(Rows("match_keys"), 3);
  ASSERT_THAT(Set(a, Fields("Ada King", "", "12345")), IsOk());
  EXPECT_THAT(Others(b), ElementsAre(a));
  EXPECT_EQ(Rows("suggestions"), 2);
}

TEST_F(SuggestionsTest, ADeletedContactIsNotSuggested) {
  const std::string a = Ada(), b = Ada();
  ASSERT_THAT(Delete(a), IsOk());
  EXPECT_THAT(Suggestions(), IsEmpty());
  const std::string c = Ada();
  EXPECT_THAT(Others(b), ElementsAre(c));
  ASSERT_THAT(Undelete(a), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b, c));
}

TEST_F(SuggestionsTest, AreListedByGroup) {
  const std::string a = Ada(), b = Make(), c = Ada();
  Join(b, a);
  for (const std::string& member : {a, b}) {
    const auto found = Suggestions(member);
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].contact_id(), a);
    EXPECT_EQ(found[0].canonical_id(), b);
    EXPECT_EQ(found[0].other_id(), c);
  }
}

TEST_F(SuggestionsTest, AreHiddenWhileOthersHaveMergedTheTwo) {
  const std::string a = Ada(), b = Ada(), hub = Make();
  const std::string with_a = Join(hub, a, Job());
  Join(hub, b, Job());
  EXPECT_THAT(Suggestions(), IsEmpty());
  EXPECT_THAT(Suggestions(hub), IsEmpty());
  v1::UnmergeContactsRequest unmerge = UnmergeOf(hub, with_a);
  *unmerge.mutable_actor() = Job();
  ASSERT_THAT(Unmerge(unmerge), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
  EXPECT_THAT(Others(hub), ElementsAre(a));
}

TEST_F(SuggestionsTest, WhatIsSaidOfTwoIsSaidOfTheirGroups) {
  const std::string a = Ada(), b = Ada(), hub = Make();
  const std::string with_a = Join(hub, a, Job());
  const std::string with_b = Join(hub, b, Job());
  // Of hub and a, not of a and b.
  ASSERT_THAT(Unmerge(UnmergeOf(hub, with_a)), IsOk());
  EXPECT_THAT(Suggestions(), IsEmpty());
  EXPECT_THAT(Suggestions(a), IsEmpty());
  EXPECT_THAT(Suggestions(hub), IsEmpty());
  // It holds while b is of hub's group.
  v1::UnmergeContactsRequest unmerge = UnmergeOf(hub, with_b);
  *unmerge.mutable_actor() = Job();
  ASSERT_THAT(Unmerge(unmerge), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
}

TEST_F(SuggestionsTest, ARejectedPairHidesTheOthersOfItsGroups) {
  const std::string a = Ada(), b = Ada(), c = Ada(), d = Ada(), e = Ada();
  Join(b, a);
  Join(c, d);
  EXPECT_THAT(Suggestions(), SizeIs(8));
  ASSERT_THAT(Reject(RejectionOf(a, d)), IsOk());
  for (const int page_size : {0, 1}) {
    EXPECT_THAT(Suggestions("", v1::SUGGESTION_STATE_OPEN, page_size),
                SizeIs(4));
  }
  for (const std::string& id : {a, b, c, d}) {
    EXPECT_THAT(Others(id), ElementsAre(e, e));
  }
  EXPECT_THAT(Suggestions("", v1::SUGGESTION_STATE_REJECTED), SizeIs(1));
  // A person may overrule it all the same.
  EXPECT_THAT(Confirm(ConfirmationOf(b, c)), IsOk());
  EXPECT_THAT(Members(e), SizeIs(1));
  EXPECT_THAT(Members(a), SizeIs(4));
}

TEST_F(SuggestionsTest, APageOfGreatGroupsEndsEarly) {
  const std::string a = Ada(), b = Ada();
  Ada();
  for (const std::string& id : {a, b}) {
    const std::string bytes =
        absl::StrCat("UNHEX(REPLACE('", id, "', '-', ''))");
    harness_.database().Execute(
        absl::StrCat("UPDATE contacts SET group_size = 25001 ",
                     "WHERE contact_id = ", bytes));
    harness_.database().Execute(absl::StrCat(
        "INSERT INTO group_members (tenant_id, canonical_id, contact_id) ",
        "SELECT 1, ", bytes, ", UNHEX(MD5(CONCAT('", id, "', seq))) ",
        "FROM seq_1_to_25000"));
  }
  const auto page = Page(v1::ListSuggestionsRequest());
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->suggestions(), SizeIs(1));
  EXPECT_THAT(Suggestions(), SizeIs(3));
}

TEST_F(SuggestionsTest, AJobsUnmergeLeavesThemOpen) {
  const std::string a = Ada(), b = Ada();
  v1::UnmergeContactsRequest unmerge = UnmergeOf(a, Join(a, b));
  *unmerge.mutable_actor() = Job();
  ASSERT_THAT(Unmerge(unmerge), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
}

TEST_F(SuggestionsTest, APersonsUnmergeOfTheTwoRejects) {
  const std::string a = Ada(), b = Ada();
  ASSERT_THAT(Unmerge(UnmergeOf(a, Join(a, b))), IsOk());
  EXPECT_THAT(Suggestions(a), IsEmpty());
  const auto rejected = Suggestions(a, v1::SUGGESTION_STATE_REJECTED);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected[0].decision().actor().name(), "Dana");
  EXPECT_EQ(rejected[0].decision().reason(), "not the same");
}

TEST_F(SuggestionsTest, WhatAPersonTookApartIsNotSuggestedLater) {
  const std::string a = Make("Ada King"), b = Ada();
  ASSERT_THAT(Unmerge(UnmergeOf(a, Join(a, b))), IsOk());
  ASSERT_THAT(Set(a, Fields("Ada King", "1815-12-10")), IsOk());
  EXPECT_EQ(Rows("suggestions"), 0);
}

TEST_F(SuggestionsTest, ConfirmMergesTheTwo) {
  const std::string a = Ada(), b = Ada();
  v1::ConfirmSuggestionRequest request = ConfirmationOf(a, b);
  request.set_survivor_id(b);
  request.set_request_id("confirm-1");
  const auto confirmed = Confirm(request);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->contact().canonical_id(), b);
  EXPECT_THAT(confirmed->contact().member_ids(), ElementsAre(b, a));
  const v1::MergeEdge& edge = confirmed->edge();
  EXPECT_EQ(edge.survivor_id(), b);
  EXPECT_EQ(edge.cause().kind(), v1::MERGE_CAUSE_KIND_SUGGESTION);
  EXPECT_EQ(edge.cause().value(), request.suggestion_id());
  EXPECT_EQ(edge.actor().name(), "Dana");
  const v1::Suggestion& suggestion = confirmed->suggestion();
  EXPECT_EQ(suggestion.state(), v1::SUGGESTION_STATE_CONFIRMED);
  EXPECT_EQ(suggestion.canonical_id(), b);
  EXPECT_EQ(suggestion.other_canonical_id(), b);
  EXPECT_EQ(suggestion.decision().reason(), "same desk");
  EXPECT_EQ(base::FromProto(suggestion.decision().decide_time()),
            harness_.clock().Now());
  EXPECT_EQ(suggestion.score(), v1::SUGGESTION_SCORE_LIKELY);
  EXPECT_THAT(Suggestions(a), IsEmpty());
  EXPECT_THAT(Suggestions(a, v1::SUGGESTION_STATE_CONFIRMED), SizeIs(1));
  EXPECT_THAT(Suggestions("", v1::SUGGESTION_STATE_CONFIRMED), SizeIs(1));
  // A repeat answers the same.
  const auto again = Confirm(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->edge().edge_id(), edge.edge_id());
  EXPECT_THAT(History(a), SizeIs(1));
  request.set_reason("other");
  EXPECT_THAT(Confirm(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(SuggestionsTest, TheLowerIdGoesOnWhereNoneIsNamed) {
  const std::string a = Ada(), b = Ada();
  const auto confirmed = Confirm(ConfirmationOf(a, b));
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->contact().canonical_id(), a);
}

TEST_F(SuggestionsTest, WhatIsDecidedStaysSo) {
  const std::string a = Ada(), b = Ada(), c = Ada();
  ASSERT_THAT(Confirm(ConfirmationOf(a, b)), IsOk());
  ASSERT_THAT(Reject(RejectionOf(a, c)), IsOk());
  ASSERT_THAT(Unmerge(UnmergeOf(a)), IsOk());
  ASSERT_THAT(Set(a, Fields("Ada Queen", "")), IsOk());
  ASSERT_THAT(Set(a, Fields("Ada King", "1815-12-10", "12345")), IsOk());
  EXPECT_THAT(Suggestions(a), IsEmpty());
  EXPECT_THAT(Suggestions(a, v1::SUGGESTION_STATE_CONFIRMED), SizeIs(1));
  for (const std::string& other : {b, c}) {
    EXPECT_THAT(Confirm(ConfirmationOf(a, other)),
                IsRefusedAs("SUGGESTION_DECIDED"));
    EXPECT_THAT(Reject(RejectionOf(a, other)),
                IsRefusedAs("SUGGESTION_DECIDED"));
  }
}

TEST_F(SuggestionsTest, NobodyConfirmsWhatNothingSpeaksForAnyMore) {
  const std::string a = Ada(), b = Ada(), c = Ada();
  v1::ConfirmSuggestionRequest request = ConfirmationOf(a, c);
  request.set_request_id("confirm-1");
  ASSERT_THAT(Confirm(request), IsOk());
  ASSERT_THAT(Set(a, Fields("Ada Queen", "1815-12-10")), IsOk());
  EXPECT_THAT(Confirm(ConfirmationOf(a, b)),
              IsRefusedAs("SUGGESTION_OUTDATED"));
  EXPECT_THAT(Members(b), ElementsAre(b));
  // A repeat answers what was done before.
  EXPECT_THAT(Confirm(request), IsOk());
  ASSERT_THAT(Reject(RejectionOf(a, b)), IsOk());
  const auto rejected = Suggestions(b, v1::SUGGESTION_STATE_REJECTED);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_THAT(rejected[0].evidence(), IsEmpty());
}

TEST_F(SuggestionsTest, TheEvidenceOfADecisionIsKept) {
  v1::Contact fields = Fields("Ada King", "");
  (*fields.mutable_attributes())["birth_date"] = "1815-12-10";
  const std::string a = Ada(), b = Add(fields);
  ASSERT_THAT(Reject(RejectionOf(a, b)), IsOk());
  ASSERT_THAT(Set(a, Fields("Ada Queen", "")), IsOk());
  for (const std::string& id : {a, b}) {
    const auto rejected = Suggestions(id, v1::SUGGESTION_STATE_REJECTED);
    ASSERT_THAT(rejected, SizeIs(1));
    EXPECT_EQ(rejected[0].contact_id(), id);
    EXPECT_EQ(rejected[0].score(), v1::SUGGESTION_SCORE_LIKELY);
    ASSERT_THAT(rejected[0].evidence(), SizeIs(1));
    EXPECT_EQ(rejected[0].evidence(0).fields(1),
              id == a ? "attributes.birthday" : "attributes.birth_date");
  }
}

TEST_F(SuggestionsTest, RejectKeepsThemApart) {
  const std::string a = Ada(), b = Ada();
  v1::RejectSuggestionRequest request = RejectionOf(a, b);
  request.set_request_id("reject-1");
  for (int i = 0; i < 2; ++i) {
    const auto rejected = Reject(request);
    ASSERT_THAT(rejected, IsOk());
    const v1::Suggestion& suggestion = rejected->suggestion();
    EXPECT_EQ(suggestion.state(), v1::SUGGESTION_STATE_REJECTED);
    EXPECT_EQ(suggestion.decision().actor().name(), "Dana");
    EXPECT_EQ(suggestion.decision().reason(), "father and son");
  }
  EXPECT_THAT(Suggestions(), IsEmpty());
  EXPECT_THAT(Merge(MergeOf(a, {b}, Job())), IsRefusedAs("NOT_SAME"));
  request.set_reason("other");
  EXPECT_THAT(Reject(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(SuggestionsTest, WhoIsMergedIsNotRejected) {
  const std::string a = Ada(), b = Ada();
  Join(a, b);
  EXPECT_THAT(Reject(RejectionOf(a, b)), IsRefusedAs("SUGGESTION_DECIDED"));
}

TEST_F(SuggestionsTest, ConfirmIsRefusedAsMergeIs) {
  const std::string a = Ada(), b = Ada();
  ASSERT_THAT(Delete(b), IsOk());
  EXPECT_THAT(Confirm(ConfirmationOf(a, b)), IsRefusedAs("CONTACT_DELETED"));
  ASSERT_THAT(Undelete(b), IsOk());
  harness_.database().Execute("UPDATE contacts SET group_size = 9999");
  EXPECT_THAT(Confirm(ConfirmationOf(a, b)), IsRefusedAs("GROUP_TOO_LARGE"));
  EXPECT_THAT(Suggestions(a, v1::SUGGESTION_STATE_CONFIRMED), IsEmpty());
}

TEST_F(SuggestionsTest, ListsAreReadInPages) {
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(Ada());
  for (const int page_size : {0, 1, 2, 4, 500}) {
    const auto all =
        Suggestions("", v1::SUGGESTION_STATE_UNSPECIFIED, page_size);
    ASSERT_THAT(all, SizeIs(15)) << page_size;
    for (size_t i = 1; i < all.size(); ++i) {
      EXPECT_LT(all[i - 1].suggestion_id(), all[i].suggestion_id());
    }
    EXPECT_THAT(
        Suggestions(ids[3], v1::SUGGESTION_STATE_UNSPECIFIED, page_size),
        SizeIs(5));
  }
  Join(ids[0], ids[5]);
  EXPECT_THAT(Suggestions(ids[0], v1::SUGGESTION_STATE_UNSPECIFIED, 3),
              SizeIs(8));
  v1::ListSuggestionsRequest request;
  request.set_page_size(1);
  const auto page = Page(request);
  ASSERT_THAT(page, IsOk());
  request.set_page_token(page->next_page_token());
  request.set_contact_id(ids[0]);
  EXPECT_THAT(Page(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(SuggestionsTest, ACommonNameSuggestsNothingMore) {
  std::vector<std::string> ids;
  for (int i = 0; i < 25; ++i) ids.push_back(Ada());
  // The first 21 each with each other.
  EXPECT_EQ(Rows("suggestions"), 21 * 20);
  EXPECT_EQ(Rows("match_keys"), 25);
  v1::ListSuggestionsRequest request;
  request.set_contact_id(ids[24]);
  const auto page = Page(request);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->suggestions(), IsEmpty());
  EXPECT_THAT(page->too_common(),
              ElementsAre(v1::MATCH_RULE_NAME_AND_BIRTHDAY));
  const std::string other = Add(Fields("Ada King", "1815-12-10", "12345"));
  const std::string last = Add(Fields("Ada King", "1815-12-10", "12345"));
  EXPECT_THAT(Others(last), ElementsAre(other));
}

TEST_F(SuggestionsTest, WhatSaysTheSameWritesNothing) {
  const std::string a = Ada();
  Ada();
  harness_.database().Execute("DELETE FROM suggestions");
  ASSERT_THAT(Set(a, Fields("KING Ada", "1815-12-10")), IsOk());
  EXPECT_EQ(Rows("suggestions"), 0);
  EXPECT_EQ(Rows("match_keys"), 2);
  EXPECT_EQ(Rows("match_locks"), 1);
}

TEST_F(SuggestionsTest, TenantsDoNotSeeEachOther) {
  const std::string a = Ada(), b = Ada();
  const std::string theirs = Add(Fields("Ada King", "1815-12-10"), kOther);
  v1::ListSuggestionsRequest request;
  const auto page = Page(request, kOther);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->suggestions(), IsEmpty());
  EXPECT_THAT(Others(a), ElementsAre(b));
  request.set_contact_id(a);
  EXPECT_THAT(Page(request, kOther), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Confirm(ConfirmationOf(a, b), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Reject(RejectionOf(a, b), kOther),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(SuggestionsTest, WhatIsNotThereIsNotFound) {
  v1::ListSuggestionsRequest list;
  list.set_contact_id(kAbsentId);
  EXPECT_THAT(Page(list), StatusIs(StatusCode::kNotFound));
  const std::string a = Make(), b = Make();
  for (const std::string& id : {std::string(kAbsentPair), a + "." + b}) {
    v1::ConfirmSuggestionRequest confirm = ConfirmationOf(a, b);
    confirm.set_suggestion_id(id);
    EXPECT_THAT(Confirm(confirm), StatusIs(StatusCode::kNotFound));
    v1::RejectSuggestionRequest reject = RejectionOf(a, b);
    reject.set_suggestion_id(id);
    EXPECT_THAT(Reject(reject), StatusIs(StatusCode::kNotFound));
  }
}

TEST_F(SuggestionsTest, BadRequestsAreRefused) {
  v1::ListSuggestionsRequest list;
  list.set_contact_id("x");
  list.set_page_size(-1);
  list.set_state(static_cast<v1::SuggestionState>(99));
  EXPECT_THAT(Page(list), StatusIs(StatusCode::kInvalidArgument));
  const std::string a = Ada(), b = Ada();
  for (const std::string& id :
       {std::string("x"), a, b + "." + a, a + "." + a}) {
    v1::RejectSuggestionRequest reject = RejectionOf(a, b);
    reject.set_suggestion_id(id);
    EXPECT_THAT(Reject(reject), StatusIs(StatusCode::kInvalidArgument)) << id;
  }
  v1::RejectSuggestionRequest by_job = RejectionOf(a, b);
  *by_job.mutable_actor() = Job();
  EXPECT_THAT(Reject(by_job), StatusIs(StatusCode::kInvalidArgument));
  v1::ConfirmSuggestionRequest confirm = ConfirmationOf(a, b);
  confirm.set_survivor_id(kAbsentId);
  EXPECT_THAT(Confirm(confirm), StatusIs(StatusCode::kInvalidArgument));
  confirm = ConfirmationOf(a, b);
  confirm.mutable_actor()->clear_name();
  EXPECT_THAT(Confirm(confirm), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(Suggestions(), SizeIs(1));
}

TEST_F(SuggestionsTest, ScopesAreAskedFor) {
  EXPECT_THAT(Page({}, kDemoNoScopes), StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Confirm({}, kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Reject({}, kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace kith::contacts
