#include "contacts-svc/groups/group_fields.h"

#include <string>

#include "common/base/times.h"
#include "contacts-svc/members/contact_fields.h"
#include "contacts-svc/members/form_fields.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using ::testing::ElementsAre;

Uuid Id(char name) { return Uuid::FromBytes(std::string(16, name)); }

absl::Time At(int hour) { return absl::UnixEpoch() + absl::Hours(hour); }

// A contact made at an hour.
ContactRow Row(char name, int hour) {
  return NewContact(Id(name), v1::Contact(), At(hour));
}

ContactRow Named(char name, int hour, const std::string& display_name) {
  ContactRow row = Row(name, hour);
  row.contact.set_display_name(display_name);
  return row;
}

// As an update at that hour does.
void Set(ContactRow& row, int hour, const std::string& path,
         const v1::Contact& fields) {
  v1::UpdateContactRequest request;
  *request.mutable_contact() = fields;
  request.mutable_update_mask()->add_paths(path);
  ApplyMask(request, At(hour), row);
  *row.contact.mutable_update_time() = base::ToProto(At(hour));
}

// The group of the first.
v1::Contact Show(ContactRow canonical, std::vector<ContactRow> others) {
  canonical.group_size = static_cast<int64_t>(others.size()) + 1;
  std::vector<const ContactRow*> pointers;
  for (ContactRow& other : others) {
    other.canonical_id = canonical.id;
    pointers.push_back(&other);
  }
  return ShowGroup(canonical, pointers);
}

TEST(GroupFieldsTest, WhatAFormAloneHasSetHidesNothing) {
  ContactRow form = Named('a', 1, "Mallory");
  (*form.contact.mutable_attributes())["tier"] = "gold";
  SetFormFields(form.contact);
  ContactRow other = Named('b', 2, "Ada");
  const v1::Contact shown = Show(form, {other});
  EXPECT_EQ(shown.display_name(), "Ada");
  EXPECT_EQ(shown.attributes().at("tier"), "gold");
  EXPECT_FALSE(shown.has_form_fields());
  EXPECT_EQ(Show(form, {Row('b', 2)}).display_name(), "Mallory");
  EXPECT_EQ(Show(other, {form}).display_name(), "Ada");
}

TEST(GroupFieldsTest, AnAttributeOfAFormHidesNoneOfOthers) {
  const auto attributed = [](char name, const char* iban) {
    ContactRow row = Row(name, 1);
    (*row.contact.mutable_attributes())["iban"] = iban;
    return row;
  };
  ContactRow form = attributed('a', "EVIL");
  SetFormFields(form.contact);
  ContactRow also_form = attributed('b', "WORSE");
  SetFormFields(also_form.contact);
  const ContactRow other = attributed('c', "REAL");
  EXPECT_EQ(Show(form, {also_form, other}).attributes().at("iban"), "REAL");
  // What a system adds leaves the form's as it is.
  (*form.contact.mutable_attributes())["city"] = "Ulm";
  const v1::Contact shown = Show(form, {also_form, other});
  EXPECT_EQ(shown.attributes().at("iban"), "REAL");
  EXPECT_EQ(shown.attributes().at("city"), "Ulm");
  EXPECT_EQ(Show(Row('d', 1), {form, other}).attributes().at("iban"), "REAL");
  EXPECT_EQ(Show(form, {also_form}).attributes().at("iban"), "EVIL");
}

TEST(GroupFieldsTest, TheAttributionOfAFormHidesNoOther) {
  const auto attributed = [](char name, const char* affiliate, int64_t time) {
    ContactRow row = Row(name, 1);
    auto& attribution = *row.contact.mutable_attribution();
    attribution.set_affiliate(affiliate);
    attribution.mutable_touch_time()->set_seconds(time);
    return row;
  };
  ContactRow form = attributed('a', "evil", 1);
  AddFormField("attribution", form.contact);
  const ContactRow other = attributed('b', "good", 9);
  EXPECT_EQ(Show(form, {other}).attribution().affiliate(), "good");
  EXPECT_EQ(Show(other, {form}).attribution().affiliate(), "good");
  EXPECT_EQ(Show(form, {Row('b', 1)}).attribution().affiliate(), "evil");
}

TEST(GroupFieldsTest, OneThatIsAloneShowsItself) {
  ContactRow row = Named('a', 1, "Ada");
  row.version = 7;
  row.contact.add_labels("z");
  row.contact.add_labels("a");
  const v1::Contact shown = ShowGroup(row, {});
  EXPECT_EQ(shown.display_name(), "Ada");
  EXPECT_EQ(shown.etag(), "7");
  EXPECT_THAT(shown.labels(), ElementsAre("z", "a"));
  EXPECT_THAT(shown.member_ids(), ElementsAre(Id('a').ToString()));
}

TEST(GroupFieldsTest, TheCanonicalContactsOwnValueShows) {
  const v1::Contact shown =
      Show(Named('b', 1, "Ada"), {Named('a', 5, "Grace")});
  EXPECT_EQ(shown.display_name(), "Ada");
  EXPECT_EQ(shown.contact_id(), Id('b').ToString());
  EXPECT_THAT(shown.member_ids(),
              ElementsAre(Id('b').ToString(), Id('a').ToString()));
}

TEST(GroupFieldsTest, ElseThatOfTheMemberUpdatedLast) {
  const v1::Contact shown =
      Show(Row('a', 1),
           {Named('b', 3, "Grace"), Named('c', 5, "Joan"), Row('d', 9)});
  EXPECT_EQ(shown.display_name(), "Joan");
}

TEST(GroupFieldsTest, AClearedValueIsAValue) {
  ContactRow canonical = Named('a', 1, "Ada");
  Set(canonical, 2, "display_name", v1::Contact());
  EXPECT_EQ(Show(canonical, {Named('b', 3, "Grace")}).display_name(), "");
  ContactRow other = Row('c', 1);
  Set(other, 9, "display_name", v1::Contact());
  EXPECT_EQ(Show(Row('a', 1), {other, Named('b', 3, "Grace")}).display_name(),
            "");
}

TEST(GroupFieldsTest, EachFieldIsForItself) {
  ContactRow a = Row('a', 1);
  a.contact.set_given_name("Ada");
  ContactRow b = Row('b', 2);
  b.contact.set_given_name("Augusta");
  b.contact.set_family_name("King");
  b.contact.set_owner("sales-1");
  b.contact.set_account_id(Id('z').ToString());
  (*b.contact.mutable_attributes())["tier"] = "gold";
  const v1::Contact shown = Show(a, {b});
  EXPECT_EQ(shown.given_name(), "Ada");
  EXPECT_EQ(shown.family_name(), "King");
  EXPECT_EQ(shown.owner(), "sales-1");
  EXPECT_EQ(shown.account_id(), Id('z').ToString());
  EXPECT_EQ(shown.attributes().at("tier"), "gold");
  (*a.contact.mutable_attributes())["zone"] = "west";
  EXPECT_EQ(Show(a, {b}).attributes().count("tier"), 0u);
}

v1::Stage StageOf(v1::Stage canonical, v1::Stage b, v1::Stage c) {
  ContactRow rows[] = {Row('a', 1), Row('b', 1), Row('c', 1)};
  rows[0].contact.set_stage(canonical);
  rows[1].contact.set_stage(b);
  rows[2].contact.set_stage(c);
  return Show(rows[0], {rows[1], rows[2]}).stage();
}

TEST(GroupFieldsTest, TheStageIsTheFurthest) {
  EXPECT_EQ(StageOf(v1::STAGE_LEAD, v1::STAGE_QUALIFIED, v1::STAGE_ANONYMOUS),
            v1::STAGE_QUALIFIED);
  EXPECT_EQ(StageOf(v1::STAGE_CUSTOMER, v1::STAGE_LEAD, v1::STAGE_LEAD),
            v1::STAGE_CUSTOMER);
}

TEST(GroupFieldsTest, AFormerCustomerIsWhomAPersonCallsSo) {
  // Of the group, by writing to its canonical contact.
  EXPECT_EQ(StageOf(v1::STAGE_FORMER, v1::STAGE_CUSTOMER, v1::STAGE_LEAD),
            v1::STAGE_FORMER);
  // Of another record of somebody who is a customer.
  EXPECT_EQ(StageOf(v1::STAGE_LEAD, v1::STAGE_FORMER, v1::STAGE_CUSTOMER),
            v1::STAGE_CUSTOMER);
  EXPECT_EQ(StageOf(v1::STAGE_LEAD, v1::STAGE_FORMER, v1::STAGE_QUALIFIED),
            v1::STAGE_FORMER);
}

TEST(GroupFieldsTest, AStageWasReachedWhenTheFirstMemberReachedIt) {
  const v1::Contact shown = Show(Row('a', 5), {Row('b', 3)});
  ASSERT_EQ(shown.stage_times_size(), 1);
  EXPECT_EQ(base::FromProto(shown.stage_times(0).time()), At(3));
}

TEST(GroupFieldsTest, TimesAreTheEarliestMadeAndTheLatestUpdated) {
  ContactRow late = Row('b', 5);
  Set(late, 8, "owner", v1::Contact());
  const v1::Contact shown = Show(Row('a', 3), {late, Row('c', 1)});
  EXPECT_EQ(base::FromProto(shown.create_time()), At(1));
  EXPECT_EQ(base::FromProto(shown.update_time()), At(8));
}

TEST(GroupFieldsTest, RolesAndLabelsAreThoseOfAll) {
  ContactRow a = Row('a', 1);
  a.contact.add_labels("vip");
  ContactRow b = Row('b', 1);
  b.contact.add_labels("espresso");
  b.contact.add_labels("vip");
  b.contact.add_roles(v1::ROLE_AFFILIATE);
  const v1::Contact shown = Show(a, {b});
  EXPECT_THAT(shown.labels(), ElementsAre("espresso", "vip"));
  EXPECT_THAT(shown.roles(), ElementsAre(v1::ROLE_AFFILIATE));
}

ContactRow Came(char name, int created, const std::string& campaign,
                int touched) {
  ContactRow row = Row(name, created);
  row.contact.mutable_attribution()->set_utm_campaign(campaign);
  if (touched > 0) {
    *row.contact.mutable_attribution()->mutable_touch_time() =
        base::ToProto(At(touched));
  }
  return row;
}

TEST(GroupFieldsTest, TheAttributionIsTheEarliest) {
  EXPECT_EQ(Show(Came('a', 1, "late", 9), {Came('b', 2, "early", 4)})
                .attribution()
                .utm_campaign(),
            "early");
  // One without a time takes the place of none.
  EXPECT_EQ(Show(Came('a', 1, "timeless", 0), {Came('b', 2, "timed", 4)})
                .attribution()
                .utm_campaign(),
            "timed");
  EXPECT_EQ(Show(Row('a', 1), {Came('b', 5, "b", 0), Came('c', 2, "c", 0)})
                .attribution()
                .utm_campaign(),
            "c");
}

TEST(GroupFieldsTest, TheEtagNamesTheGroup) {
  ContactRow a = Row('a', 1);
  a.version = 4;
  ContactRow b = Row('b', 1);
  b.version = 4;
  EXPECT_NE(Show(a, {b}).etag(), ShowGroup(a, {}).etag());
  EXPECT_NE(Show(a, {b}).etag(), Show(b, {a}).etag());
}

}  // namespace
}  // namespace kith::contacts
