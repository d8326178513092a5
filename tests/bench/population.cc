#include "tests/bench/population.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/times.h"

namespace kith::bench {
namespace {

using identity::v1::ChannelValue;
using interactions::v1::Interaction;

// A history of two years, as the sample's.
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

}  // namespace

base::Uuid Population::ContactId(uint64_t contact) const {
  // Made one after the other, a second apart.
  const absl::Time time =
      now_ - kHistory - absl::Seconds(size_.contacts) + absl::Seconds(contact);
  return base::Uuid::MakeFrom(time, absl::StrCat("bench/", Number(contact)));
}

contacts::v1::Contact Population::Contact(uint64_t contact) const {
  const uint64_t number = Number(contact);
  contacts::v1::Contact fields =
      sample_.contacts[number % sample_.contacts.size()];
  absl::StrAppend(fields.mutable_family_name(), " ", number);
  absl::StrAppend(fields.mutable_display_name(), " ", number);
  fields.set_stage(contacts::v1::STAGE_CUSTOMER);
  return fields;
}

ChannelValue Population::Phone(uint64_t contact) const {
  return PhoneIn(201, Number(contact));
}

ChannelValue Population::Email(uint64_t contact) const {
  ChannelValue value;
  value.set_channel(identity::v1::CHANNEL_EMAIL);
  value.set_value(absl::StrCat("customer.", Number(contact), "@example.com"));
  return value;
}

Interaction Population::Interaction(uint64_t contact, uint64_t index) const {
  // Those of the next contact follow in the sample, so that all of it is used
  // equally often.
  const uint64_t place = Number(contact) * size_.interactions + index;
  interactions::v1::Interaction interaction =
      sample_.interactions[place % sample_.interactions.size()];
  interaction.set_contact_id(ContactId(contact).ToString());
  *interaction.mutable_occurred_time() = base::ToProto(OccurredTime(index));
  if (!interaction.order_id().empty()) {
    interaction.set_order_id(absl::StrCat("K-", Number(contact), "-", index));
  }
  return interaction;
}

base::Uuid Population::InteractionId(uint64_t contact, uint64_t index) const {
  return base::Uuid::MakeFrom(OccurredTime(index),
                              absl::StrCat(Number(contact), "/", index));
}

absl::Time Population::OccurredTime(uint64_t index) const {
  return now_ - kHistory +
         kHistory * (static_cast<double>(index + 1) /
                     static_cast<double>(size_.interactions + 1));
}

ChannelValue Population::UnknownPhone(uint64_t number) {
  return PhoneIn(901, number);
}

}  // namespace kith::bench
