#include "gateway/hooks/mapping/touch_field.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::RecordTouchRequest TouchWith(const std::string& field,
                                 const std::string& text) {
  v1::RecordTouchRequest touch;
  EXPECT_TRUE(TouchField::Find(field).value().Set(text, touch).ok());
  return touch;
}

std::string SetFault(const std::string& field, const std::string& text) {
  v1::RecordTouchRequest touch;
  return std::string(
      TouchField::Find(field).value().Set(text, touch).message());
}

TEST(TouchFieldTest, SetsEachKindOfField) {
  EXPECT_EQ(TouchWith("interaction.subject", "Hello").interaction().subject(),
            "Hello");
  EXPECT_EQ(TouchWith("interaction.kind", "CALL").interaction().kind(),
            interactions::v1::KIND_CALL);
  EXPECT_EQ(TouchWith("interaction.opens", "PROBLEM").interaction().opens(),
            interactions::v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(TouchWith("contact.kind", "ORGANIZATION").contact().kind(),
            contacts::v1::CONTACT_KIND_ORGANIZATION);
  EXPECT_TRUE(
      TouchWith("interaction.automated", "true").interaction().automated());
  EXPECT_EQ(
      TouchWith("interaction.occurred_time", "2026-11-30T19:00:00.5+01:00")
          .interaction()
          .occurred_time()
          .seconds(),
      1'796'061'600);
  EXPECT_EQ(TouchWith("contact.attribution.utm_source", "ads")
                .contact()
                .attribution()
                .utm_source(),
            "ads");
  EXPECT_THAT(TouchWith("contact.labels", "vip").contact().labels(),
              ElementsAre("vip"));
  EXPECT_EQ(TouchWith("interaction.attributes.call.city", "Wien")
                .interaction()
                .attributes()
                .at("call.city"),
            "Wien");
  EXPECT_EQ(TouchWith("contact.attributes.city", "Wien")
                .contact()
                .attributes()
                .at("city"),
            "Wien");
}

TEST(TouchFieldTest, NoConnectorNamesAContactOrAThread) {
  for (const char* field : {"contact_id",
                            "interaction.contact_id",
                            "interaction.identity_key",
                            "interaction.thread_id",
                            "interaction.source",
                            "interaction.external_id",
                            "interaction.source_revision",
                            "interaction.assurance",
                            "interaction.contact_violation",
                            "interaction.items",
                            "interaction.amount",
                            "contact.contact_id",
                            "contact.stand_in",
                            "contact.etag",
                            "contact.account_id",
                            "request_id",
                            "identities",
                            "contact",
                            "interaction",
                            "",
                            "interaction.nothing",
                            "interaction.subject.more",
                            "interaction.attributes",
                            "interaction.attributes.Big"}) {
    EXPECT_FALSE(TouchField::Find(field).ok()) << field;
  }
}

TEST(TouchFieldTest, AFaultSaysWhatIsWanted) {
  EXPECT_EQ(SetFault("interaction.kind", "PHONE"),
            "kind: want one of CALL, EMAIL, MESSAGE, SOCIAL_POST, "
            "WEB_EVENT, AD, PURCHASE, RETURN, NOTE");
  EXPECT_THAT(SetFault("interaction.kind", "UNSPECIFIED"),
              HasSubstr("want one of"));
  EXPECT_EQ(SetFault("interaction.automated", "yes"),
            "automated: want true or false");
  EXPECT_EQ(SetFault("interaction.occurred_time", "noon"),
            "occurred_time: want a time in RFC 3339");
  EXPECT_THAT(TouchField::Find("interaction.foo").status().message(),
              HasSubstr("field \"interaction.foo\", want one of"));
}

TEST(TouchFieldTest, RepliesNameMessagesTheNewestFirst) {
  EXPECT_THAT(MessageIds("<a@x> <b@x>\r\n <c@x> <a@x>"),
              ElementsAre("<a@x>", "<c@x>", "<b@x>"));
  EXPECT_THAT(MessageIds(" id-without-brackets "),
              ElementsAre("id-without-brackets"));
  v1::RecordTouchRequest touch;
  const TouchField field = TouchField::Find("interaction.in_reply_to").value();
  EXPECT_TRUE(field.Set("<b@x>", touch).ok());
  EXPECT_TRUE(field.Set("<a@x> <b@x>", touch).ok());
  EXPECT_THAT(touch.interaction().in_reply_to(), ElementsAre("<b@x>", "<a@x>"));
}

}  // namespace
}  // namespace kith::gateway
