// Every code that the proto documents, for every RPC.

#include "interactions-svc/interactions_service.h"

#include <string>

#include "common/api/visit_source.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoAllTenants;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kDemoVerified;
using ::kith::testing::kNobody;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;

class InteractionsServiceTest : public InteractionsTest {
 protected:
  // Calls every method with a good request, and hands each status to `each`.
  template <typename Each>
  void ForEveryMethod(TestKey key, Each each) {
    const auto request = Own(v1::KIND_NOTE, "r-1");
    each(Record(request, key).status());
    each(BatchRecord({request}, key).status());
    each(Lookup(request, key).status());
    v1::BatchFindRecordingsRequest lookups;
    *lookups.add_requests()->mutable_request() = request;
    each(harness_.Call(&Stub::BatchFindRecordings, lookups, key).status());
    v1::ListInteractionsRequest list;
    list.add_sets()->add_contact_ids(kAda);
    each(List(list, key).status());
    v1::BatchGetActivityRequest activity;
    activity.add_sets()->add_contact_ids(kAda);
    each(GetActivity(activity, key).status());
  }
};

TEST_F(InteractionsServiceTest, AGoodRequestIsAnsweredByEveryMethod) {
  ForEveryMethod(testing::kDemo, [](const absl::Status& status) {
    EXPECT_THAT(status, IsOk());
  });
}

TEST_F(InteractionsServiceTest, EveryMethodNeedsAKey) {
  ForEveryMethod(kNobody, [](const absl::Status& status) {
    EXPECT_THAT(status, StatusIs(StatusCode::kUnauthenticated));
  });
}

TEST_F(InteractionsServiceTest, EveryMethodNeedsItsScope) {
  ForEveryMethod(kDemoNoScopes, [](const absl::Status& status) {
    EXPECT_THAT(status,
                StatusIs(StatusCode::kPermissionDenied, "interactions."));
  });
}

TEST_F(InteractionsServiceTest, EveryMethodRefusesABadRequest) {
  const auto bad = [](const absl::Status& status) {
    EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument));
  };
  bad(Record({}).status());
  bad(BatchRecord({}).status());
  bad(Lookup({}).status());
  bad(harness_
          .Call(&Stub::BatchFindRecordings, v1::BatchFindRecordingsRequest())
          .status());
  bad(List({}).status());
  bad(GetActivity({}).status());
}

TEST_F(InteractionsServiceTest, AMissingKeyOfIdempotenceNamesBothWays) {
  v1::RecordInteractionRequest request = Own(v1::KIND_NOTE, "");
  EXPECT_THAT(Record(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_THAT(Record(request),
              StatusIs(StatusCode::kInvalidArgument, "external_id"));
}

TEST_F(InteractionsServiceTest, ARequestIdOfAFormIsItsOwn) {
  const auto by_form = Record(Own(v1::KIND_NOTE, "order-1"), kDemoPublic);
  ASSERT_THAT(by_form, IsOk());
  // Of other content, as the shop's own touch is.
  const auto by_shop = Record(Own(v1::KIND_CALL, "order-1"));
  ASSERT_THAT(by_shop, IsOk());
  EXPECT_EQ(by_shop->outcome(), v1::RECORD_OUTCOME_RECORDED);
  const auto repeat = Record(Own(v1::KIND_NOTE, "order-1"), kDemoPublic);
  ASSERT_THAT(repeat, IsOk());
  EXPECT_EQ(repeat->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(repeat->interaction().interaction_id(),
            by_form->interaction().interaction_id());
}

TEST_F(InteractionsServiceTest, AnUnauthenticatedKeyCannotNameASource) {
  const auto reported = Reported(v1::KIND_CALL, "call-1");
  EXPECT_THAT(Record(reported, kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied, "source"));
  EXPECT_THAT(Lookup(reported, kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied, "source"));
  const auto batch =
      BatchRecord({reported, Own(v1::KIND_NOTE, "r-1")}, kDemoPublic);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(0).error().code(),
            static_cast<int>(StatusCode::kPermissionDenied));
  EXPECT_TRUE(batch->results(1).has_response());
  EXPECT_EQ(Rows("interactions"), 1);
}

TEST_F(InteractionsServiceTest, TheGatewayAloneRecordsAndCorrectsVisits) {
  v1::RecordInteractionRequest visit =
      Revision(2, v1::OUTCOME_UNSPECIFIED, Reported(v1::KIND_WEB_EVENT, "v-1"));
  visit.mutable_interaction()->set_source(api::kVisitSource);
  for (const TestKey key : {kDemo, kDemoPublic, kDemoVerified}) {
    EXPECT_THAT(Record(visit, key),
                StatusIs(StatusCode::kPermissionDenied, "the gateway alone"));
  }
  EXPECT_EQ(Rows("interactions"), 0);
  ASSERT_THAT(Record(visit, kDemoAllTenants), IsOk());
  visit.mutable_interaction()->set_source_revision(1);
  (*visit.mutable_interaction()->mutable_attributes())["pages"] = "1";
  const auto late = Record(visit, kDemoAllTenants);
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->outcome(), v1::RECORD_OUTCOME_OUTDATED);
  visit.mutable_interaction()->set_source_revision(3);
  EXPECT_THAT(Record(visit, kDemo), StatusIs(StatusCode::kPermissionDenied));
  const auto corrected = Record(visit, kDemoAllTenants);
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->outcome(), v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(Rows("interactions"), 1);
}

// As a form names the visit in which it was sent.
TEST_F(InteractionsServiceTest, AVisitIsFoundByItsId) {
  v1::RecordInteractionRequest visit =
      Revision(2, v1::OUTCOME_UNSPECIFIED, Reported(v1::KIND_WEB_EVENT, "v-1"));
  visit.mutable_interaction()->set_source(api::kVisitSource);
  ASSERT_THAT(Record(visit, kDemoAllTenants), IsOk());
  visit.mutable_interaction()->clear_contact_id();
  visit.mutable_interaction()->set_source_revision(0);
  for (const TestKey key : {kDemo, kDemoPublic}) {
    const auto found = Lookup(visit, key);
    ASSERT_THAT(found, IsOk());
    EXPECT_EQ(found->known().interaction().external_id(), "v-1");
    EXPECT_EQ(found->known().interaction().source_revision(), 2);
  }
  const auto elsewhere = Lookup(visit, kOther);
  ASSERT_THAT(elsewhere, IsOk());
  EXPECT_FALSE(elsewhere->has_known());
}

TEST_F(InteractionsServiceTest, ActivityRefusesPageTokens) {
  v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.mutable_sets(0)->set_page_token("x");
  EXPECT_THAT(GetActivity(request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(InteractionsServiceTest, AListRefusesTwoFilters) {
  v1::ListInteractionsRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.set_kind(v1::KIND_CALL);
  request.set_identity_key(kIdentity);
  EXPECT_THAT(List(request),
              StatusIs(StatusCode::kInvalidArgument, "identity_key"));
}

TEST_F(InteractionsServiceTest, ADatabaseThatIsGoneFailsTheWholeBatch) {
  harness_.database().Execute("RENAME TABLE summaries TO elsewhere");
  EXPECT_THAT(BatchRecord({Own(v1::KIND_NOTE, "r-1")}),
              StatusIs(StatusCode::kInternal, "internal error"));
  EXPECT_EQ(Rows("interactions") + Rows("requests"), 0);
  harness_.database().Execute("RENAME TABLE elsewhere TO summaries");
  EXPECT_THAT(Record(Own(v1::KIND_NOTE, "r-1")), IsOk());
}

}  // namespace
}  // namespace kith::interactions
