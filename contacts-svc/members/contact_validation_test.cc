#include "contacts-svc/members/contact_validation.h"

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

const absl::Time kTimeOfCall = absl::FromUnixSeconds(1'790'000'000);
constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

// Two bytes a character: limits count characters.
std::string Text(int characters) {
  std::string text;
  for (int i = 0; i < characters; ++i) text += "\xC3\xBC";
  return text;
}

absl::Status ValidateContact(const std::function<void(v1::Contact&)>& set) {
  v1::CreateContactRequest request;
  set(*request.mutable_contact());
  return Validate(request, kTimeOfCall);
}

// The longest text of a field is taken, and one character more is refused.
void ExpectAtMost(int limit, const std::string& field,
                  const std::function<void(v1::Contact&, std::string)>& set) {
  EXPECT_THAT(ValidateContact([&](auto& c) { set(c, Text(limit)); }), IsOk())
      << field;
  EXPECT_THAT(ValidateContact([&](auto& c) { set(c, Text(limit + 1)); }),
              StatusIs(StatusCode::kInvalidArgument,
                       absl::StrCat(field, ": ", limit + 1)))
      << field;
}

TEST(ContactValidationTest, AContactNeedsNothing) {
  EXPECT_THAT(ValidateContact([](auto&) {}), IsOk());
}

TEST(ContactValidationTest, TextsHaveLimits) {
  ExpectAtMost(200, "contact.display_name",
               [](auto& c, auto text) { c.set_display_name(text); });
  ExpectAtMost(100, "contact.given_name",
               [](auto& c, auto text) { c.set_given_name(text); });
  ExpectAtMost(100, "contact.family_name",
               [](auto& c, auto text) { c.set_family_name(text); });
  ExpectAtMost(100, "contact.owner",
               [](auto& c, auto text) { c.set_owner(text); });
}

TEST(ContactValidationTest, AttributionHasLimits) {
  const std::string name = "contact.attribution.";
  ExpectAtMost(500, name + "utm_source", [](auto& c, auto text) {
    c.mutable_attribution()->set_utm_source(text);
  });
  ExpectAtMost(500, name + "utm_medium", [](auto& c, auto text) {
    c.mutable_attribution()->set_utm_medium(text);
  });
  ExpectAtMost(500, name + "utm_campaign", [](auto& c, auto text) {
    c.mutable_attribution()->set_utm_campaign(text);
  });
  ExpectAtMost(500, name + "affiliate", [](auto& c, auto text) {
    c.mutable_attribution()->set_affiliate(text);
  });
  ExpectAtMost(8192, name + "landing_page", [](auto& c, auto text) {
    c.mutable_attribution()->set_landing_page(text);
  });
  ExpectAtMost(8192, name + "referrer", [](auto& c, auto text) {
    c.mutable_attribution()->set_referrer(text);
  });
  EXPECT_THAT(
      ValidateContact([](auto& c) {
        c.mutable_attribution()->mutable_touch_time()->set_seconds(int64_t{1}
                                                                   << 60);
      }),
      StatusIs(StatusCode::kInvalidArgument, "contact.attribution.touch_time"));
}

TEST(ContactValidationTest, AnAttributionIsOfATimeThatCanBe) {
  const auto at = [](absl::Time time) {
    return ValidateContact([time](auto& c) {
      *c.mutable_attribution()->mutable_touch_time() = base::ToProto(time);
    });
  };
  const absl::Time first = absl::FromUnixSeconds(631'152'000);  // 1990
  const absl::Time last = kTimeOfCall + absl::Hours(24);
  EXPECT_THAT(at(first), IsOk());
  EXPECT_THAT(at(last), IsOk());
  for (const absl::Time bad :
       {first - absl::Seconds(1), last + absl::Seconds(1), absl::UnixEpoch(),
        // The zero time of Go and .NET.
        absl::FromUnixSeconds(-62'135'596'800)}) {
    EXPECT_THAT(at(bad), StatusIs(StatusCode::kInvalidArgument,
                                  "contact.attribution.touch_time: want a time "
                                  "from 1990 to a day from now"))
        << bad;
  }
}

TEST(ContactValidationTest, LabelsAreFewShortAndDifferent) {
  const auto labels = [](int count) {
    return ValidateContact([count](auto& c) {
      for (int i = 0; i < count; ++i) c.add_labels(absl::StrCat("l", i));
    });
  };
  EXPECT_THAT(labels(50), IsOk());
  EXPECT_THAT(labels(51),
              StatusIs(StatusCode::kInvalidArgument, "contact.labels: 51"));
  EXPECT_THAT(ValidateContact([](auto& c) { c.add_labels(Text(64)); }), IsOk());
  for (const std::string& bad : {Text(65), std::string()}) {
    EXPECT_THAT(ValidateContact([&](auto& c) { c.add_labels(bad); }),
                StatusIs(StatusCode::kInvalidArgument, "contact.labels"));
  }
  EXPECT_THAT(ValidateContact([](auto& c) {
                c.add_labels("vip");
                c.add_labels("vip");
              }),
              StatusIs(StatusCode::kInvalidArgument, "each once"));
}

TEST(ContactValidationTest, RolesAreKnownAndDifferent) {
  const auto role = [](int value) {
    return ValidateContact(
        [value](auto& c) { c.add_roles(static_cast<v1::Role>(value)); });
  };
  EXPECT_THAT(role(v1::ROLE_AFFILIATE), IsOk());
  EXPECT_THAT(role(v1::ROLE_UNSPECIFIED),
              StatusIs(StatusCode::kInvalidArgument, "contact.roles"));
  EXPECT_THAT(role(99),
              StatusIs(StatusCode::kInvalidArgument, "contact.roles"));
  EXPECT_THAT(ValidateContact([](auto& c) {
                c.add_roles(v1::ROLE_AFFILIATE);
                c.add_roles(v1::ROLE_AFFILIATE);
              }),
              StatusIs(StatusCode::kInvalidArgument, "each once"));
}

TEST(ContactValidationTest, AttributesAreFewAndNamed) {
  const auto attribute = [](const std::string& key, const std::string& value) {
    return ValidateContact(
        [&](auto& c) { (*c.mutable_attributes())[key] = value; });
  };
  EXPECT_THAT(attribute("shoe.size_2-eu", Text(1000)), IsOk());
  EXPECT_THAT(
      attribute("size", Text(1001)),
      StatusIs(StatusCode::kInvalidArgument, "contact.attributes[size]: 1001"));
  for (const std::string& key : {std::string(), std::string("Size"),
                                 std::string("2size"), std::string(65, 'a')}) {
    EXPECT_THAT(attribute(key, "x"),
                StatusIs(StatusCode::kInvalidArgument, "contact.attributes"))
        << key;
  }
  EXPECT_THAT(ValidateContact([](auto& c) {
                for (int i = 0; i < 65; ++i) {
                  (*c.mutable_attributes())[absl::StrCat("k", i)] = "x";
                }
              }),
              StatusIs(StatusCode::kInvalidArgument, "contact.attributes: 65"));
}

TEST(ContactValidationTest, IdsAndEnumsAreWhatTheyShouldBe) {
  EXPECT_THAT(ValidateContact([](auto& c) { c.set_account_id(kId); }), IsOk());
  EXPECT_THAT(ValidateContact([](auto& c) { c.set_account_id("17"); }),
              StatusIs(StatusCode::kInvalidArgument, "contact.account_id"));
  EXPECT_THAT(ValidateContact([](auto& c) {
                c.set_kind(static_cast<v1::ContactKind>(99));
              }),
              StatusIs(StatusCode::kInvalidArgument, "contact.kind: 99"));
  EXPECT_THAT(
      ValidateContact([](auto& c) { c.set_stage(static_cast<v1::Stage>(99)); }),
      StatusIs(StatusCode::kInvalidArgument, "contact.stage: 99"));
}

TEST(ContactValidationTest, CompanionsHaveAnIdAndAValueForPeople) {
  v1::EnsureContactRequest request;
  request.set_contact_id(kId);
  for (int i = 0; i < 20; ++i) {
    v1::Companion& companion = *request.add_companions();
    companion.set_contact_id(kId);
    companion.set_value(std::string(400, 'x'));
  }
  EXPECT_THAT(Validate(request, kTimeOfCall), IsOk());
  request.mutable_companions(3)->set_contact_id("17");
  request.mutable_companions(4)->clear_contact_id();
  request.mutable_companions(5)->clear_value();
  request.mutable_companions(6)->set_value(std::string(401, 'x'));
  *request.add_companions() = request.companions(0);
  for (const char* fault :
       {"companions[3].contact_id: want a UUID",
        "companions[4].contact_id: empty",
        "companions[5].value: empty, want 1 to 400 characters",
        "companions[6].value: 401 characters, want at most 400",
        "companions: 21 given, want at most 20"}) {
    EXPECT_THAT(Validate(request, kTimeOfCall),
                StatusIs(StatusCode::kInvalidArgument, fault));
  }
}

TEST(ContactValidationTest, NoTouchMakesAFormer) {
  v1::EnsureContactRequest request;
  request.set_contact_id(kId);
  request.set_at_least_stage(v1::STAGE_CUSTOMER);
  EXPECT_THAT(Validate(request, kTimeOfCall), IsOk());
  request.set_at_least_stage(v1::STAGE_FORMER);
  EXPECT_THAT(Validate(request, kTimeOfCall),
              StatusIs(StatusCode::kInvalidArgument, "at_least_stage"));
  request.clear_at_least_stage();
  request.mutable_contact()->set_stage(v1::STAGE_FORMER);
  EXPECT_THAT(Validate(request, kTimeOfCall),
              StatusIs(StatusCode::kInvalidArgument, "contact.stage"));
}

TEST(ContactValidationTest, AnUpdateNamesFieldsThatCanChange) {
  v1::UpdateContactRequest request;
  request.mutable_contact()->set_contact_id(kId);
  EXPECT_THAT(Validate(request, kTimeOfCall),
              StatusIs(StatusCode::kInvalidArgument, "update_mask: empty"));
  request.mutable_update_mask()->add_paths("owner");
  EXPECT_THAT(Validate(request, kTimeOfCall), IsOk());
  request.mutable_update_mask()->add_paths("kind");
  EXPECT_THAT(Validate(request, kTimeOfCall),
              StatusIs(StatusCode::kInvalidArgument, "\"kind\""));
}

TEST(ContactValidationTest, ABatchHasOneToFiveHundred) {
  v1::BatchGetContactsRequest request;
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "contact_ids: 0"));
  for (int i = 0; i < 500; ++i) request.add_contact_ids(kId);
  EXPECT_THAT(Validate(request), IsOk());
  request.add_contact_ids("17");
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "contact_ids: 501"));
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "contact_ids[500]"));
}

}  // namespace
}  // namespace kith::contacts
