#include "gateway/flows/view_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/page_token.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"

namespace kith::gateway {
namespace {

// Nobody reads more on one screen; the rest is a page away.
constexpr int32_t kMaxInteractions = 100;
// One call asks for few enough members that it is soon done, and that several
// go side by side; a greater group has a call of its own.
constexpr size_t kIdsOfBatch = 500;

void AddSource(const char* part, const absl::Status& status,
               v1::CustomerView& view) {
  v1::PartStatus& source = *view.add_parts();
  source.set_part(part);
  if (!status.ok()) *source.mutable_error() = status::ToProto(status);
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
    wanted.contact = wanted.identities = wanted.summary = wanted.interactions =
        false;
  }
  for (const std::string& path : read_mask.paths()) {
    if (path == "contact") {
      wanted.contact = true;
    } else if (path == "identities") {
      wanted.identities = true;
    } else if (path == "summary") {
      wanted.summary = true;
    } else if (path == "interactions") {
      wanted.interactions = true;
    } else {
      violations.Add("read_mask",
                     absl::StrCat("\"", path,
                                  "\", want contact, identities, summary or "
                                  "interactions"));
    }
  }
  if (!violations.empty()) return violations.ToStatus();
  return wanted;
}

ViewParts::ViewParts(const Backends& backends,
                     const base::RequestContext& context,
                     const std::vector<std::vector<std::string>>& sets,
                     WantedParts wanted)
    : wanted_(wanted) {
  std::vector<common::v1::ContactSet> batch;
  size_t ids = 0;
  for (const std::vector<std::string>& set : sets) {
    if (!batch.empty() && ids + set.size() > kIdsOfBatch) {
      Ask(backends, context, std::exchange(batch, {}));
      ids = 0;
    }
    places_.push_back({batches_.size(), static_cast<int>(batch.size())});
    batch.emplace_back().mutable_contact_ids()->Add(set.begin(), set.end());
    ids += set.size();
  }
  if (!batch.empty()) Ask(backends, context, batch);
}

void ViewParts::Ask(const Backends& backends,
                    const base::RequestContext& context,
                    const std::vector<common::v1::ContactSet>& sets) {
  identity::v1::ListIdentitiesRequest identities;
  interactions::v1::BatchGetActivityRequest activity;
  int64_t ids = 0;
  for (const common::v1::ContactSet& set : sets) {
    *identities.add_sets() = set;
    *activity.add_sets() = set;
    ids += set.contact_ids_size();
  }
  const base::RequestContext part = backends.ForPart(context, ids);
  Batch& batch = batches_.emplace_back();
  if (wanted_.identities) {
    identities.set_page_size(api::kMaxIdentitiesPerPage);
    batch.identities_call.emplace(
        backends.list_identities().Call(std::move(identities), part));
  }
  if (wanted_.summary || wanted_.interactions) {
    activity.set_page_size(wanted_.interactions_size);
    auto& mask = *activity.mutable_read_mask();
    if (wanted_.summary) mask.add_paths("summary");
    if (wanted_.interactions) mask.add_paths("interactions");
    batch.activity_call.emplace(
        backends.get_activity().Call(std::move(activity), part));
  }
}

Task<absl::Status> ViewParts::Collect() {
  for (Batch& batch : batches_) {
    // By name: g++ 12 copies an awaitable that is given as an expression.
    if (batch.identities_call.has_value()) {
      PendingCall<Identities>& call = *batch.identities_call;
      batch.identities = co_await call;
    }
    if (batch.activity_call.has_value()) {
      PendingCall<Activity>& call = *batch.activity_call;
      batch.activity = co_await call;
    }
  }
  co_return absl::OkStatus();
}

void ViewParts::Fill(int set, v1::CustomerView& view) {
  const auto [at, index] = places_[set];
  Batch& batch = batches_[at];
  if (wanted_.contact) AddSource("contact", absl::OkStatus(), view);
  if (wanted_.identities) {
    absl::Status status = batch.identities.status();
    if (status.ok()) {
      auto& result = *batch.identities->mutable_results(index);
      view.mutable_identities()->Swap(result.mutable_identities());
      if (!result.next_page_token().empty()) {
        status = absl::OutOfRangeError(absl::StrCat("only the first ",
                                                    view.identities_size(),
                                                    " identities are shown"));
      }
    }
    AddSource("identities", status, view);
  }
  if (wanted_.summary) {
    if (batch.activity.ok()) {
      view.mutable_summary()->Swap(
          batch.activity->mutable_results(index)->mutable_summary());
    }
    AddSource("summary", batch.activity.status(), view);
  }
  if (wanted_.interactions) {
    if (batch.activity.ok()) {
      auto& result = *batch.activity->mutable_results(index);
      view.mutable_interactions()->Swap(result.mutable_interactions());
      view.set_next_page_token(result.next_page_token());
    }
    AddSource("interactions", batch.activity.status(), view);
  }
}

}  // namespace kith::gateway
