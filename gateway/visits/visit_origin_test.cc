#include "gateway/visits/visit_origin.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/api/visit_source.h"
#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using interactions::v1::Interaction;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kVisitId[] = "0123456789abcdef0123456789abcdef";

contacts::v1::Attribution News() {
  contacts::v1::Attribution touch;
  touch.set_utm_source("news");
  touch.set_utm_campaign("spring");
  touch.set_landing_page("https://shop.example.com/");
  *touch.mutable_touch_time() =
      base::ToProto(absl::FromUnixMicros(1'790'000'000'123'456));
  return touch;
}

Interaction VisitFromNews() {
  Interaction visit;
  visit.set_source(api::kVisitSource);
  SetTouch(kOwnTouch, News(), visit);
  SetTouch(kFirstTouch, News(), visit);
  SetTouch(kLastTouch, News(), visit);
  SetValue("pages", "3", visit);
  return visit;
}

TEST(VisitOriginTest, AnIdIsOneOfTheScript) {
  EXPECT_TRUE(IsVisitId(kVisitId));
  for (const char* const text :
       {"", "0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF",
        "0123456789abcdef0123456789abcdeg",
        "0123456789abcdef0123456789abcdef0"}) {
    EXPECT_FALSE(IsVisitId(text)) << text;
  }
}

TEST(VisitOriginTest, ATouchIsReadAsItWasSet) {
  Interaction interaction;
  SetTouch(kLastTouch, News(), interaction);
  EXPECT_THAT(interaction.attributes(),
              UnorderedElementsAre(
                  Pair("last.source", "news"), Pair("last.campaign", "spring"),
                  Pair("last.landing_page", "https://shop.example.com/"),
                  Pair("last.time", "2026-09-21T14:13:20.123456+00:00")));
  EXPECT_EQ(TouchOf(kLastTouch, interaction).SerializeAsString(),
            News().SerializeAsString());
  EXPECT_EQ(TouchOf(kFirstTouch, interaction).ByteSizeLong(), 0U);
}

TEST(VisitOriginTest, AValueIsCut) {
  Interaction interaction;
  SetValue("referrer", std::string(1200, 'x'), interaction);
  SetValue("none", "", interaction);
  EXPECT_THAT(interaction.attributes(),
              ElementsAre(Pair("referrer", std::string(1000, 'x'))));
}

TEST(VisitOriginTest, ATouchNamesAVisitByAnAttribute) {
  v1::RecordTouchRequest touch;
  EXPECT_EQ(VisitNamedBy(touch), "");
  auto& attributes = *touch.mutable_interaction()->mutable_attributes();
  attributes["kith_visit"] = "x";
  EXPECT_EQ(VisitNamedBy(touch), "");
  attributes["kith_visit"] = kVisitId;
  EXPECT_EQ(VisitNamedBy(touch), kVisitId);
  // A repeat of what a source reports must have the same content.
  touch.mutable_interaction()->set_source("shop");
  EXPECT_EQ(VisitNamedBy(touch), "");
}

TEST(VisitOriginTest, ATimeAloneSaysNoOrigin) {
  contacts::v1::Attribution touch;
  EXPECT_FALSE(SaysOrigin(touch));
  touch.mutable_touch_time()->set_seconds(1'790'000'000);
  EXPECT_FALSE(SaysOrigin(touch));
  touch.set_affiliate("p7");
  EXPECT_TRUE(SaysOrigin(touch));
}

TEST(VisitOriginTest, AFormTakesOverTheFirstAndTheLastTouch) {
  const VisitOrigin origin = OriginOf(VisitFromNews());
  EXPECT_EQ(origin.first.SerializeAsString(), News().SerializeAsString());
  EXPECT_THAT(origin.attributes, Contains(Pair("first.source", "news")));
  EXPECT_THAT(origin.attributes, Contains(Pair("last.campaign", "spring")));
  EXPECT_THAT(origin.attributes, Not(Contains(Key("source"))));
  EXPECT_THAT(origin.attributes, Not(Contains(Key("pages"))));
}

TEST(VisitOriginTest, NothingIsTakenFromProgramsAndOtherSources) {
  Interaction visit = VisitFromNews();
  visit.set_automated(true);
  EXPECT_THAT(OriginOf(visit).attributes, IsEmpty());
  EXPECT_EQ(OriginOf(visit).first.ByteSizeLong(), 0U);
  visit = VisitFromNews();
  visit.set_source("shop");
  EXPECT_THAT(OriginOf(visit).attributes, IsEmpty());
  EXPECT_THAT(OriginOf(Interaction()).attributes, IsEmpty());
}

TEST(VisitOriginTest, WhatTheCallerSaysStays) {
  Interaction form;
  (*form.mutable_attributes())["first.source"] = "told";
  AddOrigin(OriginOf(VisitFromNews()), form);
  EXPECT_THAT(form.attributes(), Contains(Pair("first.source", "told")));
  EXPECT_THAT(form.attributes(), Contains(Pair("last.source", "news")));
}

TEST(VisitOriginTest, AnInteractionGetsNoMoreAttributesThanItMayHave) {
  Interaction form;
  for (int i = 0; i < 63; ++i) {
    (*form.mutable_attributes())[absl::StrCat("a", i)] = "x";
  }
  AddOrigin(OriginOf(VisitFromNews()), form);
  EXPECT_THAT(form.attributes(), SizeIs(64));
}

TEST(VisitOriginTest, AFormIsNotToldWhereItsVisitorCameFrom) {
  Interaction form = VisitFromNews();
  ClearOrigin(form);
  EXPECT_THAT(form.attributes(), Not(Contains(Key("first.source"))));
  EXPECT_THAT(form.attributes(), Not(Contains(Key("last.time"))));
  EXPECT_THAT(form.attributes(), Contains(Pair("pages", "3")));
}

TEST(VisitOriginTest, AStoredVisitIsAskedForByItsId) {
  const auto find = FindVisitRequest(kVisitId);
  const Interaction& visit = find.request().interaction();
  EXPECT_EQ(visit.source(), api::kVisitSource);
  EXPECT_EQ(visit.external_id(), kVisitId);
  ASSERT_TRUE(visit.has_source_revision());
  EXPECT_EQ(visit.source_revision(), 0);
}

}  // namespace
}  // namespace kith::gateway
