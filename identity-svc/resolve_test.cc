#include <atomic>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ResolveTest : public IdentityServiceTest {
 protected:
  static std::string ReasonFor(
      const absl::StatusOr<v1::ResolveIdentityResponse>& response) {
    return response.ok() && response->candidates_size() == 1
               ? response->candidates(0).reason()
               : "not one candidate";
  }

  // Resolves the value with include_holder_identities.
  absl::StatusOr<v1::ResolveIdentityResponse> ResolveWithIdentities(
      const v1::ChannelValue& value, TestKey key = kDemo) {
    v1::ResolveIdentityRequest request = ResolveOf(value);
    request.set_include_holder_identities(true);
    return harness_.Call(&Stub::ResolveIdentity, request, key);
  }

  // What ListIdentities returns for one contact.
  v1::ListIdentitiesResponse::Result Listed(const std::string& contact,
                                            int32_t page_size,
                                            const std::string& token = "") {
    v1::ListIdentitiesRequest request;
    request.add_sets()->add_contact_ids(contact);
    request.mutable_sets(0)->set_page_token(token);
    request.set_page_size(page_size);
    const auto list = harness_.Call(&Stub::ListIdentities, request);
    EXPECT_THAT(list, IsOk());
    return list.ok() ? list->results(0) : v1::ListIdentitiesResponse::Result();
  }

  static std::set<std::string> ValuesOf(
      const v1::ListIdentitiesResponse::Result& identities) {
    std::set<std::string> values;
    for (const v1::Identity& identity : identities.identities()) {
      values.insert(identity.value());
    }
    return values;
  }
};

TEST_F(ResolveTest, NoneOneAndMany) {
  ASSERT_THAT(Claim(kAda, {External("shop", "C-1001")}), IsOk());
  EXPECT_EQ(Resolve(External("shop", "C-9"))->outcome(),
            v1::RESOLVE_OUTCOME_NONE);
  const auto one = Resolve(External("SHOP", "C-1001"));
  ASSERT_THAT(one, IsOk());
  EXPECT_EQ(one->outcome(), v1::RESOLVE_OUTCOME_ONE);
  ASSERT_THAT(one->candidates(), SizeIs(1));
  EXPECT_EQ(one->candidates(0).identity().contact_id(), kAda);
  EXPECT_EQ(one->candidates(0).identity().value(), "C-1001");
  EXPECT_EQ(one->candidates(0).identity().claimed_by(), "demo");
  EXPECT_EQ(one->candidates(0).reason(), "shop id C-1001");
  ASSERT_THAT(Claim(kBob, {External("erp", "C-1001")}), IsOk());
  const auto many = Resolve(Value(v1::CHANNEL_EXTERNAL, "C-1001"));
  ASSERT_THAT(many, IsOk());
  EXPECT_EQ(many->outcome(), v1::RESOLVE_OUTCOME_MANY);
  EXPECT_THAT(many->candidates(), SizeIs(2));
}

TEST_F(ResolveTest, TwoIdentitiesOfOneContactAreOne) {
  ASSERT_THAT(Claim(kAda, {Handle("x", "ada"), Handle("instagram", "ada")}),
              IsOk());
  const auto found = Resolve(Value(v1::CHANNEL_SOCIAL, "@Ada"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_THAT(found->candidates(), SizeIs(2));
}

TEST_F(ResolveTest, AnUntypedValueIsTriedAsAllThatItMayBe) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Handle("x", "alice")}), IsOk());
  ASSERT_THAT(Claim(kAda, {External("shop", "C-1001")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Value(v1::CHANNEL_VISITOR, "v-17")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Phone("555-2671")}), IsOk());
  EXPECT_EQ(ReasonFor(Resolve(Untyped("(415) 555-2671"))),
            "phone +14155552671");
  EXPECT_EQ(ReasonFor(Resolve(Untyped(" ADA@example.com"))),
            "e-mail ada@example.com");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("https://x.com/Alice"))),
            "x handle alice");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("@alice"))), "x handle alice");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("C-1001"))), "shop id C-1001");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("v-17"))), "visitor v-17");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("555-2671"))), "phone 5552671");
  EXPECT_EQ(
      ReasonFor(Resolve(Value(v1::CHANNEL_UNSPECIFIED, "C-1001", "Shop"))),
      "shop id C-1001");
  EXPECT_EQ(HolderOf(Untyped("nobody")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, WhatAFormPutsInBlursNoValue) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("ada@example.com"),
                           External("shop", "C-1001")}),
              IsOk());
  for (const char* value : {"+14155552671", "ada@example.com", "C-1001"}) {
    for (const v1::ChannelValue& squat :
         {External("zzz", value), Value(v1::CHANNEL_VISITOR, value),
          Handle("zzz", value)}) {
      ASSERT_THAT(Claim(kBob, {squat}, kDemoPublic), IsOk());
      EXPECT_EQ(HolderOf(squat), kBob);
    }
    EXPECT_EQ(HolderOf(Untyped(value)), kAda) << value;
  }
  // However many there are.
  for (int i = 0; i < 25; ++i) {
    for (const char* value : {"+14155552671", "C-1001"}) {
      ASSERT_THAT(
          Claim(kBob, {External(absl::StrCat("z", i), value)}, kDemoPublic),
          IsOk());
    }
  }
  EXPECT_EQ(HolderOf(Untyped("+14155552671")), kAda);
  EXPECT_EQ(HolderOf(Untyped("C-1001")), kAda);
  // A phone, too, whose digits are an id of somebody.
  ASSERT_THAT(Claim(kAda, {External("shop", "2125551234")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Phone("+12125551234")}, kDemoPublic), IsOk());
  EXPECT_EQ(HolderOf(Untyped("2125551234")), kAda);
  EXPECT_EQ(HolderOf(Phone("2125551234")), kBob);
  // Nor a value without its network or system.
  EXPECT_EQ(HolderOf(Value(v1::CHANNEL_EXTERNAL, "C-1001")), kAda);
  // What a form alone knows is found, and so is what a system reports.
  ASSERT_THAT(Claim(kCleo, {Value(v1::CHANNEL_VISITOR, "v-1")}, kDemoPublic),
              IsOk());
  EXPECT_EQ(HolderOf(Untyped("v-1")), kCleo);
  ASSERT_THAT(Claim(kBob, {External("erp", "C-1001")}), IsOk());
  EXPECT_EQ(HolderOf(Untyped("C-1001")), "RESOLVE_OUTCOME_MANY");
}

TEST_F(ResolveTest, TheOldSystemsPhoneKeyResolvesBesideThePhone) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {External("old", "4155552671")}), IsOk());
  const auto found = Resolve(Untyped("4155552671"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_MANY);
  ASSERT_THAT(found->candidates(), SizeIs(2));
  EXPECT_EQ(found->candidates(0).reason(), "phone +14155552671");
  EXPECT_EQ(found->candidates(1).reason(), "old id 4155552671");
}

TEST_F(ResolveTest, CandidatesAreAtMostTwenty) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_THAT(Claim(kAda, {External("shop" + std::to_string(i), "7")}),
                IsOk());
  }
  const auto found = Resolve(Untyped("7"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_THAT(found->candidates(), SizeIs(20));
}

TEST_F(ResolveTest, PlaceholdersLeadToNobody) {
  EXPECT_EQ(HolderOf(Phone("0000000")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("null")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, AnEndedHoldingAnswersForItsTimeOnly) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  const absl::Time held = Now();
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  EXPECT_EQ(HolderOf(email), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("ada@example.com")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderAt(email, held), kAda);
  EXPECT_EQ(HolderAt(email, held - absl::Hours(24 * 3650)), kAda);
  EXPECT_EQ(HolderAt(email, Now()), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, TheHoldersIdentitiesComeWithTheValueIfAskedFor) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("ada@example.com")}),
              IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("x", "bob")}), IsOk());
  EXPECT_FALSE(Resolve(Phone("+14155552671"))->has_holder_identities());
  const auto ada = ResolveWithIdentities(Phone("+14155552671"));
  ASSERT_THAT(ada, IsOk());
  EXPECT_THAT(ada->candidates(), SizeIs(1));
  EXPECT_THAT(ValuesOf(ada->holder_identities()),
              ElementsAre("+14155552671", "ada@example.com"));
  EXPECT_EQ(ada->holder_identities().SerializeAsString(),
            Listed(kAda, 0).SerializeAsString());
  const auto bob = ResolveWithIdentities(Untyped("@bob"));
  ASSERT_THAT(bob, IsOk());
  EXPECT_EQ(bob->holder_identities().SerializeAsString(),
            Listed(kBob, 0).SerializeAsString());
}

TEST_F(ResolveTest, OnlyASingleHoldersIdentitiesCome) {
  ASSERT_THAT(Claim(kAda, {External("shop", "C-1")}), IsOk());
  ASSERT_THAT(Claim(kBob, {External("erp", "C-1")}), IsOk());
  const auto many = ResolveWithIdentities(Untyped("C-1"));
  ASSERT_THAT(many, IsOk());
  EXPECT_EQ(many->outcome(), v1::RESOLVE_OUTCOME_MANY);
  EXPECT_FALSE(many->has_holder_identities());
  const auto none = ResolveWithIdentities(Untyped("C-2"));
  ASSERT_THAT(none, IsOk());
  EXPECT_FALSE(none->has_holder_identities());
}

TEST_F(ResolveTest, TheHoldersFirstTwentyIdentitiesCome) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(Claim(kAda, {External("shop", absl::StrCat("C-", i))}), IsOk());
  }
  const auto twenty = ResolveWithIdentities(External("shop", "C-7"));
  ASSERT_THAT(twenty, IsOk());
  EXPECT_THAT(twenty->holder_identities().identities(), SizeIs(20));
  EXPECT_EQ(twenty->holder_identities().next_page_token(), "");
  ASSERT_THAT(Claim(kAda, {External("shop", "C-20")}), IsOk());
  const auto more = ResolveWithIdentities(External("shop", "C-7"));
  ASSERT_THAT(more, IsOk());
  EXPECT_EQ(more->holder_identities().SerializeAsString(),
            Listed(kAda, 20).SerializeAsString());
  const auto rest =
      Listed(kAda, 20, more->holder_identities().next_page_token());
  EXPECT_THAT(rest.identities(), SizeIs(1));
  EXPECT_EQ(rest.next_page_token(), "");
}

TEST_F(ResolveTest, TheIdentitiesAreThoseOfNowEvenForAHolderOfThePast) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  v1::ResolveIdentityRequest request = ResolveOf(email);
  *request.mutable_at_time() = base::ToProto(Now());
  request.set_include_holder_identities(true);
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  const auto nothing = harness_.Call(&Stub::ResolveIdentity, request);
  ASSERT_THAT(nothing, IsOk());
  EXPECT_EQ(nothing->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_TRUE(nothing->has_holder_identities());
  EXPECT_THAT(nothing->holder_identities().identities(), IsEmpty());
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  const auto phone = harness_.Call(&Stub::ResolveIdentity, request);
  ASSERT_THAT(phone, IsOk());
  EXPECT_THAT(ValuesOf(phone->holder_identities()),
              ElementsAre("+14155552671"));
}

TEST_F(ResolveTest, CandidatesAndIdentitiesAreOfOneMoment) {
  // Ada holds one of the two, or none, at every moment.
  const v1::ChannelValue first = Email("ada@example.com");
  const v1::ChannelValue second = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {first}), IsOk());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_THAT(Unlink(kAda, first), IsOk());
      EXPECT_THAT(Link(kAda, second), IsOk());
      EXPECT_THAT(Unlink(kAda, second), IsOk());
      EXPECT_THAT(Link(kAda, first), IsOk());
    }
    done = true;
  });
  while (!done) {
    const auto found = ResolveWithIdentities(first);
    EXPECT_THAT(found, IsOk());
    if (!found.ok() || found->candidates().empty()) continue;
    EXPECT_THAT(ValuesOf(found->holder_identities()),
                ElementsAre("ada@example.com"));
  }
  writer.join();
}

TEST_F(ResolveTest, ALookupThatLacksARowHidesOneIdentityAlone) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("ada@example.com")}),
              IsOk());
  const auto before = ResolveWithIdentities(Email("ada@example.com"));
  ASSERT_THAT(before, IsOk());
  const std::string key = before->candidates(0).identity().identity_key();
  harness_.database().Execute(absl::StrCat(
      "DELETE FROM contact_identities WHERE identity_key = X'", key, "'"));
  const auto after = ResolveWithIdentities(Email("ada@example.com"));
  ASSERT_THAT(after, IsOk());
  EXPECT_THAT(after->candidates(), SizeIs(1));
  EXPECT_THAT(ValuesOf(after->holder_identities()),
              ElementsAre("+14155552671"));
}

TEST_F(ResolveTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Resolve(Untyped("")),
              StatusIs(StatusCode::kInvalidArgument, "value.value"));
  v1::ResolveIdentityRequest request = ResolveOf(Untyped("a"));
  request.mutable_at_time()->set_nanos(-1);
  EXPECT_THAT(harness_.Call(&Stub::ResolveIdentity, request),
              StatusIs(StatusCode::kInvalidArgument, "at_time"));
  EXPECT_THAT(Resolve(Untyped("a"), kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Resolve(Untyped("a"), kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

TEST_F(ResolveTest, BatchAnswersEachItem) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("x", "bob")}), IsOk());
  v1::BatchResolveIdentitiesRequest request;
  *request.add_requests() = ResolveOf(Untyped("bob"));
  *request.add_requests() = ResolveOf(Untyped(""));
  *request.add_requests() = ResolveOf(Phone("415-555-2671"));
  *request.add_requests() = ResolveOf(Email("nobody@example.com"));
  *request.add_requests() = ResolveOf(Phone("+14155552671"));
  const auto batch = harness_.Call(&Stub::BatchResolveIdentities, request);
  ASSERT_THAT(batch, IsOk());
  ASSERT_THAT(batch->results(), SizeIs(5));
  const auto holder = [&](int i) {
    return batch->results(i).response().candidates(0).identity().contact_id();
  };
  EXPECT_EQ(holder(0), kBob);
  EXPECT_THAT(batch->results(1).error().message(), HasSubstr("value.value"));
  EXPECT_EQ(holder(2), kAda);
  EXPECT_EQ(batch->results(3).response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  EXPECT_EQ(holder(4), kAda);
}

TEST_F(ResolveTest, BatchAnswersEachItemWithTheIdentitiesItAsksFor) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("ada@example.com")}),
              IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("x", "bob")}), IsOk());
  v1::BatchResolveIdentitiesRequest request;
  for (const v1::ChannelValue& value :
       {Phone("+14155552671"), Untyped("bob"), Email("ada@example.com"),
        Untyped("bob"), Untyped("")}) {
    *request.add_requests() = ResolveOf(value);
  }
  for (const int asking : {0, 2, 3, 4}) {
    request.mutable_requests(asking)->set_include_holder_identities(true);
  }
  const auto batch = harness_.Call(&Stub::BatchResolveIdentities, request);
  ASSERT_THAT(batch, IsOk());
  const auto values = [&](int i) {
    return ValuesOf(batch->results(i).response().holder_identities());
  };
  EXPECT_THAT(values(0), ElementsAre("+14155552671", "ada@example.com"));
  EXPECT_FALSE(batch->results(1).response().has_holder_identities());
  EXPECT_EQ(values(2), values(0));
  EXPECT_THAT(values(3), ElementsAre("bob"));
  EXPECT_TRUE(batch->results(4).has_error());
}

TEST_F(ResolveTest, BatchTakesFiveHundred) {
  ASSERT_THAT(Claim(kAda, {External("shop", "499")}), IsOk());
  v1::BatchResolveIdentitiesRequest request;
  for (int i = 0; i < 500; ++i) {
    *request.add_requests() = ResolveOf(External("shop", std::to_string(i)));
  }
  const auto batch = harness_.Call(&Stub::BatchResolveIdentities, request);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(498).response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  EXPECT_EQ(batch->results(499).response().outcome(), v1::RESOLVE_OUTCOME_ONE);
  *request.add_requests() = ResolveOf(Untyped("a"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities, request),
              StatusIs(StatusCode::kInvalidArgument, "501 given"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities,
                            v1::BatchResolveIdentitiesRequest()),
              StatusIs(StatusCode::kInvalidArgument, "want 1 to 500"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities, request, kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(
      harness_.Call(&Stub::BatchResolveIdentities, request, kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

TEST_F(ResolveTest, AnotherTenantSeesNothing) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com"), Handle("x", "ada")}),
              IsOk());
  EXPECT_EQ(HolderOf(Email("ada@example.com"), kOther), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("@ada"), kOther), "RESOLVE_OUTCOME_NONE");
  // The same contact id in the other tenant is another contact.
  ASSERT_THAT(Claim(kAda, {Email("other@example.com")}, kOther), IsOk());
  EXPECT_THAT(ValuesOf(ResolveWithIdentities(Email("other@example.com"), kOther)
                           ->holder_identities()),
              ElementsAre("other@example.com"));
  v1::BatchResolveIdentitiesRequest request;
  *request.add_requests() = ResolveOf(Email("ada@example.com"));
  *request.add_requests() = ResolveOf(Untyped("ada"));
  const auto batch =
      harness_.Call(&Stub::BatchResolveIdentities, request, kOther);
  ASSERT_THAT(batch, IsOk());
  for (const auto& result : batch->results()) {
    EXPECT_EQ(result.response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  }
}

TEST_F(ResolveTest, HealsWhenTheDatabaseDropsItsSessions) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  harness_.database().KillSessions();
  // Each worker may notice once.
  int failed = 0;
  while (HolderOf(Email("ada@example.com")) != kAda) ASSERT_LT(++failed, 20);
}

}  // namespace
}  // namespace kith::identity
