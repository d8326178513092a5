#include "tests/model/activity_model.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/times.h"
#include "google/protobuf/util/message_differencer.h"

namespace kith::model {
namespace {

// But for what the services put to it.
bool SameContent(interactions::v1::Interaction sent,
                 interactions::v1::Interaction known) {
  sent.clear_source_revision();
  known.clear_source_revision();
  known.clear_interaction_id();
  known.clear_contact_id();
  known.clear_identity_key();
  known.clear_recorded_time();
  known.clear_assurance();
  known.clear_contact_violation();
  known.clear_thread_id();
  return google::protobuf::util::MessageDifferencer::Equals(sent, known);
}

std::string KeyOf(const gateway::v1::RecordTouchRequest& touch) {
  const interactions::v1::Interaction& one = touch.interaction();
  return one.external_id().empty()
             ? absl::StrCat("request ", touch.request_id())
             : absl::StrCat(one.source(), " ", one.external_id());
}

int64_t Micros(const interactions::v1::Interaction& one) {
  return base::ToMicros(one.occurred_time());
}

bool IsAdvertising(const interactions::v1::Interaction& one) {
  return one.kind() == interactions::v1::KIND_AD ||
         (one.purpose() == interactions::v1::PURPOSE_MARKETING &&
          one.direction() == interactions::v1::DIRECTION_OUTBOUND);
}

bool IsMarketing(const interactions::v1::Interaction& one) {
  return one.outcome() != interactions::v1::OUTCOME_FAILED &&
         IsAdvertising(one);
}

// Without an amount it is what the items come to.
common::v1::Money PaidFor(const interactions::v1::Interaction& one) {
  if (one.has_amount()) return one.amount();
  common::v1::Money paid;
  for (const interactions::v1::Item& item : one.items()) {
    if (!item.has_amount()) continue;
    paid.set_currency_code(item.amount().currency_code());
    paid.set_amount_micros(paid.amount_micros() +
                           item.amount().amount_micros());
  }
  return paid;
}

// The sums of one currency, made from nothing but purchases and returns.
void ShowSales(const std::vector<interactions::v1::Interaction>& newest_first,
               interactions::v1::ActivitySummary& shown) {
  std::map<std::string, interactions::v1::Sales> by_currency;
  for (const interactions::v1::Interaction& one : newest_first) {
    const common::v1::Money paid = PaidFor(one);
    if (paid.currency_code().empty()) continue;
    const int64_t micros = paid.amount_micros();
    interactions::v1::Sales& sales = by_currency[paid.currency_code()];
    if (one.kind() == interactions::v1::KIND_PURCHASE) {
      sales.set_sold_micros(sales.sold_micros() + micros);
      sales.set_purchase_count(sales.purchase_count() + 1);
    } else if (one.kind() == interactions::v1::KIND_RETURN) {
      sales.set_returned_micros(sales.returned_micros() + micros);
      sales.set_return_count(sales.return_count() + 1);
    }
  }
  for (auto& [currency, sales] : by_currency) {
    if (sales.purchase_count() + sales.return_count() == 0) continue;
    sales.set_currency_code(currency);
    sales.set_net_micros(sales.sold_micros() - sales.returned_micros());
    *shown.add_sales() = sales;
  }
}

void ShowCounts(const std::vector<interactions::v1::Interaction>& newest_first,
                interactions::v1::ActivitySummary& shown) {
  std::map<std::tuple<interactions::v1::Kind, interactions::v1::Direction,
                      interactions::v1::Outcome>,
           interactions::v1::ActivityCount>
      counts;
  std::map<interactions::v1::Purpose, int64_t> purposes;
  for (const interactions::v1::Interaction& one : newest_first) {
    const bool is_call = one.kind() == interactions::v1::KIND_CALL;
    const interactions::v1::Outcome outcome =
        is_call ? one.outcome() : interactions::v1::OUTCOME_UNSPECIFIED;
    interactions::v1::ActivityCount& count =
        counts[{one.kind(), one.direction(), outcome}];
    count.set_kind(one.kind());
    count.set_direction(one.direction());
    count.set_outcome(outcome);
    if (count.count() == 0) *count.mutable_last_time() = one.occurred_time();
    *count.mutable_first_time() = one.occurred_time();
    count.set_count(count.count() + 1);
    ++purposes[one.purpose()];
    if (is_call && one.direction() == interactions::v1::DIRECTION_OUTBOUND &&
        !shown.has_last_called_time()) {
      *shown.mutable_last_called_time() = one.occurred_time();
    }
  }
  for (const auto& [key, count] : counts) *shown.add_counts() = count;
  for (const auto& [purpose, count] : purposes) {
    if (purpose == interactions::v1::PURPOSE_UNSPECIFIED) continue;
    interactions::v1::PurposeCount& entry = *shown.add_purposes();
    entry.set_purpose(purpose);
    entry.set_count(count);
  }
}

void ShowMarketing(
    const std::vector<interactions::v1::Interaction>& newest_first,
    absl::Time now, absl::TimeZone zone,
    interactions::v1::ActivitySummary& shown) {
  const absl::CivilDay today = absl::ToCivilDay(now, zone);
  std::map<absl::CivilDay, int64_t> days;
  interactions::v1::MarketingTouches& marketing = *shown.mutable_marketing();
  for (const interactions::v1::Interaction& one : newest_first) {
    const absl::CivilDay day =
        absl::ToCivilDay(absl::FromUnixMicros(Micros(one)), zone);
    if (!IsMarketing(one) || day > today || day <= today - 90) continue;
    ++days[day];
    marketing.set_last_90_days(marketing.last_90_days() + 1);
    if (day > today - 30) {
      marketing.set_last_30_days(marketing.last_30_days() + 1);
    }
    if (day > today - 7) {
      marketing.set_last_7_days(marketing.last_7_days() + 1);
    }
  }
  for (const auto& [day, count] : days) {
    interactions::v1::MarketingDay& entry = *marketing.add_days();
    entry.mutable_date()->set_year(static_cast<int32_t>(day.year()));
    entry.mutable_date()->set_month(day.month());
    entry.mutable_date()->set_day(day.day());
    entry.set_count(count);
  }
}

void ShowReturnedItems(
    const std::vector<interactions::v1::Interaction>& newest_first,
    interactions::v1::ActivitySummary& shown) {
  for (const interactions::v1::Interaction& one : newest_first) {
    if (one.kind() != interactions::v1::KIND_RETURN) continue;
    for (const interactions::v1::Item& item : one.items()) {
      if (shown.returned_items_size() == 20) return;
      interactions::v1::ReturnedItem& returned = *shown.add_returned_items();
      *returned.mutable_item() = item;
      returned.set_order_id(one.order_id());
      *returned.mutable_return_time() = one.occurred_time();
      returned.set_interaction_id(one.interaction_id());
    }
  }
}

}  // namespace

std::optional<int64_t> ActivityModel::RevisionOf(
    const interactions::v1::Interaction& one) {
  if (!one.has_source_revision()) return std::nullopt;
  return one.source_revision();
}

bool ActivityModel::Contradicts(const interactions::v1::Interaction& sent,
                                const interactions::v1::Interaction& known) {
  return !SameContent(sent, known) &&
         (RevisionOf(sent) == RevisionOf(known) || !RevisionOf(sent));
}

std::string ActivityModel::ViolationOf(
    const interactions::v1::Interaction& sent) {
  return IsAdvertising(sent) ? "NO_CONSENT" : "";
}

void ActivityModel::Record(const gateway::v1::RecordTouchRequest& touch,
                           const interactions::v1::Interaction& one) {
  interactions_[KeyOf(touch)] = one;
}

const interactions::v1::Interaction* ActivityModel::Find(
    const gateway::v1::RecordTouchRequest& touch) const {
  const auto it = interactions_.find(KeyOf(touch));
  return it == interactions_.end() ? nullptr : &it->second;
}

std::string ActivityModel::State() const {
  std::string state;
  for (const auto& [key, one] : interactions_) {
    absl::StrAppend(&state, key, ": ", one.ShortDebugString(), "\n");
  }
  return state;
}

std::vector<interactions::v1::Interaction> ActivityModel::Timeline(
    const std::set<std::string>& contacts) const {
  std::vector<interactions::v1::Interaction> timeline;
  for (const auto& [key, one] : interactions_) {
    if (contacts.contains(one.contact_id())) timeline.push_back(one);
  }
  std::sort(timeline.begin(), timeline.end(),
            [](const interactions::v1::Interaction& a,
               const interactions::v1::Interaction& b) {
              return std::tuple(Micros(a), a.interaction_id()) >
                     std::tuple(Micros(b), b.interaction_id());
            });
  return timeline;
}

interactions::v1::ActivitySummary ActivityModel::Summary(
    const std::set<std::string>& contacts, absl::Time now,
    absl::TimeZone zone) const {
  std::vector<interactions::v1::Interaction> newest_first = Timeline(contacts);
  std::erase_if(newest_first, [&](const interactions::v1::Interaction& one) {
    return Micros(one) > absl::ToUnixMicros(now);
  });
  interactions::v1::ActivitySummary shown;
  ShowSales(newest_first, shown);
  ShowCounts(newest_first, shown);
  ShowMarketing(newest_first, now, zone, shown);
  ShowReturnedItems(newest_first, shown);
  return shown;
}

}  // namespace kith::model
