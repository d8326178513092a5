#include "contacts-svc/members/contact_fields.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/base/times.h"
#include "common/testing/from_text.h"
#include "common/testing/matchers.h"
#include "contacts-svc/members/form_fields.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using ::kith::testing::EqualsProto;
using ::kith::testing::FromText;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kOrganisation[] = "0192f0c1-2a3b-7c4d-8e5f-aaaaaaaaaaaa";
constexpr char kOtherOrganisation[] = "0192f0c1-2a3b-7c4d-8e5f-bbbbbbbbbbbb";

const absl::Time kThen = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kLater = kThen + absl::Hours(1);

ContactRow RowOf(const std::string& text) {
  return NewContact(base::Uuid::Make(kThen), FromText<v1::Contact>(text),
                    kThen);
}

std::vector<std::string> Fill(const std::string& text, ContactRow& row) {
  const google::protobuf::FieldMask filled =
      FillFields(FromText<v1::Contact>(text), kLater, row);
  return {filled.paths().begin(), filled.paths().end()};
}

// What an UpdateContact of one field writes.
void Update(const std::string& path, const std::string& text, ContactRow& row) {
  v1::UpdateContactRequest request;
  *request.mutable_contact() = FromText<v1::Contact>(text);
  request.mutable_update_mask()->add_paths(path);
  ApplyMask(request, kLater, row);
}

v1::Contact With(v1::Contact contact, const std::string& text) {
  contact.MergeFrom(FromText<v1::Contact>(text));
  return contact;
}

// A field that a touch may fill, and two values of it.
struct Fillable {
  const char* path;
  std::string text;
  std::string other;
};

void PrintTo(const Fillable& fillable, std::ostream* out) {
  *out << fillable.path;
}

class FillableFields : public ::testing::TestWithParam<Fillable> {};

TEST_P(FillableFields, TakeTheFirstValueAndKeepIt) {
  const auto& [path, text, other] = GetParam();
  ContactRow row = RowOf("");
  const v1::Contact before = row.contact;
  EXPECT_THAT(Fill(text, row), ElementsAre(path));
  EXPECT_THAT(row.contact, EqualsProto(With(before, text)));
  EXPECT_THAT(Fill(text, row), IsEmpty());
  EXPECT_THAT(Fill("", row), IsEmpty());
  EXPECT_THAT(row.contact, EqualsProto(With(before, text)));
  EXPECT_EQ(row.set_fields, 0);
}

TEST_P(FillableFields, KeepAValueThatCameWithTheContact) {
  const auto& [path, text, other] = GetParam();
  ContactRow row = RowOf(text);
  const v1::Contact before = row.contact;
  EXPECT_THAT(Fill(other, row), IsEmpty());
  EXPECT_THAT(row.contact, EqualsProto(before));
}

TEST_P(FillableFields, KeepAValueThatAnUpdateSet) {
  const auto& [path, text, other] = GetParam();
  ContactRow row = RowOf("");
  Update(path, text, row);
  const v1::Contact before = row.contact;
  EXPECT_THAT(Fill(other, row), IsEmpty());
  EXPECT_THAT(row.contact, EqualsProto(before));
}

TEST_P(FillableFields, StayClearedAfterAnUpdate) {
  const auto& [path, text, other] = GetParam();
  ContactRow row = RowOf(text);
  Update(path, "", row);
  const v1::Contact before = row.contact;
  EXPECT_THAT(Fill(text, row), IsEmpty());
  EXPECT_THAT(row.contact, EqualsProto(before));
}

INSTANTIATE_TEST_SUITE_P(
    All, FillableFields,
    ::testing::Values(
        Fillable{"display_name", "display_name: 'Ada'",
                 "display_name: 'Grace'"},
        Fillable{"given_name", "given_name: 'Ada'", "given_name: 'Grace'"},
        Fillable{"family_name", "family_name: 'Q'", "family_name: 'R'"},
        Fillable{"roles", "roles: ROLE_AFFILIATE", "roles: ROLE_AFFILIATE"},
        Fillable{"account_id",
                 absl::StrCat("account_id: '", kOrganisation, "'"),
                 absl::StrCat("account_id: '", kOtherOrganisation, "'")},
        Fillable{"owner", "owner: 'sales-1'", "owner: 'sales-2'"},
        Fillable{"attributes", "attributes { key: 'tier' value: 'gold' }",
                 "attributes { key: 'tier' value: 'iron' }"},
        Fillable{"labels", "labels: 'vip' labels: 'new'", "labels: 'old'"}));

TEST(ContactFieldsTest, FilledFieldsComeInTheOrderOfTheirNumbers) {
  ContactRow row = RowOf("given_name: 'Ada'");
  EXPECT_THAT(Fill("labels: 'vip' owner: 'sales-1' display_name: 'Ada Q' "
                   "given_name: 'Grace' "
                   "attributes { key: 'tier' value: 'gold' }",
                   row),
              ElementsAre("display_name", "owner", "attributes", "labels"));
  EXPECT_EQ(row.contact.given_name(), "Ada");
}

TEST(ContactFieldsTest, OtherFieldsAreNeverFilled) {
  ContactRow row = RowOf("");
  row.contact.clear_stage();
  const v1::Contact before = row.contact;
  EXPECT_THAT(Fill(absl::StrCat("contact_id: '", kOrganisation,
                                "' kind: CONTACT_KIND_ORGANIZATION "
                                "stage: STAGE_CUSTOMER etag: '7' "
                                "attribution { utm_source: 'ads' } "
                                "delete_time { seconds: 1 }"),
                   row),
              IsEmpty());
  EXPECT_THAT(row.contact, EqualsProto(before));
}

TEST(ContactFieldsTest, AFilledAccountIsInLowerCase) {
  ContactRow row = RowOf("");
  EXPECT_THAT(Fill("account_id: '0192F0C1-2A3B-7C4D-8E5F-AAAAAAAAAAAA'", row),
              ElementsAre("account_id"));
  EXPECT_EQ(row.contact.account_id(), kOrganisation);
}

TEST(ContactFieldsTest, MissingAttributesAreAddedToThoseThatAreThere) {
  ContactRow row = RowOf("attributes { key: 'tier' value: 'gold' }");
  EXPECT_THAT(Fill("attributes { key: 'tier' value: 'iron' } "
                   "attributes { key: 'birthday' value: '1815-12-10' } "
                   "attributes { key: 'empty' }",
                   row),
              ElementsAre("attributes"));
  EXPECT_THAT(row.contact.attributes(),
              ::testing::UnorderedElementsAre(
                  ::testing::Pair("tier", "gold"),
                  ::testing::Pair("birthday", "1815-12-10")));
  // An update of any attribute is one of all.
  Update("attributes", "attributes { key: 'tier' value: 'gold' }", row);
  EXPECT_THAT(Fill("attributes { key: 'birthday' value: '1815-12-10' }", row),
              IsEmpty());
}

TEST(ContactFieldsTest, AttributesAreAddedInOrderWhileThereIsRoom) {
  const auto attributes = [](char prefix, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&text, "attributes { key: '", std::string(1, prefix),
                      10 + i, "' value: 'x' } ");
    }
    return text;
  };
  ContactRow row = RowOf(attributes('m', api::kMaxAttributes - 2));
  const std::string more = attributes('z', 3) + attributes('a', 1);
  EXPECT_THAT(Fill(more, row), ElementsAre("attributes"));
  EXPECT_EQ(row.contact.attributes_size(), api::kMaxAttributes);
  EXPECT_TRUE(row.contact.attributes().contains("a10"));
  EXPECT_TRUE(row.contact.attributes().contains("z10"));
  EXPECT_THAT(Fill(more, row), IsEmpty());
}

TEST(ContactFieldsTest, WhatAFormAloneHasSetIsReplaced) {
  ContactRow row = RowOf(
      "display_name: 'Mallory' given_name: 'M' labels: 'vip' "
      "attributes { key: 'birthday' value: '1970-02-03' } "
      "attributes { key: 'tier' value: 'gold' }");
  SetFormFields(row.contact);
  EXPECT_THAT(row.contact.form_fields().paths(),
              ElementsAre("kind", "display_name", "given_name",
                          "attributes.birthday", "attributes.tier", "labels"));
  EXPECT_THAT(Fill("display_name: 'Ada' labels: 'new' "
                   "attributes { key: 'birthday' value: '1815-12-10' }",
                   row),
              ElementsAre("display_name", "attributes", "labels"));
  EXPECT_EQ(row.contact.display_name(), "Ada");
  EXPECT_THAT(row.contact.labels(), ElementsAre("new"));
  EXPECT_EQ(row.contact.attributes().at("birthday"), "1815-12-10");
  EXPECT_EQ(row.contact.attributes().at("tier"), "gold");
  EXPECT_THAT(row.contact.form_fields().paths(),
              ElementsAre("kind", "given_name", "attributes.tier"));
  // Once somebody else has set it, it stays.
  EXPECT_THAT(Fill("display_name: 'Bea' attributes { key: 'birthday' value: "
                   "'1900-03-04' }",
                   row),
              IsEmpty());
  Update("given_name", "given_name: 'Augusta'", row);
  Update("attributes", "attributes { key: 'tier' value: 'iron' }", row);
  EXPECT_THAT(row.contact.form_fields().paths(), ElementsAre("kind"));
  EXPECT_THAT(Fill("given_name: 'Bea'", row), IsEmpty());
}

TEST(ContactFieldsTest, TheKindAndAttributionOfAFormAreReplacedOnce) {
  ContactRow row = RowOf(
      "kind: CONTACT_KIND_ORGANIZATION "
      "attribution { affiliate: 'evil' touch_time { seconds: 1 } }");
  SetFormFields(row.contact);
  EXPECT_THAT(Fill("attribution {}", row), IsEmpty());
  EXPECT_THAT(Fill("kind: CONTACT_KIND_PERSON attribution { utm_source: 'g' "
                   "touch_time { seconds: 9 } }",
                   row),
              ElementsAre("kind", "attribution"));
  EXPECT_EQ(row.contact.kind(), v1::CONTACT_KIND_PERSON);
  EXPECT_EQ(row.contact.attribution().utm_source(), "g");
  EXPECT_EQ(row.contact.attribution().affiliate(), "");
  EXPECT_FALSE(row.contact.has_form_fields());
  EXPECT_THAT(Fill("kind: CONTACT_KIND_ORGANIZATION "
                   "attribution { affiliate: 'late' }",
                   row),
              IsEmpty());
  EXPECT_EQ(row.contact.kind(), v1::CONTACT_KIND_PERSON);
}

TEST(ContactFieldsTest, AFormsFieldThatIsSaidAgainIsNoLongerAForms) {
  ContactRow row = RowOf("display_name: 'Ada'");
  SetFormFields(row.contact);
  EXPECT_THAT(Fill("display_name: 'Ada'", row), ElementsAre("display_name"));
  EXPECT_THAT(Fill("display_name: 'Ada'", row), IsEmpty());
  EXPECT_THAT(Fill("display_name: 'Bea'", row), IsEmpty());
}

TEST(ContactFieldsTest, ANewContactHasDefaultsAndNothingOfTheOutput) {
  const ContactRow row = RowOf(
      "canonical_id: 'x' member_ids: 'y' etag: '7' delete_time { seconds: 1 } "
      "stage_times { stage: STAGE_CUSTOMER } display_name: 'Ada'");
  EXPECT_EQ(row.contact.kind(), v1::CONTACT_KIND_PERSON);
  EXPECT_EQ(row.contact.stage(), v1::STAGE_LEAD);
  EXPECT_EQ(row.contact.canonical_id(), row.id.ToString());
  EXPECT_THAT(row.contact.member_ids(), ElementsAre(row.id.ToString()));
  EXPECT_THAT(row.contact.etag(), IsEmpty());
  EXPECT_FALSE(row.contact.has_delete_time());
  ASSERT_EQ(row.contact.stage_times_size(), 1);
  EXPECT_EQ(row.contact.stage_times(0).stage(), v1::STAGE_LEAD);
  EXPECT_EQ(base::FromProto(row.contact.stage_times(0).time()), kThen);
  EXPECT_TRUE(row.alone());
}

TEST(ContactFieldsTest, AnUpdateOfTheStageKeepsTheTimesOfEarlierOnes) {
  ContactRow row = RowOf("stage: STAGE_QUALIFIED");
  Update("stage", "stage: STAGE_LEAD", row);
  Update("stage", "stage: STAGE_QUALIFIED", row);
  ASSERT_EQ(row.contact.stage_times_size(), 2);
  EXPECT_EQ(row.contact.stage_times(0).stage(), v1::STAGE_LEAD);
  EXPECT_EQ(base::FromProto(row.contact.stage_times(0).time()), kLater);
  EXPECT_EQ(base::FromProto(row.contact.stage_times(1).time()), kThen);
  // A stage cannot be cleared.
  Update("stage", "", row);
  EXPECT_EQ(row.contact.stage(), v1::STAGE_QUALIFIED);
}

TEST(ContactFieldsTest, AnUpdateReplacesListsAndMessages) {
  ContactRow row = RowOf(
      "labels: 'a' labels: 'b' attributes { key: 'tier' value: 'gold' } "
      "attribution { utm_source: 'ads' referrer: 'r' }");
  Update("labels", "labels: 'c'", row);
  Update("attributes", "attributes { key: 'x' value: 'y' }", row);
  Update("attribution", "attribution { utm_source: 'mail' }", row);
  EXPECT_THAT(row.contact.labels(), ElementsAre("c"));
  EXPECT_THAT(row.contact.attributes(), ElementsAre(::testing::Pair("x", "y")));
  EXPECT_THAT(row.contact.attribution().referrer(), IsEmpty());
}

struct NamingCase {
  const char* name;
  std::vector<const char*> mask;
  const char* text;
  v1::Stage after;
};

// Who is given a name is no anonymous visitor.
const NamingCase kNamingCases[] = {
    {"DisplayName", {"display_name"}, "display_name: 'Ada'", v1::STAGE_LEAD},
    {"GivenName", {"given_name"}, "given_name: 'Ada'", v1::STAGE_LEAD},
    {"FamilyName", {"family_name"}, "family_name: 'King'", v1::STAGE_LEAD},
    {"AnEmptyName", {"display_name"}, "", v1::STAGE_ANONYMOUS},
    {"NoName", {"owner"}, "owner: 'sales-1'", v1::STAGE_ANONYMOUS},
    {"AnonymousByName",
     {"stage", "display_name"},
     "stage: STAGE_ANONYMOUS display_name: 'Ada'",
     v1::STAGE_LEAD},
    {"AlsoMore",
     {"stage", "display_name"},
     "stage: STAGE_CUSTOMER display_name: 'Ada'",
     v1::STAGE_CUSTOMER},
};

TEST(ContactFieldsTest, AnUpdateThatNamesAVisitorMakesALead) {
  for (const NamingCase& one : kNamingCases) {
    SCOPED_TRACE(one.name);
    ContactRow row = RowOf("stage: STAGE_ANONYMOUS");
    v1::UpdateContactRequest request;
    *request.mutable_contact() = FromText<v1::Contact>(one.text);
    for (const char* path : one.mask) {
      request.mutable_update_mask()->add_paths(path);
    }
    ApplyMask(request, kLater, row);
    EXPECT_EQ(row.contact.stage(), one.after);
    const auto& reached = *row.contact.stage_times().rbegin();
    EXPECT_EQ(reached.stage(), one.after);
    EXPECT_EQ(base::FromProto(reached.time()),
              one.after == v1::STAGE_ANONYMOUS ? kThen : kLater);
  }
}

TEST(ContactFieldsTest, AFilledNameMakesALeadAndAFilledOwnerDoesNot) {
  ContactRow row = RowOf("stage: STAGE_ANONYMOUS");
  EXPECT_THAT(Fill("owner: 'sales-1'", row), ElementsAre("owner"));
  EXPECT_EQ(row.contact.stage(), v1::STAGE_ANONYMOUS);
  EXPECT_THAT(Fill("family_name: 'King'", row), ElementsAre("family_name"));
  EXPECT_EQ(row.contact.stage(), v1::STAGE_LEAD);
  ASSERT_EQ(row.contact.stage_times_size(), 2);
  EXPECT_EQ(base::FromProto(row.contact.stage_times(1).time()), kLater);
}

TEST(ContactFieldsTest, APersonMaySayThatSomebodyNamedIsAnonymous) {
  ContactRow row = RowOf("display_name: 'Ada'");
  Update("stage", "stage: STAGE_ANONYMOUS", row);
  EXPECT_EQ(row.contact.stage(), v1::STAGE_ANONYMOUS);
}

TEST(ContactFieldsTest, AnAttributionWithoutATimeIsNeverEarlier) {
  const auto at = [](int64_t seconds) {
    return FromText<v1::Contact>(
               absl::StrCat("attribution { touch_time { seconds: ", seconds,
                            " } }"))
        .attribution();
  };
  const v1::Attribution none;
  EXPECT_TRUE(IsEarlier(at(1), at(2)));
  EXPECT_FALSE(IsEarlier(at(2), at(2)));
  EXPECT_FALSE(IsEarlier(at(3), at(2)));
  EXPECT_TRUE(IsEarlier(at(1), none));
  EXPECT_FALSE(IsEarlier(none, at(1)));
  EXPECT_FALSE(IsEarlier(none, none));
}

}  // namespace
}  // namespace kith::contacts
