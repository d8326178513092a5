#include "interactions-svc/timeline.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/interaction_fields.h"
#include "interactions-svc/interaction_row.h"

namespace kith::interactions {
namespace {

constexpr size_t kReturnsRead = 100;

using base::Uuid;
using mysql::Param;
using mysql::Tx;

absl::string_view Statement(const TimelineFilter& filter) {
  if (filter.kind != v1::KIND_UNSPECIFIED) return kListByKind;
  if (!filter.thread_id.empty()) return kListByThread;
  return filter.identity_key.empty() ? kListInteractions : kListByIdentity;
}

bool IsNewer(const v1::Interaction& a, const v1::Interaction& b) {
  // The text form of ids sorts as their bytes do.
  return std::tuple(base::ToMicros(a.occurred_time()),
                    absl::string_view(a.interaction_id())) >
         std::tuple(base::ToMicros(b.occurred_time()),
                    absl::string_view(b.interaction_id()));
}

}  // namespace

absl::StatusOr<std::vector<v1::Interaction>> ReadTimeline(
    const Tx& tx, const Uuid& contact_id, const TimelineFilter& filter,
    const Location& after, int32_t limit) {
  const std::string identity_key = absl::HexStringToBytes(filter.identity_key);
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
  std::vector<v1::Interaction> interactions;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      Statement(filter), params,
      [&](const mysql::Row& row) { interactions.push_back(FromRow(row)); }));
  return interactions;
}

absl::StatusOr<std::vector<v1::Interaction>> ReadNewestReturns(
    const Tx& tx, const Uuid& contact_id, const Location& after) {
  TimelineFilter returns_only;
  returns_only.kind = v1::KIND_RETURN;
  std::vector<v1::Interaction> returns;
  Location last = after;
  size_t read = 0;
  do {
    KITH_ASSIGN_OR_RETURN(std::vector<v1::Interaction> page,
                          ReadTimeline(tx, contact_id, returns_only, last,
                                       static_cast<int32_t>(kReturnsRead)));
    read = page.size();
    if (!page.empty()) last = Location::Of(page.back());
    std::erase_if(page, IsOfForm);
    absl::c_move(page, std::back_inserter(returns));
  } while (read == kReturnsRead && returns.size() < kReturnsRead);
  return returns;
}

absl::StatusOr<TimelinePage> ReadTimelinePage(
    const Tx& tx, const std::vector<Uuid>& contact_ids,
    const TimelineFilter& filter, const Location& after, int32_t size,
    int64_t& bytes_left) {
  // One more than the page holds tells whether there is another page.
  const size_t wanted = bytes_left > 0 ? static_cast<size_t>(size) + 1 : 1;
  std::vector<v1::Interaction> newest;
  for (const Uuid& id : contact_ids) {
    KITH_ASSIGN_OR_RETURN(
        std::vector<v1::Interaction> read,
        ReadTimeline(tx, id, filter, after, static_cast<int32_t>(wanted)));
    const auto middle = static_cast<std::ptrdiff_t>(newest.size());
    std::move(read.begin(), read.end(), std::back_inserter(newest));
    std::inplace_merge(newest.begin(), newest.begin() + middle, newest.end(),
                       IsNewer);
    if (newest.size() > wanted) newest.resize(wanted);
  }
  TimelinePage page;
  Location last = after;
  for (v1::Interaction& interaction : newest) {
    const auto bytes = static_cast<int64_t>(interaction.ByteSizeLong());
    const bool fits = bytes <= bytes_left || bytes_left == kAnswerBytes;
    if (page.interactions.size() + 1 == wanted || !fits) {
      if (!fits) bytes_left = 0;
      page.next = last;
      break;
    }
    bytes_left -= bytes;
    last = Location::Of(interaction);
    page.interactions.push_back(std::move(interaction));
  }
  return page;
}

}  // namespace kith::interactions
