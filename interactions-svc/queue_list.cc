#include "interactions-svc/queue_list.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "common/api/page_token.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/status/status_macros.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/contact_actions.h"
#include "kith/internal/v1/positions.pb.h"

// The list has sections, and a section ranges, which are merged by rank; of
// contacts that rank the same, those of the first range are first. So a page
// goes on behind one contact: in the ranges before its own with a higher rank,
// in its own with the next contact, in those after it with the same rank. What
// waits is decided by one time for all pages, else what begins to wait would
// move from a later section to one that is over.
namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::ContactWork;
using internal::v1::QueuePosition;
using mysql::Tx;
using QueueTokens = api::PageTokens<QueuePosition>;

constexpr int32_t kDefaultContacts = 20;
constexpr int32_t kMostContacts = 100;
constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

// A range, and the name of its queue in the answer: empty for an agent's.
struct ListedRange {
  QueueRange range;
  std::string name;
};
using Section = std::vector<ListedRange>;

// Where in a section a contact is.
struct Place {
  size_t range = 0;
  int64_t rank_micros = 0;
  Uuid contact_id = {};

  std::tuple<int64_t, size_t, Uuid> Order() const {
    return {rank_micros, range, contact_id};
  }
};

// What waits at `now` in some queues, which have these names in the answer.
Section Waiting(const std::vector<std::pair<std::string, std::string>>& queues,
                int64_t now) {
  std::vector<std::string> stored;
  for (const auto& [queue, name] : queues) stored.push_back(queue);
  std::vector<QueueRange> heads = HeadsOf(stored, absl::FromUnixMicros(now));
  Section section;
  for (size_t i = 0; i < heads.size(); ++i) {
    section.push_back(
        {.range = std::move(heads[i]), .name = queues[i / kHeadRanges].second});
  }
  return section;
}

Section WaitingLater(
    const std::vector<std::pair<std::string, std::string>>& queues,
    int64_t now) {
  Section section;
  for (const auto& [queue, name] : queues) {
    section.push_back({.range = {.queue = queue,
                                 .state = QueueState::kLater,
                                 .least = now + 1,
                                 .most = kNoEnd},
                       .name = name});
  }
  return section;
}

std::vector<Section> SectionsOf(const v1::ListQueuedActionsRequest& request,
                                int64_t now) {
  std::vector<std::pair<std::string, std::string>> own;
  if (!request.agent().empty()) {
    own.emplace_back(QueueOfAssignee(request.agent()), "");
  }
  std::vector<std::pair<std::string, std::string>> queues;
  for (const std::string& queue : request.queues()) {
    queues.emplace_back(queue, queue);
  }
  std::vector<Section> sections;
  if (!request.waiting_only() && !request.agent().empty()) {
    sections.push_back(
        WaitingLater({{QueueOfHolder(request.agent()), ""}}, now));
  }
  sections.push_back(Waiting(own, now));
  sections.push_back(Waiting(queues, now));
  if (!request.waiting_only()) {
    sections.push_back(WaitingLater(own, now));
    sections.push_back(WaitingLater(queues, now));
  }
  return sections;
}

// Ranges to read, and of each the index in its section.
struct ToRead {
  std::vector<QueueRange> ranges;
  std::vector<size_t> indexes;

  void Add(size_t index, QueueRange range) {
    if (range.least > range.most) return;
    ranges.push_back(std::move(range));
    indexes.push_back(index);
  }
};

// What is behind `after`, or if it is null all of the section.
ToRead RangesBehind(const Section& section, const Place* after) {
  ToRead to_read;
  for (size_t i = 0; i < section.size(); ++i) {
    QueueRange range = section[i].range;
    if (after != nullptr && i == after->range) {
      QueueRange same = range;
      same.least = same.most = after->rank_micros;
      same.after = after->contact_id;
      to_read.Add(i, std::move(same));
    }
    if (after != nullptr) {
      const int64_t next = after->rank_micros + (i > after->range ? 0 : 1);
      range.least = std::max(range.least, next);
    }
    to_read.Add(i, std::move(range));
  }
  return to_read;
}

// Returns at most `size` places of a section behind `after`, or if it is null
// the first ones.
absl::StatusOr<std::vector<Place>> ReadSection(const Tx& tx,
                                               const Section& section,
                                               const Place* after,
                                               size_t size) {
  const ToRead to_read = RangesBehind(section, after);
  std::vector<Place> places;
  if (to_read.ranges.empty()) return places;
  KITH_ASSIGN_OR_RETURN(
      const std::vector<WaitingContact> waiting,
      ReadQueues(tx, to_read.ranges, static_cast<int32_t>(size)));
  for (const WaitingContact& contact : waiting) {
    places.push_back({.range = to_read.indexes[contact.queue],
                      .rank_micros = contact.rank_micros,
                      .contact_id = contact.contact_id});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.Order() < b.Order();
  });
  places.resize(std::min(places.size(), size));
  return places;
}

// Some places of one section.
struct ListedPlaces {
  size_t section = 0;
  std::vector<Place> places;
};

// Returns the first `size` places behind `position`.
absl::StatusOr<std::vector<ListedPlaces>> ReadPlaces(
    const Tx& tx, const std::vector<Section>& sections,
    const QueuePosition& position, size_t size) {
  const auto first = static_cast<size_t>(position.section());
  const bool begins = position.contact_id().empty();
  const Place after = {
      .range = static_cast<size_t>(position.range()),
      .rank_micros = position.rank_micros(),
      .contact_id = begins ? Uuid() : Uuid::FromBytes(position.contact_id())};
  std::vector<ListedPlaces> listed;
  for (size_t i = first; i < sections.size() && size > 0; ++i) {
    const bool goes_on = i == first && !begins;
    KITH_ASSIGN_OR_RETURN(
        std::vector<Place> places,
        ReadSection(tx, sections[i], goes_on ? &after : nullptr, size));
    size -= places.size();
    listed.push_back({.section = i, .places = std::move(places)});
  }
  return listed;
}

// Drops the places behind the first `size`. Returns true if there were some.
bool Cut(size_t size, std::vector<ListedPlaces>& listed) {
  bool more = false;
  for (ListedPlaces& part : listed) {
    more |= part.places.size() > size;
    part.places.resize(std::min(part.places.size(), size));
    size -= part.places.size();
  }
  return more;
}

QueuePosition PositionBehind(const std::vector<ListedPlaces>& listed,
                             int64_t now) {
  QueuePosition position;
  position.set_listed_micros(now);
  for (const ListedPlaces& part : listed) {
    if (part.places.empty()) continue;
    const Place& last = part.places.back();
    position.set_section(static_cast<int32_t>(part.section));
    position.set_range(static_cast<int32_t>(last.range));
    position.set_rank_micros(last.rank_micros);
    position.set_contact_id(std::string(last.contact_id.bytes()));
  }
  return position;
}

// Reads the actions of places, and adds those that still have some.
class PlaceReader {
 public:
  PlaceReader(const Tx& tx, const v1::ListQueuedActionsRequest& request)
      : tx_(tx), request_(request) {}

  absl::Status Read(const std::vector<ListedPlaces>& listed) {
    std::vector<Uuid> ids;
    for (const ListedPlaces& part : listed) {
      for (const Place& place : part.places) ids.push_back(place.contact_id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    KITH_ASSIGN_OR_RETURN(works_, ReadWorks(tx_, ids));
    KITH_ASSIGN_OR_RETURN(actions_, ReadOpenActions(tx_, ids));
    return absl::OkStatus();
  }

  void Add(const ListedRange& at, const Place& place,
           v1::ListQueuedActionsResponse& response) const {
    const auto work = works_.find(place.contact_id);
    const auto open = actions_.find(place.contact_id);
    if (work == works_.end() || open == actions_.end()) return;
    const bool is_leased =
        work->second.end_micros() > absl::ToUnixMicros(tx_.now);
    // Leased since its place was read, or listed already.
    if (is_leased && request_.waiting_only()) return;
    if (is_leased && IsListedAsHeld(at, work->second)) return;
    const auto shown =
        ActionsAt(at.range.queue, at.range.state, open->second, work->second);
    if (shown.empty()) return;
    v1::QueuedContact& contact = *response.add_contacts();
    contact.set_contact_id(place.contact_id.ToString());
    contact.set_queue(at.name);
    *contact.mutable_rank_time() = base::ToProto(place.rank_micros);
    if (is_leased) *contact.mutable_lease() = ShowLease(work->second);
    for (const auto* stored : shown) {
      *contact.add_actions() =
          ShowAction(tx_, place.contact_id, *stored, work->second);
    }
  }

 private:
  // What the agent has leased is listed as that, also if it is assigned to it.
  bool IsListedAsHeld(const ListedRange& at, const ContactWork& work) const {
    return at.name.empty() && work.agent() == request_.agent() &&
           at.range.queue != QueueOfHolder(request_.agent());
  }

  const Tx& tx_;
  const v1::ListQueuedActionsRequest& request_;
  ContactWorks works_;
  std::map<Uuid, OpenActions> actions_;
};

QueueTokens TokensOf(const Tx& tx,
                     const v1::ListQueuedActionsRequest& request) {
  return QueueTokens(
      "ListQueuedActions/", tx.tenant_id(), "/", request.waiting_only(), "/",
      absl::StrJoin(request.queues(), ","), "/", request.agent());
}

}  // namespace

absl::StatusOr<v1::ListQueuedActionsResponse> ListQueued(
    const Tx& tx, const v1::ListQueuedActionsRequest& request) {
  const QueueTokens tokens = TokensOf(tx, request);
  KITH_ASSIGN_OR_RETURN(const QueuePosition position,
                        tokens.Read(request.page_token()));
  const int64_t now = request.page_token().empty() ? absl::ToUnixMicros(tx.now)
                                                   : position.listed_micros();
  const std::vector<Section> sections = SectionsOf(request, now);
  const auto size = static_cast<size_t>(
      api::PageSize(request.page_size(), kDefaultContacts, kMostContacts));
  KITH_ASSIGN_OR_RETURN(std::vector<ListedPlaces> listed,
                        ReadPlaces(tx, sections, position, size + 1));
  v1::ListQueuedActionsResponse response;
  if (Cut(size, listed)) {
    response.set_next_page_token(tokens.Make(PositionBehind(listed, now)));
  }
  PlaceReader reader(tx, request);
  KITH_RETURN_IF_ERROR(reader.Read(listed));
  for (const ListedPlaces& part : listed) {
    for (const Place& place : part.places) {
      reader.Add(sections[part.section][place.range], place, response);
    }
  }
  return response;
}

}  // namespace kith::interactions
