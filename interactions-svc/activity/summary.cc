#include "interactions-svc/activity/summary.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "absl/algorithm/container.h"
#include "absl/time/civil_time.h"
#include "common/auth/tenants.h"
#include "common/base/times.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/sales.h"
#include "interactions-svc/threads/thread_summary.h"

// How summaries are computed. A summary is a sum: Add and Remove work on any
// two, in any order, and the sum over the members of a group is that of the
// group. Each list has one entry for each key, sorted by key. Add adds the
// numbers of entries with equal keys, and Remove subtracts them; an entry whose
// counts are 0 is dropped.
//
// Two parts cannot be subtracted:
// - The first and last time of a count. Add takes the earlier and the later
//   one. If the removed interaction has that very time, Remove reports a gap.
// - The returned items, of which only the newest kMaxReturnedItems are kept. If
//   Remove takes items from a full list, older ones must follow: a gap too.
//
// The caller reads what is missing from the table and sets it.
//
// Advertising is counted by calendar day of the tenant. Prune drops the days
// before the longest window, which is 90 days, and those more than 2 days
// ahead. Present sums the windows that end today, and takes the time of the
// last call from the counts of outbound calls; it is for summaries that are
// answered, not for those that are stored. What a summary counts of the time to
// come, future.h has taken away before.

namespace kith::interactions {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr int32_t kMarketingDays = 90;

// What the entries of each list are told apart, and ordered, by.
auto Key(const v1::ActivityCount& entry) {
  return std::tuple(entry.kind(), entry.direction(), entry.outcome());
}
auto Key(const v1::PurposeCount& entry) { return entry.purpose(); }
auto Key(const v1::Sales& entry) { return std::string(entry.currency_code()); }
auto Key(const v1::MarketingDay& entry) {
  return base::FromProto(entry.date());
}
auto Key(const v1::MarketingTopic& entry) { return std::string(entry.topic()); }

// Entries that count nothing are dropped.
template <typename Entry>
bool IsEmpty(const Entry& entry) {
  return entry.count() <= 0;
}
bool IsEmpty(const v1::Sales& entry) {
  return entry.purchase_count() <= 0 && entry.return_count() <= 0;
}

template <typename Entry>
void AddEach(const RepeatedPtrField<Entry>& from,
             RepeatedPtrField<Entry>& into);
template <typename Entry>
void RemoveEach(const RepeatedPtrField<Entry>& effect,
                RepeatedPtrField<Entry>& from);

// Adds `from` once, or with `sign` -1 takes it away.
template <typename Entry>
void Count(const Entry& from, int64_t sign, Entry& into) {
  into.set_count(into.count() + sign * from.count());
}
void Count(const v1::Sales& from, int64_t sign, v1::Sales& into) {
  CountSales(from, sign, into);
}
void Count(const v1::MarketingDay& from, int64_t sign, v1::MarketingDay& into) {
  into.set_count(into.count() + sign * from.count());
  if (sign > 0) {
    AddEach(from.topics(), *into.mutable_topics());
  } else {
    RemoveEach(from.topics(), *into.mutable_topics());
  }
}

// Two entries of the same key, where both stay.
template <typename Entry>
void Join(const Entry& from, Entry& into) {
  Count(from, 1, into);
}
void Join(const v1::ActivityCount& from, v1::ActivityCount& into) {
  Count(from, 1, into);
  if (base::ToMicros(from.first_time()) < base::ToMicros(into.first_time())) {
    *into.mutable_first_time() = from.first_time();
  }
  if (base::ToMicros(from.last_time()) > base::ToMicros(into.last_time())) {
    *into.mutable_last_time() = from.last_time();
  }
}

template <typename Entry>
Entry* Find(const Entry& like, RepeatedPtrField<Entry>& entries) {
  for (Entry& entry : entries) {
    if (Key(entry) == Key(like)) return &entry;
  }
  return nullptr;
}

template <typename Entry>
void AddEach(const RepeatedPtrField<Entry>& from,
             RepeatedPtrField<Entry>& into) {
  for (const Entry& entry : from) {
    if (Entry* known = Find(entry, into); known != nullptr) {
      Join(entry, *known);
    } else {
      *into.Add() = entry;
    }
  }
  std::sort(into.begin(), into.end(),
            [](const Entry& a, const Entry& b) { return Key(a) < Key(b); });
}

template <typename Entry>
void RemoveEach(const RepeatedPtrField<Entry>& effect,
                RepeatedPtrField<Entry>& from) {
  for (const Entry& entry : effect) {
    if (Entry* known = Find(entry, from)) Count(entry, -1, *known);
  }
  from.erase(std::remove_if(from.begin(), from.end(),
                            [](const Entry& entry) { return IsEmpty(entry); }),
             from.end());
}

// The newest first; those of one interaction stay in its order.
void AddReturned(const RepeatedPtrField<v1::ReturnedItem>& from,
                 RepeatedPtrField<v1::ReturnedItem>& into) {
  into.MergeFrom(from);
  std::stable_sort(into.begin(), into.end(),
                   [](const v1::ReturnedItem& a, const v1::ReturnedItem& b) {
                     return std::tuple(base::ToMicros(a.return_time()),
                                       absl::string_view(a.interaction_id())) >
                            std::tuple(base::ToMicros(b.return_time()),
                                       absl::string_view(b.interaction_id()));
                   });
  if (into.size() > kMaxReturnedItems) {
    into.DeleteSubrange(kMaxReturnedItems, into.size() - kMaxReturnedItems);
  }
}

// Answers whether others may have their place now.
bool RemoveReturned(const RepeatedPtrField<v1::ReturnedItem>& effect,
                    RepeatedPtrField<v1::ReturnedItem>& from) {
  if (effect.empty()) return false;
  const int before = from.size();
  const std::string& id = effect[0].interaction_id();
  from.erase(std::remove_if(from.begin(), from.end(),
                            [&](const v1::ReturnedItem& item) {
                              return item.interaction_id() == id;
                            }),
             from.end());
  return before == kMaxReturnedItems && from.size() < before;
}

v1::ActivityCount CountOf(const v1::Interaction& interaction) {
  v1::ActivityCount count;
  count.set_kind(interaction.kind());
  count.set_direction(interaction.direction());
  count.set_outcome(CountedOutcome(interaction));
  count.set_count(1);
  *count.mutable_first_time() = interaction.occurred_time();
  *count.mutable_last_time() = interaction.occurred_time();
  return count;
}

RepeatedPtrField<v1::ReturnedItem> ReturnedOf(
    const v1::Interaction& interaction) {
  RepeatedPtrField<v1::ReturnedItem> returned;
  if (interaction.kind() != v1::KIND_RETURN || IsOfForm(interaction)) {
    return returned;
  }
  for (const v1::Item& item : interaction.items()) {
    v1::ReturnedItem* added = returned.Add();
    *added->mutable_item() = item;
    added->set_order_id(interaction.order_id());
    *added->mutable_return_time() = interaction.occurred_time();
    added->set_interaction_id(interaction.interaction_id());
  }
  return returned;
}

// One more marketing touch on its day. Its topic counts if a cap names it.
v1::MarketingDay MarketingDayOf(const v1::Interaction& interaction,
                                const config::v1::Tenant& tenant) {
  v1::MarketingDay day;
  *day.mutable_date() = base::ToProto(
      auth::CalendarDay(base::FromProto(interaction.occurred_time()), tenant));
  day.set_count(1);
  const std::string& topic = interaction.topic();
  if (!topic.empty() &&
      absl::c_any_of(tenant.contact().caps(),
                     [&](const auto& cap) { return cap.topic() == topic; })) {
    v1::MarketingTopic& counted = *day.add_topics();
    counted.set_topic(topic);
    counted.set_count(1);
  }
  return day;
}

// Keeps the days from `first` to `last`.
void KeepDays(absl::CivilDay first, absl::CivilDay last,
              RepeatedPtrField<v1::MarketingDay>& days) {
  days.erase(std::remove_if(days.begin(), days.end(),
                            [=](const v1::MarketingDay& day) {
                              return Key(day) < first || Key(day) > last;
                            }),
             days.end());
}

int64_t CountFrom(absl::CivilDay first, const v1::MarketingTouches& marketing) {
  int64_t count = 0;
  for (const v1::MarketingDay& day : marketing.days()) {
    if (Key(day) >= first) count += day.count();
  }
  return count;
}

}  // namespace

v1::ActivitySummary SummaryOf(const v1::Interaction& interaction,
                              const config::v1::Tenant& tenant) {
  v1::ActivitySummary summary;
  if (!IsCounted(interaction)) return summary;
  *summary.add_counts() = CountOf(interaction);
  if (interaction.purpose() != v1::PURPOSE_UNSPECIFIED) {
    v1::PurposeCount* purpose = summary.add_purposes();
    purpose->set_purpose(interaction.purpose());
    purpose->set_count(1);
  }
  if (const auto sales = SalesOf(interaction)) *summary.add_sales() = *sales;
  if (IsMarketing(interaction)) {
    *summary.mutable_marketing()->add_days() =
        MarketingDayOf(interaction, tenant);
  }
  AddReturned(ReturnedOf(interaction), *summary.mutable_returned_items());
  return summary;
}

void Add(const v1::ActivitySummary& from, v1::ActivitySummary& into) {
  AddEach(from.counts(), *into.mutable_counts());
  AddEach(from.purposes(), *into.mutable_purposes());
  AddEach(from.sales(), *into.mutable_sales());
  AddMarketing(from.marketing(), *into.mutable_marketing());
  AddReturned(from.returned_items(), *into.mutable_returned_items());
  into.set_live_thread_count(into.live_thread_count() +
                             from.live_thread_count());
  AddLastProblems(from, into);
}

void AddMarketing(const v1::MarketingTouches& from,
                  v1::MarketingTouches& into) {
  AddEach(from.days(), *into.mutable_days());
}

Gaps Remove(const v1::ActivitySummary& effect, v1::ActivitySummary& from) {
  RemoveEach(effect.counts(), *from.mutable_counts());
  RemoveEach(effect.purposes(), *from.mutable_purposes());
  RemoveEach(effect.sales(), *from.mutable_sales());
  RemoveEach(effect.marketing().days(),
             *from.mutable_marketing()->mutable_days());
  Gaps gaps;
  gaps.returned_items =
      RemoveReturned(effect.returned_items(), *from.mutable_returned_items());
  if (effect.counts().empty()) return gaps;
  const v1::ActivityCount& gone = effect.counts(0);
  if (const auto* left = Find(gone, *from.mutable_counts())) {
    const int64_t micros = base::ToMicros(gone.first_time());
    gaps.first_time = base::ToMicros(left->first_time()) == micros;
    gaps.last_time = base::ToMicros(left->last_time()) == micros;
  }
  return gaps;
}

void SetFirstTime(const v1::Interaction& interaction, int64_t micros,
                  v1::ActivitySummary& summary) {
  if (auto* count = Find(CountOf(interaction), *summary.mutable_counts())) {
    *count->mutable_first_time() = base::ToProto(micros);
  }
}

void SetLastTime(const v1::Interaction& interaction, int64_t micros,
                 v1::ActivitySummary& summary) {
  if (auto* count = Find(CountOf(interaction), *summary.mutable_counts())) {
    *count->mutable_last_time() = base::ToProto(micros);
  }
}

void SetReturnedItems(const std::vector<v1::Interaction>& newest_returns,
                      v1::ActivitySummary& summary) {
  summary.clear_returned_items();
  for (const v1::Interaction& interaction : newest_returns) {
    AddReturned(ReturnedOf(interaction), *summary.mutable_returned_items());
  }
}

void Prune(absl::CivilDay today, v1::ActivitySummary& summary) {
  // What occurs tomorrow may have been recorded today.
  KeepDays(today - kMarketingDays + 1, today + 2,
           *summary.mutable_marketing()->mutable_days());
}

void Present(absl::CivilDay today, v1::ActivitySummary& summary) {
  summary.clear_live_thread_count();
  summary.clear_last_problems();
  v1::MarketingTouches& marketing = *summary.mutable_marketing();
  KeepDays(today - kMarketingDays + 1, today, *marketing.mutable_days());
  for (v1::MarketingDay& day : *marketing.mutable_days()) day.clear_topics();
  marketing.set_last_7_days(CountFrom(today - 6, marketing));
  marketing.set_last_30_days(CountFrom(today - 29, marketing));
  marketing.set_last_90_days(CountFrom(today - kMarketingDays + 1, marketing));
  for (v1::Sales& sales : *summary.mutable_sales()) PresentSales(sales);
  summary.clear_last_called_time();
  for (const v1::ActivityCount& count : summary.counts()) {
    if (count.kind() != v1::KIND_CALL ||
        count.direction() != v1::DIRECTION_OUTBOUND) {
      continue;
    }
    if (!summary.has_last_called_time() ||
        base::ToMicros(count.last_time()) >
            base::ToMicros(summary.last_called_time())) {
      *summary.mutable_last_called_time() = count.last_time();
    }
  }
}

}  // namespace kith::interactions
