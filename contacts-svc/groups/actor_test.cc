#include "contacts-svc/groups/actor.h"

#include "common/auth/scopes.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

v1::Actor ActorOf(v1::ActorKind kind, const char* name) {
  v1::Actor actor;
  actor.set_kind(kind);
  actor.set_name(name);
  return actor;
}

base::Principal KeyWith(const char* scope) {
  base::Principal key;
  key.key_id = "demo";
  key.scopes.insert(scope);
  return key;
}

base::Principal Bea() {
  base::Principal person = KeyWith("contacts.write");
  person.subject = "u-7";
  person.person = "bea@example.com";
  return person;
}

TEST(ActorTest, AKeyStatesAPersonOnlyWithTheScope) {
  v1::Actor dana = ActorOf(v1::ACTOR_KIND_PERSON, "Dana");
  EXPECT_THAT(SetActor(KeyWith(auth::kAssertActorsScope), dana), IsOk());
  EXPECT_EQ(dana.name(), "Dana");
  EXPECT_THAT(
      SetActor(KeyWith("contacts.write"), dana),
      StatusIs(StatusCode::kPermissionDenied, "lacks the scope actors.assert"));
}

TEST(ActorTest, AKeyNeedsNoScopeForASystem) {
  v1::Actor job = ActorOf(v1::ACTOR_KIND_SYSTEM, "nightly");
  EXPECT_THAT(SetActor(KeyWith("contacts.write"), job), IsOk());
  // The validation refuses it.
  v1::Actor nobody;
  EXPECT_THAT(SetActor(KeyWith("contacts.write"), nobody), IsOk());
  EXPECT_EQ(nobody.kind(), v1::ACTOR_KIND_UNSPECIFIED);
}

TEST(ActorTest, WhoCallsWithATokenIsTheActor) {
  v1::Actor unset;
  EXPECT_THAT(SetActor(Bea(), unset), IsOk());
  EXPECT_EQ(unset.kind(), v1::ACTOR_KIND_PERSON);
  EXPECT_EQ(unset.name(), "bea@example.com");
  EXPECT_THAT(SetActor(Bea(), unset), IsOk());
}

TEST(ActorTest, WhoCallsWithATokenIsNobodyElse) {
  base::Principal bea = Bea();
  bea.scopes.insert(auth::kAssertActorsScope);
  for (v1::Actor actor : {ActorOf(v1::ACTOR_KIND_PERSON, "Dana"),
                          ActorOf(v1::ACTOR_KIND_PERSON, ""),
                          ActorOf(v1::ACTOR_KIND_PERSON, "u-7"),
                          ActorOf(v1::ACTOR_KIND_SYSTEM, "bea@example.com"),
                          ActorOf(v1::ACTOR_KIND_UNSPECIFIED, "Dana")}) {
    EXPECT_THAT(SetActor(bea, actor),
                StatusIs(StatusCode::kPermissionDenied, "want it unset"))
        << actor.ShortDebugString();
  }
}

TEST(ActorTest, TheGatewayMergesVisitorsByARule) {
  v1::MergeContactsRequest merge;
  *merge.mutable_actor() = ActorOf(v1::ACTOR_KIND_SYSTEM, "RecordTouch");
  EXPECT_THAT(SetActorOf(Bea(), merge),
              StatusIs(StatusCode::kPermissionDenied));
  merge.set_absorbed_are_anonymous(true);
  EXPECT_THAT(SetActorOf(Bea(), merge), IsOk());
  EXPECT_EQ(merge.actor().name(), "RecordTouch");
  merge.mutable_actor()->set_kind(v1::ACTOR_KIND_PERSON);
  EXPECT_THAT(SetActorOf(Bea(), merge),
              StatusIs(StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace kith::contacts
