#include "gateway/flows/view_parts.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/api/encoded_field.h"
#include "common/api/limits.h"
#include "common/api/page_token.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "gateway/sharing/may_be.h"
#include "gateway/sharing/shared_values.h"

namespace kith::gateway {
namespace {

// Nobody reads more on one screen; the rest is a page away.
constexpr int32_t kMaxInteractions = 100;
// One call asks for few enough members that it is soon done, and that several
// go side by side; a greater group has a call of its own.
constexpr size_t kIdsOfCall = 500;

struct Part {
  const char* name;
  bool WantedParts::*wanted;
};

constexpr Part kParts[] = {
    {"contact", &WantedParts::contact},
    {"identities", &WantedParts::identities},
    {"summary", &WantedParts::summary},
    {"interactions", &WantedParts::interactions},
    {"threads", &WantedParts::threads},
    {"actions", &WantedParts::actions},
    {"may_be", &WantedParts::may_be},
};

void AddSource(const char* part, const absl::Status& status,
               v1::CustomerView& view) {
  v1::PartStatus& source = *view.add_parts();
  source.set_part(part);
  if (!status.ok()) *source.mutable_error() = status::ToProto(status);
}

// The result of the set with this index.
template <typename Response>
absl::StatusOr<typename Response::Result> TakeResult(
    absl::StatusOr<Response>& answer, size_t index) {
  if (!answer.ok()) return answer.status();
  return std::move(*answer->mutable_results(static_cast<int>(index)));
}

absl::Status FillIdentities(CollectedParts& parts, v1::CustomerView& view) {
  if (!parts.identities.ok()) return parts.identities.status();
  view.mutable_identities()->Swap(parts.identities->mutable_identities());
  if (parts.identities->next_page_token().empty()) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(
      "only the first ", view.identities_size(), " identities are shown"));
}

// A first page ends early if more would be too large for the answer.
absl::Status FillInteractions(CollectedParts& parts, int32_t wanted,
                              v1::CustomerView& view) {
  if (!parts.activity.ok()) return parts.activity.status();
  auto& interactions = *parts.activity->mutable_interactions();
  const int shown = interactions.size();
  for (std::string& interaction : interactions) {
    api::AddEncoded(v1::CustomerView::kInteractionsFieldNumber,
                    std::move(interaction), view);
  }
  view.set_next_page_token(parts.activity->next_page_token());
  if (view.next_page_token().empty() || shown >= wanted) {
    return absl::OkStatus();
  }
  return absl::OutOfRangeError(absl::StrCat(
      "only the newest ", shown, " of ", wanted,
      " interactions are shown, as more would be too large for the answer; "
      "next_page_token leads on"));
}

absl::Status FillThreads(CollectedParts& parts, v1::CustomerView& view) {
  if (!parts.activity.ok()) return parts.activity.status();
  view.mutable_threads()->Swap(parts.activity->mutable_threads());
  view.mutable_last_problems()->Swap(parts.activity->mutable_last_problems());
  if (!parts.activity->more_threads()) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("only the newest ", view.threads_size(),
                   " threads are shown; ListThreads has all"));
}

absl::Status FillActions(CollectedParts& parts, v1::CustomerView& view) {
  if (!parts.activity.ok()) return parts.activity.status();
  view.mutable_actions()->Swap(parts.activity->mutable_actions());
  if (!parts.activity->more_actions()) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("only the ", view.actions_size(),
                   " most urgent actions are shown; ListActions has all"));
}

// Before FillIdentities, which takes the identities.
absl::Status FillMayBe(const CollectedParts& parts, v1::CustomerView& view) {
  if (!parts.may_be.ok()) return parts.may_be.status();
  if (!parts.identities.ok()) return parts.identities.status();
  return AddMayBe(parts.identities->identities(), *parts.may_be, view);
}

}  // namespace

absl::StatusOr<WantedParts> WantedParts::Make(
    const google::protobuf::FieldMask& read_mask, int32_t interactions_size) {
  api::Violations violations;
  WantedParts wanted;
  wanted.interactions_size =
      api::PageSize(interactions_size, 20, kMaxInteractions);
  if (interactions_size < 0) {
    violations.Add("interactions_size",
                   absl::StrCat(interactions_size, ", want 0 or more"));
  }
  if (!read_mask.paths().empty()) {
    for (const auto& [name, part] : kParts) wanted.*part = false;
  }
  for (const std::string& path : read_mask.paths()) {
    const auto* const found = absl::c_find_if(
        kParts, [&](const Part& part) { return path == part.name; });
    if (found != std::end(kParts)) {
      wanted.*found->wanted = true;
    } else {
      violations.Add("read_mask",
                     absl::StrCat("\"", path,
                                  "\", want contact, identities, summary, "
                                  "interactions, threads, actions or may_be"));
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  return wanted;
}

void FillView(CollectedParts parts, const WantedParts& wanted,
              v1::CustomerView& view) {
  const absl::Status may_be =
      wanted.may_be ? FillMayBe(parts, view) : absl::OkStatus();
  if (wanted.contact) AddSource("contact", absl::OkStatus(), view);
  if (wanted.identities) {
    AddSource("identities", FillIdentities(parts, view), view);
  }
  if (wanted.summary) {
    if (parts.activity.ok()) {
      view.mutable_summary()->Swap(parts.activity->mutable_summary());
    }
    AddSource("summary", parts.activity.status(), view);
  }
  if (wanted.interactions) {
    AddSource("interactions",
              FillInteractions(parts, wanted.interactions_size, view), view);
  }
  if (wanted.threads) AddSource("threads", FillThreads(parts, view), view);
  if (wanted.actions) AddSource("actions", FillActions(parts, view), view);
  if (wanted.may_be) AddSource("may_be", may_be, view);
}

size_t ViewParts::Add(MemberSet members) {
  members_.push_back(std::move(members));
  return members_.size() - 1;
}

void ViewParts::Ask() {
  std::vector<size_t> identities;
  std::vector<size_t> activity;
  for (; asked_ < members_.size(); ++asked_) {
    if (wanted_.needs_identities() &&
        !members_[asked_].identities.has_value()) {
      identities.push_back(asked_);
    }
    if (wanted_.summary || wanted_.interactions || wanted_.threads ||
        wanted_.actions) {
      activity.push_back(asked_);
    }
  }
  for (std::vector<size_t>& indexes : Divide(identities)) {
    AskIdentities(std::move(indexes));
  }
  for (std::vector<size_t>& indexes : Divide(activity)) {
    AskActivity(std::move(indexes));
  }
}

std::vector<std::vector<size_t>> ViewParts::Divide(
    const std::vector<size_t>& indexes) const {
  std::vector<std::vector<size_t>> calls;
  size_t ids = 0;
  for (const size_t index : indexes) {
    const size_t more = contact_ids(index).size();
    if (calls.empty() || ids + more > kIdsOfCall) {
      calls.emplace_back();
      ids = 0;
    }
    calls.back().push_back(index);
    ids += more;
  }
  return calls;
}

template <typename Request>
base::RequestContext ViewParts::AddSets(const std::vector<size_t>& indexes,
                                        Request& request) const {
  int64_t ids = 0;
  for (const size_t index : indexes) {
    const std::vector<std::string>& set = contact_ids(index);
    request.add_sets()->mutable_contact_ids()->Add(set.begin(), set.end());
    ids += static_cast<int64_t>(set.size());
  }
  return backends_.ForPart(context_, ids);
}

void ViewParts::AskIdentities(std::vector<size_t> indexes) {
  identity::v1::ListIdentitiesRequest request;
  const base::RequestContext context = AddSets(indexes, request);
  request.set_page_size(api::kMaxIdentitiesPerPage);
  request.set_include_past(wanted_.past_identities);
  request.set_include_consents(true);
  identities_.push_back({std::move(indexes), backends_.list_identities().Call(
                                                 std::move(request), context)});
}

void ViewParts::AskActivity(std::vector<size_t> indexes) {
  interactions::v1::BatchGetActivityRequest request;
  const base::RequestContext context = AddSets(indexes, request);
  request.set_page_size(wanted_.interactions_size);
  auto& mask = *request.mutable_read_mask();
  if (wanted_.summary) mask.add_paths("summary");
  if (wanted_.interactions) mask.add_paths("interactions");
  if (wanted_.threads) mask.add_paths("threads");
  if (wanted_.actions) mask.add_paths("actions");
  activity_.push_back({std::move(indexes), backends_.get_activity().Call(
                                               std::move(request), context)});
}

Task<int> ViewParts::CollectMayBe(std::vector<CollectedParts>& parts) const {
  interactions::v1::BatchGetActivityRequest request;
  std::vector<size_t> asked;
  int64_t ids = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].identities.ok()) continue;
    const auto stand_ins = StandInsOf(parts[i].identities->identities());
    if (stand_ins.empty()) continue;
    request.add_sets()->mutable_contact_ids()->Add(stand_ins.begin(),
                                                   stand_ins.end());
    ids += static_cast<int64_t>(stand_ins.size());
    asked.push_back(i);
  }
  if (asked.empty()) co_return 0;
  request.set_page_size(kMaxMayBe);
  request.mutable_read_mask()->add_paths("interactions");
  auto call = backends_.get_activity().Call(std::move(request),
                                            backends_.ForPart(context_, ids));
  auto answer = co_await call;
  for (size_t n = 0; n < asked.size(); ++n) {
    parts[asked[n]].may_be = TakeResult(answer, n);
  }
  co_return static_cast<int>(asked.size());
}

Task<std::vector<CollectedParts>> ViewParts::Collect() {
  std::vector<CollectedParts> parts(members_.size());
  for (size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i].identities.has_value()) continue;
    parts[i].identities = *std::move(members_[i].identities);
  }
  for (auto& asked : identities_) {
    // By name: g++ 12 copies an awaitable that is given as an expression.
    auto& call = asked.call;
    auto answer = co_await call;
    for (size_t i = 0; i < asked.indexes.size(); ++i) {
      parts[asked.indexes[i]].identities = TakeResult(answer, i);
    }
  }
  for (auto& asked : activity_) {
    auto& call = asked.call;
    auto answer = co_await call;
    for (size_t i = 0; i < asked.indexes.size(); ++i) {
      parts[asked.indexes[i]].activity = TakeResult(answer, i);
    }
  }
  if (wanted_.may_be) co_await CollectMayBe(parts);
  co_return parts;
}

}  // namespace kith::gateway
