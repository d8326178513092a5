#include "gateway/contacting/contact_reasons.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/time/civil_time.h"
#include "common/auth/quiet_hours.h"
#include "common/base/times.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {
namespace {

using identity::v1::Channel;
using identity::v1::ContactPermission;
using identity::v1::MAY_CONTACT_ANSWER_MAYBE;
using identity::v1::MAY_CONTACT_ANSWER_NO;
using identity::v1::MAY_CONTACT_ANSWER_YES;

bool IsForMarketing(identity::v1::ConsentPurpose purpose) {
  return purpose == identity::v1::CONSENT_PURPOSE_MARKETING;
}

bool IsRuled(identity::v1::ConsentPurpose purpose) {
  return IsForMarketing(purpose) ||
         purpose == identity::v1::CONSENT_PURPOSE_SALES;
}

config::v1::ContactChannel RuledChannel(Channel channel) {
  switch (channel) {
    case identity::v1::CHANNEL_PHONE:
      return config::v1::CONTACT_CHANNEL_PHONE;
    case identity::v1::CHANNEL_EMAIL:
      return config::v1::CONTACT_CHANNEL_EMAIL;
    case identity::v1::CHANNEL_SOCIAL:
      return config::v1::CONTACT_CHANNEL_SOCIAL;
    default:
      return config::v1::CONTACT_CHANNEL_UNSPECIFIED;
  }
}

// The channels of the values by which the customer's words allow the contact;
// of all values if they allow it by none.
std::map<Channel, int> ChannelsOf(const v1::MayContactResponse& answer) {
  std::map<Channel, int> allowed;
  std::map<Channel, int> all;
  for (const ContactPermission& each : answer.permissions()) {
    ++all[each.channel()];
    if (each.answer() == MAY_CONTACT_ANSWER_YES) ++allowed[each.channel()];
  }
  return allowed.empty() ? all : allowed;
}

// The time before which a phone must have been seen to be stale.
absl::Time StaleBefore(const config::v1::Tenant& tenant, absl::Time time) {
  absl::TimeZone zone;
  absl::LoadTimeZone(tenant.time_zone(), &zone);
  const absl::CivilSecond now = absl::ToCivilSecond(time, zone);
  return absl::FromCivil(
      absl::CivilSecond(now.year(),
                        now.month() - tenant.contact().stale_phone_months(),
                        now.day(), now.hour(), now.minute(), now.second()),
      zone);
}

// When the phone was last known to be the customer's.
std::optional<absl::Time> LastSeen(const ContactPermission& phone,
                                   const KnownOfCustomer& known) {
  std::optional<absl::Time> seen;
  if (phone.has_sure_time()) seen = base::FromProto(phone.sure_time());
  const auto use = known.uses.find(phone.identity_key());
  if (use == known.uses.end() || !use->second.has_time()) return seen;
  const absl::Time used = base::FromProto(use->second.time());
  return std::max(seen.value_or(used), used);
}

// Collects the reasons of one answer.
class Reasons {
 public:
  Reasons(const config::v1::Tenant& tenant,
          const v1::MayContactRequest& request, const KnownOfCustomer& known,
          absl::Time now, v1::MayContactResponse& answer)
      : tenant_(tenant),
        request_(request),
        known_(known),
        now_(now),
        time_(ContactTimeOf(request, now)),
        answer_(answer) {}

  void Set() {
    AddConsent();
    if (IsForMarketing(request_.purpose())) AddCaps();
    if (IsRuled(request_.purpose())) {
      AddQuietHours();
      AddFacts();
      AddStaleNumbers();
    }
    if (no_.empty() && maybe_.empty()) {
      Add(MAY_CONTACT_ANSWER_YES).set_consent(answer_.reason());
    }
    for (std::vector<v1::ContactReason>* some : {&no_, &maybe_}) {
      for (v1::ContactReason& reason : *some) {
        *answer_.add_reasons() = std::move(reason);
      }
    }
    answer_.set_answer(answer_.reasons(0).answer());
  }

 private:
  v1::ContactReason& Add(identity::v1::MayContactAnswer answer) {
    v1::ContactReason& reason = answer == MAY_CONTACT_ANSWER_NO
                                    ? no_.emplace_back()
                                    : maybe_.emplace_back();
    reason.set_answer(answer);
    return reason;
  }

  void AddConsent() {
    if (answer_.answer() == MAY_CONTACT_ANSWER_YES) return;
    Add(answer_.answer()).set_consent(answer_.reason());
  }

  void AddCaps() {
    for (const auto& cap : known_.facts.reached_caps()) {
      *Add(MAY_CONTACT_ANSWER_NO).mutable_frequency_cap() = cap;
    }
  }

  void AddQuietHours() {
    const std::map<Channel, int> channels = ChannelsOf(answer_);
    std::map<Channel, absl::Time> quiet;
    for (const auto& [channel, values] : channels) {
      const auto end = QuietUntilOf(tenant_, channel, time_);
      if (end.has_value()) quiet[channel] = *end;
    }
    const auto answer = quiet.size() == channels.size()
                            ? MAY_CONTACT_ANSWER_NO
                            : MAY_CONTACT_ANSWER_MAYBE;
    for (const auto& [channel, end] : quiet) {
      v1::QuietHoursReason& reason = *Add(answer).mutable_quiet_hours();
      reason.set_channel(channel);
      *reason.mutable_end_time() = base::ToProto(end);
    }
  }

  void AddFacts() {
    const interactions::v1::ContactFacts& facts = known_.facts;
    if (tenant_.contact().ask_at_open_problem() &&
        !facts.open_problem_thread_id().empty()) {
      Add(MAY_CONTACT_ANSWER_MAYBE)
          .mutable_open_problem()
          ->set_thread_id(facts.open_problem_thread_id());
    }
    const int days = tenant_.contact().recent_return_days();
    if (days == 0 || !facts.has_last_return_time()) return;
    const absl::Time returned = base::FromProto(facts.last_return_time());
    if (returned + days * absl::Hours(24) <= time_) return;
    *Add(MAY_CONTACT_ANSWER_MAYBE)
         .mutable_recent_return()
         ->mutable_return_time() = facts.last_return_time();
  }

  void AddStaleNumbers() {
    const std::vector<std::string> phones =
        PhonesInQuestion(tenant_, request_, answer_, now_);
    for (const ContactPermission& each : answer_.permissions()) {
      if (!absl::c_linear_search(phones, each.identity_key())) continue;
      const std::optional<absl::Time> seen = LastSeen(each, known_);
      if (seen.has_value() && *seen >= StaleBefore(tenant_, time_)) continue;
      v1::StaleNumberReason& reason =
          *Add(MAY_CONTACT_ANSWER_MAYBE).mutable_stale_number();
      reason.set_identity_key(each.identity_key());
      if (seen.has_value()) {
        *reason.mutable_last_seen_time() = base::ToProto(*seen);
      }
    }
  }

  const config::v1::Tenant& tenant_;
  const v1::MayContactRequest& request_;
  const KnownOfCustomer& known_;
  const absl::Time now_;
  const absl::Time time_;
  v1::MayContactResponse& answer_;
  std::vector<v1::ContactReason> no_;
  std::vector<v1::ContactReason> maybe_;
};

}  // namespace

bool NeedsFacts(const config::v1::ContactRules& rules,
                identity::v1::ConsentPurpose purpose) {
  if (!IsRuled(purpose)) return false;
  return rules.ask_at_open_problem() || rules.recent_return_days() > 0 ||
         (IsForMarketing(purpose) && !rules.caps().empty());
}

absl::Time ContactTimeOf(const v1::MayContactRequest& request, absl::Time now) {
  return request.has_contact_time() ? base::FromProto(request.contact_time())
                                    : now;
}

std::optional<absl::Time> QuietUntilOf(const config::v1::Tenant& tenant,
                                       Channel channel, absl::Time time) {
  return auth::QuietUntil(tenant, RuledChannel(channel), time);
}

std::vector<std::string> PhonesInQuestion(const config::v1::Tenant& tenant,
                                          const v1::MayContactRequest& request,
                                          const v1::MayContactResponse& words,
                                          absl::Time now) {
  std::vector<std::string> keys;
  if (tenant.contact().stale_phone_months() == 0 ||
      !IsRuled(request.purpose())) {
    return keys;
  }
  const absl::Time before = StaleBefore(tenant, ContactTimeOf(request, now));
  for (const ContactPermission& each : words.permissions()) {
    if (each.answer() != MAY_CONTACT_ANSWER_YES ||
        each.channel() != identity::v1::CHANNEL_PHONE ||
        each.identity_key().empty()) {
      continue;
    }
    if (each.has_sure_time() && base::FromProto(each.sure_time()) >= before) {
      continue;
    }
    keys.push_back(each.identity_key());
  }
  return keys;
}

void Conclude(const config::v1::Tenant& tenant,
              const v1::MayContactRequest& request,
              const KnownOfCustomer& known, absl::Time now,
              v1::MayContactResponse& answer) {
  Reasons(tenant, request, known, now, answer).Set();
}

}  // namespace kith::gateway
