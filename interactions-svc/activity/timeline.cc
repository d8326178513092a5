#include "interactions-svc/activity/timeline.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/recent.h"

namespace kith::interactions {
namespace {

constexpr int32_t kReturnsRead = 100;

using base::Uuid;
using mysql::Param;
using mysql::Tx;

absl::string_view Statement(const TimelineFilter& filter) {
  if (filter.kind != v1::KIND_UNSPECIFIED) return kListByKind;
  if (!filter.thread_id.empty()) return kListByThread;
  return filter.identity_key.empty() ? kListInteractions : kListByIdentity;
}

// The rows that one statement reads at most, for as many contacts as that is
// enough for: they are all in memory.
constexpr size_t kRowsAtOnce = 512;

bool IsNewer(const EncodedInteraction& a, const EncodedInteraction& b) {
  return std::tuple(a.location.occurred_micros, a.location.interaction_id) >
         std::tuple(b.location.occurred_micros, b.location.interaction_id);
}

// Parameters of one run of the statement of a filter. Points into the
// arguments.
std::vector<Param> ParamsOf(const Tx& tx, const Uuid& contact_id,
                            const TimelineFilter& filter,
                            absl::string_view identity_key,
                            const Location& after, int32_t limit) {
  std::vector<Param> params = {tx.tenant_id(), contact_id.bytes()};
  if (filter.kind != v1::KIND_UNSPECIFIED) {
    params.emplace_back(static_cast<int32_t>(filter.kind));
  } else if (!filter.thread_id.empty()) {
    params.emplace_back(filter.thread_id);
  } else if (!identity_key.empty()) {
    params.emplace_back(identity_key);
  }
  params.insert(params.end(), {after.occurred_micros, after.occurred_micros,
                               after.interaction_id.bytes(), limit});
  return params;
}

// Reads the timelines of sets, the contacts of all of them in sequence, many at
// once.
class PagesReader {
 public:
  PagesReader(const Tx& tx, absl::Span<const TimelineSet> sets,
              const TimelineFilter& filter, int32_t size)
      : tx_(tx),
        filter_(filter),
        identity_key_(absl::HexStringToBytes(filter.identity_key)),
        size_(static_cast<size_t>(size)) {
    for (const TimelineSet& set : sets) {
      if (set.newest.has_value()) continue;
      for (const Uuid& id : set.contact_ids) seeks_.push_back({&set, &id});
    }
  }

  // Returns the page of the next set, whose contacts are the next of `sets`.
  absl::StatusOr<TimelinePage> Next(TimelineSet& set) {
    if (set.newest.has_value()) {
      return PageOf(*std::move(set.newest), set.after);
    }
    std::vector<EncodedInteraction> newest;
    for (size_t i = 0; i < set.contact_ids.size(); ++i) {
      if (read_.empty()) KITH_RETURN_IF_ERROR(ReadMore());
      Merge(std::move(read_.front()), newest);
      read_.pop_front();
    }
    return PageOf(std::move(newest), set.after);
  }

 private:
  struct Seek {
    const TimelineSet* set;
    const Uuid* contact_id;
  };

  // One more than the page holds tells whether there is another page.
  size_t Wanted() const { return bytes_left_ > 0 ? size_ + 1 : 1; }

  // Adds the timelines of the next contacts to read_.
  absl::Status ReadMore() {
    const auto limit = static_cast<int32_t>(Wanted());
    const size_t most =
        std::clamp<size_t>(kRowsAtOnce / Wanted(), 1, mysql::kMaxRuns);
    const absl::Span<const Seek> seeks =
        absl::MakeConstSpan(seeks_).subspan(begun_, most);
    begun_ += seeks.size();
    std::vector<std::vector<Param>> runs;
    for (const auto& [set, contact_id] : seeks) {
      runs.push_back(ParamsOf(tx_, *contact_id, filter_, identity_key_,
                              set->after, limit));
    }
    read_.resize(seeks.size());
    return mysql::QueryRuns(tx_.session, Statement(filter_), runs, most,
                            [&](size_t run, const mysql::Row& row) {
                              read_[run].push_back(EncodedFromRow(row));
                            });
  }

  void Merge(std::vector<EncodedInteraction> read,
             std::vector<EncodedInteraction>& newest) const {
    const auto middle = static_cast<std::ptrdiff_t>(newest.size());
    absl::c_move(read, std::back_inserter(newest));
    std::inplace_merge(newest.begin(), newest.begin() + middle, newest.end(),
                       IsNewer);
    if (newest.size() > Wanted()) newest.resize(Wanted());
  }

  TimelinePage PageOf(std::vector<EncodedInteraction> newest, Location last) {
    TimelinePage page;
    for (EncodedInteraction& interaction : newest) {
      const auto bytes = static_cast<int64_t>(interaction.bytes.size());
      const bool fits = bytes <= bytes_left_ || bytes_left_ == kAnswerBytes;
      if (page.interactions.size() == size_ || !fits) {
        if (!fits) bytes_left_ = 0;
        page.next = last;
        break;
      }
      bytes_left_ -= bytes;
      last = interaction.location;
      page.interactions.push_back(std::move(interaction));
    }
    return page;
  }

  const Tx& tx_;
  const TimelineFilter& filter_;
  const std::string identity_key_;
  const size_t size_;
  std::vector<Seek> seeks_;
  // How many of them were read.
  size_t begun_ = 0;
  // The timelines that were read and belong to sets to come.
  std::deque<std::vector<EncodedInteraction>> read_;
  int64_t bytes_left_ = kAnswerBytes;
};

}  // namespace

absl::StatusOr<std::vector<v1::Interaction>> ReadNewestReturns(
    const Tx& tx, const Uuid& contact_id, const Location& after) {
  TimelineFilter returns_only;
  returns_only.kind = v1::KIND_RETURN;
  std::vector<v1::Interaction> returns;
  Location last = after;
  int32_t read = 0;
  do {
    read = 0;
    KITH_RETURN_IF_ERROR(tx.session.Query(
        Statement(returns_only),
        ParamsOf(tx, contact_id, returns_only, "", last, kReturnsRead),
        [&](const mysql::Row& row) {
          ++read;
          v1::Interaction interaction = FromRow(row);
          last = Location::Of(interaction);
          if (!IsOfForm(interaction)) returns.push_back(std::move(interaction));
        }));
  } while (read == kReturnsRead && returns.size() < kReturnsRead);
  return returns;
}

absl::StatusOr<std::vector<TimelinePage>> ReadTimelinePages(
    const Tx& tx, std::vector<TimelineSet> sets, const TimelineFilter& filter,
    int32_t size) {
  PagesReader reader(tx, sets, filter, size);
  std::vector<TimelinePage> pages;
  for (TimelineSet& set : sets) {
    KITH_ASSIGN_OR_RETURN(pages.emplace_back(), reader.Next(set));
  }
  return pages;
}

absl::StatusOr<internal::v1::RecentInteractions> ReadRecent(
    const Tx& tx, const Uuid& contact_id) {
  KITH_ASSIGN_OR_RETURN(
      const std::vector<TimelinePage> pages,
      ReadTimelinePages(tx, {{{contact_id}, Location::Newest()}}, {},
                        static_cast<int32_t>(kRecentKept)));
  return MakeRecent(pages[0].interactions, pages[0].next.has_value());
}

}  // namespace kith::interactions
