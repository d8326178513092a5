// What callers are told who name a shared value, or view one who shares it.

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

// The stand-in contact of the phone of a household.
constexpr char kHome[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000f0";

identity::v1::Identity HomePhoneOf(const std::string& contact_id) {
  identity::v1::Identity identity;
  identity.set_contact_id(contact_id);
  identity.set_stand_in_contact_id(kHome);
  identity.add_sharing_contact_ids(kAda);
  identity.add_sharing_contact_ids(kBob);
  return identity;
}

// Ada and Bob share the phone that every value is.
class SharedViewTest : public ::testing::Test {
 protected:
  SharedViewTest() {
    gateway_.identity.batch_resolve = [](const auto& request, auto& response) {
      for (int i = 0; i < request.requests_size(); ++i) {
        auto& resolved = *response.add_results()->mutable_response();
        resolved.set_stand_in_contact_id(kHome);
        for (const char* id : {kAda, kBob}) {
          *resolved.add_candidates()->mutable_identity() = HomePhoneOf(id);
        }
      }
      return absl::OkStatus();
    };
    gateway_.identity.list = [](const auto& request, auto& response) {
      for (const auto& set : request.sets()) {
        auto& result = *response.add_results();
        for (const std::string& id : set.contact_ids()) {
          if (id == kCleo) continue;
          *result.add_identities() = HomePhoneOf(id);
        }
      }
      return absl::OkStatus();
    };
  }

  // Ada stands for both.
  void Merge() {
    gateway_.contacts.batch_get = [](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        contacts::v1::Contact& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kAda);
        contact.add_member_ids(kAda);
        contact.add_member_ids(kBob);
      }
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::GetCustomerViewResponse> View(const v1::CustomerRef& ref) {
    v1::GetCustomerViewRequest request;
    *request.mutable_customer() = ref;
    return gateway_.Call(&Stub::GetCustomerView, request);
  }

  static v1::CustomerRef ById(const std::string& id) {
    v1::CustomerRef ref;
    ref.set_contact_id(id);
    return ref;
  }

  static v1::CustomerRef ByPhone() {
    v1::CustomerRef ref;
    ref.mutable_value()->set_channel(identity::v1::CHANNEL_PHONE);
    ref.mutable_value()->set_value("+14155552671");
    return ref;
  }

  int Calls(const std::string& name) const {
    return static_cast<int>(absl::c_count(gateway_.record.names(), name));
  }

  static const google::rpc::Status& ErrorOfMayBe(const v1::CustomerView& view) {
    return view.parts(view.parts_size() - 1).error();
  }

  GatewayHarness gateway_;
};

TEST_F(SharedViewTest, AReferenceByTheValueIsAmbiguous) {
  const auto answer = View(ByPhone());
  ASSERT_THAT(answer, IsOk());
  ASSERT_TRUE(answer->has_ambiguous());
  EXPECT_EQ(answer->ambiguous().stand_in_contact_id(), kHome);
  EXPECT_THAT(answer->ambiguous().canonical_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(Calls("BatchGetActivity"), 0);
}

TEST_F(SharedViewTest, AWriteByTheValueIsRefused) {
  v1::UpdateContactRequest update;
  *update.mutable_customer() = ByPhone();
  EXPECT_THAT(gateway_.Call(&Stub::UpdateContact, update),
              StatusIs(StatusCode::kFailedPrecondition,
                       "customer: the value leads to more than one customer"));
}

TEST_F(SharedViewTest, WhoAreOneCustomerAreMeantByTheValue) {
  Merge();
  const auto answer = View(ByPhone());
  ASSERT_THAT(answer, IsOk());
  ASSERT_TRUE(answer->has_view());
  EXPECT_EQ(answer->view().canonical_id(), kAda);
  // What the stand-in has is told once, though both share the value.
  EXPECT_THAT(answer->view().may_be(), SizeIs(1));
}

TEST_F(SharedViewTest, WhatMayBeTheirsIsBesideWhatIs) {
  const auto answer = View(ById(kAda));
  ASSERT_THAT(answer, IsOk());
  const v1::CustomerView& view = answer->view();
  ASSERT_THAT(view.interactions(), SizeIs(1));
  EXPECT_EQ(view.interactions(0).contact_id(), kAda);
  ASSERT_THAT(view.may_be(), SizeIs(1));
  EXPECT_EQ(view.may_be(0).interaction().contact_id(), kHome);
  EXPECT_EQ(view.may_be(0).sharing_count(), 2);
  EXPECT_EQ(view.may_be(0).identity().contact_id(), kAda);
  EXPECT_EQ(Calls("BatchGetActivity"), 2);
  EXPECT_EQ(Calls("ListIdentities"), 1);
}

TEST_F(SharedViewTest, WhoSharesNothingCostsNoCall) {
  const auto answer = View(ById(kCleo));
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->view().may_be(), IsEmpty());
  EXPECT_EQ(Calls("BatchGetActivity"), 1);
}

TEST_F(SharedViewTest, TheStandInIsViewedByItsId) {
  const auto answer = View(ById(kHome));
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->view().interactions(), SizeIs(1));
  EXPECT_THAT(answer->view().may_be(), IsEmpty());
  EXPECT_EQ(Calls("BatchGetActivity"), 1);
}

TEST_F(SharedViewTest, ThePartAloneReadsWhatItNeeds) {
  v1::GetCustomerViewRequest request;
  *request.mutable_customer() = ById(kAda);
  request.mutable_read_mask()->add_paths("may_be");
  const auto answer = gateway_.Call(&Stub::GetCustomerView, request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->view().may_be(), SizeIs(1));
  EXPECT_THAT(answer->view().identities(), IsEmpty());
  EXPECT_THAT(answer->view().parts(), SizeIs(1));
  EXPECT_EQ(Calls("BatchGetActivity"), 1);
}

TEST_F(SharedViewTest, ABatchReadsAllThatMayBeTheirsInOneCall) {
  v1::BatchGetCustomerViewsRequest request;
  for (const char* id : {kAda, kCleo, kBob}) {
    *request.add_customers() = ById(id);
  }
  const auto answer = gateway_.Call(&Stub::BatchGetCustomerViews, request);
  ASSERT_THAT(answer, IsOk());
  std::vector<int> counts;
  for (const auto& result : answer->results()) {
    counts.push_back(result.response().view().may_be_size());
  }
  EXPECT_THAT(counts, ElementsAre(1, 0, 1));
  EXPECT_EQ(Calls("BatchGetActivity"), 2);
}

TEST_F(SharedViewTest, WhatCannotBeReadIsAnErrorOfThePart) {
  gateway_.interactions.activity = [](const auto& request, auto& response) {
    for (const auto& set : request.sets()) {
      if (set.contact_ids(0) == kHome) {
        return absl::UnavailableError("10.0.0.5:77");
      }
      response.add_results()->add_interactions()->set_contact_id(
          set.contact_ids(0));
    }
    return absl::OkStatus();
  };
  const auto answer = View(ById(kAda));
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->view().interactions(), SizeIs(1));
  EXPECT_EQ(ErrorOfMayBe(answer->view()).code(),
            static_cast<int>(StatusCode::kUnavailable));
}

TEST_F(SharedViewTest, WithoutTheIdentitiesNobodyKnowsWhatMayBeTheirs) {
  gateway_.identity.list = [](const auto&, auto&) {
    return absl::UnavailableError("10.0.0.5:77");
  };
  const auto answer = View(ById(kAda));
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(ErrorOfMayBe(answer->view()).code(),
            static_cast<int>(StatusCode::kUnavailable));
}

TEST_F(SharedViewTest, ARefusalSaidByTheValueIsItsStandIns) {
  std::vector<std::string> said;
  gateway_.identity.record_consent = [&](const auto& request, auto& response) {
    said.push_back(request.contact_id());
    response = request.consent();
    return absl::OkStatus();
  };
  v1::RecordConsentRequest request;
  *request.mutable_customer() = ByPhone();
  EXPECT_THAT(gateway_.Call(&Stub::RecordConsent, request), IsOk());
  EXPECT_THAT(said, ElementsAre(kHome));
}

TEST_F(SharedViewTest, WhetherTheValueMayBeContactedItsStandInDecides) {
  std::vector<std::string> asked;
  gateway_.identity.batch_may_contact = [&](const auto& request,
                                            auto& response) {
    for (const auto& question : request.requests()) {
      asked.insert(asked.end(), question.contact_ids().begin(),
                   question.contact_ids().end());
      response.add_results()->mutable_response()->set_answer(
          identity::v1::MAY_CONTACT_ANSWER_NO);
    }
    return absl::OkStatus();
  };
  v1::MayContactRequest request;
  *request.mutable_customer() = ByPhone();
  *request.mutable_value() = ByPhone().value();
  request.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
  const auto answer = gateway_.Call(&Stub::MayContact, request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->answer(), identity::v1::MAY_CONTACT_ANSWER_NO);
  EXPECT_THAT(asked, ElementsAre(kHome));
}

}  // namespace
}  // namespace kith::gateway
