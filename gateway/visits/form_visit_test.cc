// A form that names the visit in which it was sent.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using interactions::v1::Interaction;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

constexpr char kNamedVisit[] = "0123456789abcdef0123456789abcdef";

class FormVisitTest : public ::testing::Test {
 protected:
  FormVisitTest() {
    visit_.set_source("kith.visit");
    visit_.set_external_id(kNamedVisit);
    auto& attributes = *visit_.mutable_attributes();
    attributes["first.source"] = "ad";
    attributes["first.time"] = "2026-09-01T10:00:00+00:00";
    attributes["last.source"] = "letter";
    attributes["pages"] = "3";
    form_.add_identities()->set_channel(identity::v1::CHANNEL_EMAIL);
    form_.mutable_identities(0)->set_value("ada@example.com");
    form_.mutable_interaction()->set_kind(interactions::v1::KIND_WEB_EVENT);
    (*form_.mutable_interaction()->mutable_attributes())["kith_visit"] =
        kNamedVisit;
    form_.set_request_id("form-1");
    Answer();
  }

  // Has the services answer, and keep what they are asked.
  void Answer() {
    gateway_.interactions.lookup = [this](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        const Interaction& asked = item.request().interaction();
        auto& found = *response.add_results()->mutable_response();
        if (asked.source() != "kith.visit") continue;
        asked_.push_back(asked.external_id());
        if (visit_.external_id().empty()) continue;
        *found.mutable_known()->mutable_interaction() = visit_;
      }
      return absl::OkStatus();
    };
    gateway_.contacts.batch_ensure = [this](const auto& request,
                                            auto& response) {
      for (const auto& item : request.requests()) {
        ensured_.push_back(item);
        response.add_results()
            ->mutable_response()
            ->mutable_contact()
            ->set_contact_id(item.contact_id());
      }
      return absl::OkStatus();
    };
    gateway_.interactions.batch_record = [this](const auto& request,
                                                auto& response) {
      for (const auto& item : request.requests()) {
        recorded_.push_back(item.interaction());
        *response.add_results()->mutable_response()->mutable_interaction() =
            item.interaction();
      }
      return absl::OkStatus();
    };
  }

  absl::StatusOr<v1::RecordTouchResponse> Record(
      testing::TestKey key = testing::kDemoPublic) {
    return gateway_.Call(&Stub::RecordTouch, form_, key);
  }

  Interaction visit_;
  v1::RecordTouchRequest form_;
  std::vector<std::string> asked_;
  std::vector<contacts::v1::EnsureContactRequest> ensured_;
  std::vector<Interaction> recorded_;
  GatewayHarness gateway_;
};

TEST_F(FormVisitTest, ALeadKeepsFirstAndLastTouchOfItsVisit) {
  ASSERT_THAT(Record(), IsOk());
  EXPECT_THAT(asked_, ::testing::ElementsAre(kNamedVisit));
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact().attribution().utm_source(), "ad");
  EXPECT_EQ(ensured_[0].contact().attribution().touch_time().seconds(),
            1'788'256'800);
  ASSERT_THAT(recorded_, SizeIs(1));
  const auto& attributes = recorded_[0].attributes();
  EXPECT_THAT(attributes, Contains(Pair("kith_visit", kNamedVisit)));
  EXPECT_THAT(attributes, Contains(Pair("first.source", "ad")));
  EXPECT_THAT(attributes, Contains(Pair("last.source", "letter")));
  EXPECT_THAT(attributes, Not(Contains(Key("pages"))));
}

TEST_F(FormVisitTest, TheFormIsNotToldWhereItsVisitorCameFrom) {
  const auto told = Record();
  ASSERT_THAT(told, IsOk());
  EXPECT_THAT(told->interaction().attributes(),
              Contains(Pair("kith_visit", kNamedVisit)));
  EXPECT_THAT(told->interaction().attributes(),
              Not(Contains(Key("first.source"))));
}

TEST_F(FormVisitTest, AnAttributionOfTheFormItselfStays) {
  form_.mutable_contact()->mutable_attribution()->set_utm_source("told");
  ASSERT_THAT(Record(), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact().attribution().utm_source(), "told");
}

// As a connector says when a form came, also if it has no campaign.
TEST_F(FormVisitTest, ATimeAloneIsNoAttribution) {
  form_.mutable_contact()
      ->mutable_attribution()
      ->mutable_touch_time()
      ->set_seconds(1'790'000'000);
  ASSERT_THAT(Record(), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_EQ(ensured_[0].contact().attribution().utm_source(), "ad");
  EXPECT_EQ(ensured_[0].contact().attribution().touch_time().seconds(),
            1'788'256'800);
}

// It would make of a guess what a system reports.
TEST_F(FormVisitTest, ASystemReportsNoAttributionOfAVisit) {
  ASSERT_THAT(Record(testing::kDemo), IsOk());
  ASSERT_THAT(ensured_, SizeIs(1));
  EXPECT_FALSE(ensured_[0].contact().has_attribution());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_THAT(recorded_[0].attributes(), Contains(Pair("first.source", "ad")));
}

TEST_F(FormVisitTest, AFormIsRecordedThoughNobodyKnowsItsVisit) {
  visit_.clear_external_id();
  ASSERT_THAT(Record(), IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_THAT(recorded_[0].attributes(), SizeIs(1));
  EXPECT_FALSE(ensured_[0].contact().has_attribution());
}

TEST_F(FormVisitTest, NothingIsAskedWithoutAVisit) {
  (*form_.mutable_interaction()->mutable_attributes())["kith_visit"] =
      "x' OR 1=1";
  ASSERT_THAT(Record(), IsOk());
  EXPECT_THAT(asked_, IsEmpty());
}

// Else a form could read or correct visits.
TEST_F(FormVisitTest, NobodyButTheGatewayRecordsVisits) {
  form_.mutable_interaction()->set_source("kith.visit");
  form_.mutable_interaction()->set_external_id(kNamedVisit);
  for (const testing::TestKey key :
       {testing::kDemoPublic, testing::kDemo, testing::kDemoVerified}) {
    EXPECT_THAT(Record(key),
                StatusIs(StatusCode::kPermissionDenied, "the gateway alone"));
  }
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
