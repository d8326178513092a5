#include "tests/bench/population.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/times.h"

namespace kith::bench {
namespace {

using identity::v1::ChannelValue;
using interactions::v1::Interaction;

constexpr absl::string_view kTopics[] = {"delivery", "invoice", "returns",
                                         "account", "advice"};
constexpr absl::string_view kSentence =
    "Asked when the order will arrive and whether the address can still be "
    "changed; promised to call back by Friday. ";
// A history of two years.
constexpr absl::Duration kHistory = absl::Hours(24 * 730);

// 8 million numbers in each area code.
ChannelValue PhoneIn(uint64_t first_area, uint64_t number) {
  constexpr uint64_t kPerArea = 8'000'000;
  ChannelValue value;
  value.set_channel(identity::v1::CHANNEL_PHONE);
  value.set_value(absl::StrFormat("+1%03d%07d", first_area + number / kPerArea,
                                  2'000'000 + number % kPerArea));
  return value;
}

void SetKind(uint64_t variety, Interaction& interaction) {
  switch (variety % 5) {
    case 0:
      interaction.set_kind(interactions::v1::KIND_CALL);
      interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
      interaction.set_outcome(interactions::v1::OUTCOME_ANSWERED);
      break;
    case 1:
      interaction.set_kind(interactions::v1::KIND_EMAIL);
      interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
      break;
    case 2:
      interaction.set_kind(interactions::v1::KIND_PURCHASE);
      interaction.set_order_id(absl::StrCat("K-", variety));
      interaction.mutable_amount()->set_currency_code("USD");
      interaction.mutable_amount()->set_amount_micros(49'900'000);
      break;
    case 3:
      interaction.set_kind(interactions::v1::KIND_MESSAGE);
      interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
      break;
    default:
      interaction.set_kind(interactions::v1::KIND_EMAIL);
      interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
      interaction.set_purpose(interactions::v1::PURPOSE_MARKETING);
  }
}

}  // namespace

base::Uuid Population::ContactId(uint64_t contact) const {
  // Made one after the other, a second apart.
  const absl::Time time =
      now_ - kHistory - absl::Seconds(contacts_) + absl::Seconds(contact);
  return base::Uuid::MakeFrom(time, absl::StrCat("bench/", contact));
}

contacts::v1::Contact Population::Contact(uint64_t contact) const {
  contacts::v1::Contact fields;
  fields.set_given_name("Nora");
  fields.set_family_name(absl::StrCat("Lindqvist ", contact));
  fields.set_display_name(absl::StrCat("Nora Lindqvist ", contact));
  fields.set_stage(contacts::v1::STAGE_CUSTOMER);
  fields.set_owner("sam.okafor");
  fields.add_labels("newsletter");
  (*fields.mutable_attributes())["segment"] =
      contact % 3 == 0 ? "gold" : "blue";
  return fields;
}

ChannelValue Population::Phone(uint64_t contact) const {
  return PhoneIn(201, contact);
}

ChannelValue Population::Email(uint64_t contact) const {
  ChannelValue value;
  value.set_channel(identity::v1::CHANNEL_EMAIL);
  value.set_value(absl::StrCat("nora.", contact, "@example.com"));
  return value;
}

absl::Time Population::OccurredTime(uint64_t index) const {
  return now_ - kHistory +
         kHistory * (static_cast<double>(index + 1) /
                     static_cast<double>(interactions_ + 1));
}

Interaction Population::Interaction(uint64_t contact, uint64_t index) const {
  interactions::v1::Interaction interaction;
  const uint64_t variety = contact * 7 + index;
  interaction.set_contact_id(ContactId(contact).ToString());
  *interaction.mutable_occurred_time() = base::ToProto(OccurredTime(index));
  interaction.set_purpose(interactions::v1::PURPOSE_SERVICE);
  SetKind(variety, interaction);
  interaction.set_topic(std::string(kTopics[variety % 5]));
  interaction.set_subject(absl::StrCat("About case ", variety));
  for (uint64_t i = 0; i < 1 + variety % 3; ++i) {
    absl::StrAppend(interaction.mutable_body(), kSentence);
  }
  interaction.set_agent("sam.okafor");
  return interaction;
}

ChannelValue Population::UnknownPhone(uint64_t number) {
  return PhoneIn(901, number);
}

Interaction Population::NewCall() {
  interactions::v1::Interaction interaction;
  interaction.set_purpose(interactions::v1::PURPOSE_SERVICE);
  SetKind(0, interaction);
  interaction.set_topic(std::string(kTopics[0]));
  interaction.set_subject("About the order");
  interaction.set_body(std::string(kSentence));
  interaction.set_agent("sam.okafor");
  return interaction;
}

}  // namespace kith::bench
