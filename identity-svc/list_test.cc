#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ListTest : public IdentityServiceTest {
 protected:
  absl::StatusOr<v1::ListIdentitiesResponse> List(
      const std::vector<std::string>& contacts, int32_t page_size = 0,
      const std::string& page_token = "", TestKey key = kDemo) {
    v1::ListIdentitiesRequest request;
    auto* set = request.add_sets();
    for (const std::string& id : contacts) set->add_contact_ids(id);
    set->set_page_token(page_token);
    request.set_page_size(page_size);
    return harness_.Call(&Stub::ListIdentities, request, key);
  }

  // Links `count` values, to one contact after the other.
  std::set<std::string> LinkMany(int count,
                                 const std::vector<std::string>& contacts) {
    std::set<std::string> keys;
    for (int i = 0; i < count; ++i) {
      const auto linked = Link(
          contacts[i % contacts.size()],
          External("shop",
                   absl::StrCat(contacts[0], "/", contacts.size(), "/", i)));
      EXPECT_THAT(linked, IsOk());
      if (linked.ok()) keys.insert(linked->identity().identity_key());
    }
    return keys;
  }
};

TEST_F(ListTest, AnswersWhatEachSetHoldsNow) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("ada@example.com")}),
              IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("x", "bob")}), IsOk());
  ASSERT_THAT(Unlink(kAda, Phone("+14155552671")), IsOk());
  v1::ListIdentitiesRequest request;
  request.add_sets()->add_contact_ids(kBob);
  request.add_sets()->add_contact_ids(kCleo);
  auto* both = request.add_sets();
  both->add_contact_ids(kAda);
  both->add_contact_ids(kBob);
  both->add_contact_ids(kBob);
  const auto list = harness_.Call(&Stub::ListIdentities, request);
  ASSERT_THAT(list, IsOk());
  ASSERT_THAT(list->results(), SizeIs(3));
  ASSERT_THAT(list->results(0).identities(), SizeIs(1));
  const v1::Identity& bob = list->results(0).identities(0);
  EXPECT_EQ(bob.contact_id(), kBob);
  EXPECT_EQ(bob.channel(), v1::CHANNEL_SOCIAL);
  EXPECT_EQ(bob.namespace_(), "x");
  EXPECT_EQ(bob.value(), "bob");
  EXPECT_EQ(bob.claimed_by(), "demo");
  EXPECT_FALSE(bob.has_end_time());
  EXPECT_THAT(list->results(1).identities(), IsEmpty());
  EXPECT_THAT(list->results(2).identities(), SizeIs(2));
  EXPECT_EQ(list->results(2).next_page_token(), "");
}

TEST_F(ListTest, PagesOverTwoMembersInOneOrder) {
  const std::set<std::string> linked = LinkMany(25, {kAda, kBob});
  LinkMany(1, {kCleo});
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = List({kAda, kBob}, 10, token);
    ASSERT_THAT(page, IsOk());
    for (const v1::Identity& identity : page->results(0).identities()) {
      seen.push_back(identity.identity_key());
    }
    token = page->results(0).next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_THAT(seen, SizeIs(25));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), linked);
}

TEST_F(ListTest, AGroupMayBeAsGreatAsThereAre) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Email("bob@example.com")}), IsOk());
  v1::ListIdentitiesRequest request;
  auto* set = request.add_sets();
  set->add_contact_ids(kBob);
  for (int i = 0; i < 9'998; ++i) {
    set->add_contact_ids(base::Uuid::Make(Now()).ToString());
  }
  set->add_contact_ids(kAda);
  const auto list = harness_.Call(&Stub::ListIdentities, request);
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->results(0).identities(), SizeIs(2));
}

TEST_F(ListTest, AFullLastPageHasNoToken) {
  LinkMany(10, {kAda, kBob});
  const auto page = List({kAda, kBob}, 10);
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->results(0).identities(), SizeIs(10));
  EXPECT_EQ(page->results(0).next_page_token(), "");
}

TEST_F(ListTest, PageSizeHasAStandard) {
  LinkMany(52, {kAda});
  const auto first = List({kAda});
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->results(0).identities(), SizeIs(50));
  const auto rest = List({kAda}, 0, first->results(0).next_page_token());
  ASSERT_THAT(rest, IsOk());
  EXPECT_THAT(rest->results(0).identities(), SizeIs(2));
  EXPECT_THAT(List({kAda}, 100'000)->results(0).identities(), SizeIs(52));
}

TEST_F(ListTest, ManySetsShareWhatAnAnswerHolds) {
  LinkMany(25, {kAda});
  v1::ListIdentitiesRequest request;
  for (int i = 0; i < 500; ++i) request.add_sets()->add_contact_ids(kAda);
  request.set_page_size(500);
  const auto list = harness_.Call(&Stub::ListIdentities, request);
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->results(499).identities(), SizeIs(20));
  const auto rest = List({kAda}, 500, list->results(499).next_page_token());
  ASSERT_THAT(rest, IsOk());
  EXPECT_THAT(rest->results(0).identities(), SizeIs(5));
}

TEST_F(ListTest, ATokenIsGoodForItsSetOnly) {
  LinkMany(3, {kAda, kBob});
  const auto page = List({kAda, kBob}, 1);
  ASSERT_THAT(page, IsOk());
  const std::string token = page->results(0).next_page_token();
  EXPECT_THAT(List({kBob, kAda}, 1, token), IsOk());
  EXPECT_THAT(List({kAda}, 1, token),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  EXPECT_THAT(List({kAda, kBob}, 1, token, kOther),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
  EXPECT_THAT(List({kAda, kBob}, 1, "nonsense"),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(ListTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(List({}), StatusIs(StatusCode::kInvalidArgument, "sets[0]"));
  EXPECT_THAT(List({kAda}, -1),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
  EXPECT_THAT(List({kAda}, 0, "", kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(List({kAda}, 0, "", kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

TEST_F(ListTest, AnotherTenantSeesNothing) {
  LinkMany(2, {kAda});
  const auto list = List({kAda}, 0, "", kOther);
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->results(0).identities(), IsEmpty());
}

TEST_F(ListTest, HealsWhenTheDatabaseDropsItsSessions) {
  LinkMany(2, {kAda});
  harness_.database().KillSessions();
  // Each worker may notice once.
  int failed = 0;
  while (!List({kAda}).ok()) ASSERT_LT(++failed, 20);
}

class PastTest : public ListTest {
 protected:
  absl::StatusOr<v1::ListIdentitiesResponse> ListPast(
      const std::vector<std::string>& contacts, int32_t page_size = 0,
      const std::string& page_token = "", TestKey key = kDemo) {
    v1::ListIdentitiesRequest request;
    auto* set = request.add_sets();
    for (const std::string& id : contacts) set->add_contact_ids(id);
    set->set_page_token(page_token);
    request.set_page_size(page_size);
    request.set_include_past(true);
    return harness_.Call(&Stub::ListIdentities, request, key);
  }
};

TEST_F(PastTest, PastHoldingsAreShownByFlag) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone, Email("ada@example.com")}), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, phone), IsOk());
  ASSERT_THAT(Claim(kBob, {phone}), IsOk());
  EXPECT_THAT(List({kAda})->results(0).identities(), SizeIs(1));
  const auto all = ListPast({kAda});
  ASSERT_THAT(all, IsOk());
  ASSERT_THAT(all->results(0).identities(), SizeIs(2));
  for (const v1::Identity& one : all->results(0).identities()) {
    EXPECT_EQ(one.contact_id(), kAda);
    EXPECT_EQ(one.has_end_time(), one.channel() == v1::CHANNEL_PHONE);
  }
  // Of each contact its own holding.
  EXPECT_THAT(ListPast({kAda, kBob})->results(0).identities(), SizeIs(3));
  EXPECT_THAT(ListPast({kAda}, 0, "", kOther)->results(0).identities(),
              IsEmpty());
}

TEST_F(PastTest, OfEachValueTheLastHoldingOfAContactIsShown) {
  const v1::ChannelValue phone = Phone("+14155552671");
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Link(kAda, phone), IsOk());
    Pass(absl::Hours(1));
    ASSERT_THAT(Unlink(kAda, phone), IsOk());
  }
  const auto ended = ListPast({kAda});
  ASSERT_THAT(ended->results(0).identities(), SizeIs(1));
  EXPECT_EQ(base::FromProto(ended->results(0).identities(0).end_time()), Now());
  EXPECT_EQ(Rows("past_identities"), 1);
  ASSERT_THAT(Link(kAda, phone), IsOk());
  const auto again = ListPast({kAda});
  ASSERT_THAT(again->results(0).identities(), SizeIs(1));
  EXPECT_FALSE(again->results(0).identities(0).has_end_time());
}

TEST_F(PastTest, WhatWasNeverTheirsIsNotOfTheirPast) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  v1::MoveIdentityRequest move;
  move.set_from_contact_id(kAda);
  move.set_to_contact_id(kBob);
  *move.mutable_value() = phone;
  move.set_never_theirs(true);
  ASSERT_THAT(harness_.Call(&Stub::MoveIdentity, move), IsOk());
  EXPECT_THAT(ListPast({kAda})->results(0).identities(), IsEmpty());
  EXPECT_THAT(ListPast({kBob})->results(0).identities(), SizeIs(1));
}

TEST_F(PastTest, PagesGoOverBothInOneOrder) {
  const std::set<std::string> linked = LinkMany(24, {kAda, kBob});
  int n = 0;
  for (const std::string& contact : {std::string(kAda), std::string(kBob)}) {
    const auto list = List({contact});
    for (const v1::Identity& identity : list->results(0).identities()) {
      if (++n % 2 == 0) continue;
      ASSERT_THAT(Unlink(contact, External("shop", identity.value())), IsOk());
    }
  }
  std::vector<std::string> seen;
  std::string token;
  do {
    const auto page = ListPast({kAda, kBob}, 5, token);
    ASSERT_THAT(page, IsOk());
    for (const v1::Identity& identity : page->results(0).identities()) {
      seen.push_back(identity.identity_key());
    }
    token = page->results(0).next_page_token();
  } while (!token.empty());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), linked);
  EXPECT_THAT(seen, SizeIs(24));
  // A token is good for lists of its kind only.
  const std::string first = ListPast({kAda}, 1)->results(0).next_page_token();
  EXPECT_THAT(List({kAda}, 1, first),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

}  // namespace
}  // namespace kith::identity
