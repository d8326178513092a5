#include "gateway/view_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/page_token.h"
#include "common/rpc/violations.h"
#include "common/status/rpc_status.h"

namespace kith::gateway {
namespace {

// Nobody reads more on one screen; the rest is a page away.
constexpr int32_t kMaxInteractions = 100;
constexpr int32_t kMaxIdentities = 500;

}  // namespace

absl::StatusOr<WantedParts> WantedParts::Make(
    const google::protobuf::FieldMask& read_mask, int32_t interactions_size) {
  rpc::Violations violations;
  WantedParts wanted;
  wanted.interactions_size =
      rpc::PageSize(interactions_size, 20, kMaxInteractions);
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
                     const ops::RequestContext& context,
                     const std::vector<std::vector<std::string>>& sets,
                     WantedParts wanted)
    : wanted_(wanted) {
  if (sets.empty()) return;
  identity::v1::ListIdentitiesRequest identities;
  interactions::v1::BatchGetActivityRequest activity;
  for (const std::vector<std::string>& set : sets) {
    common::v1::ContactSet& ids = *identities.add_sets();
    ids.mutable_contact_ids()->Add(set.begin(), set.end());
    *activity.add_sets() = ids;
  }
  const ops::RequestContext part = backends.ForPart(context);
  if (wanted_.identities) {
    identities.set_page_size(kMaxIdentities);
    identities_call_.emplace(
        backends.list_identities().Call(std::move(identities), part));
  }
  if (wanted_.summary || wanted_.interactions) {
    activity.set_page_size(wanted_.interactions_size);
    activity.set_skip_summary(!wanted_.summary);
    activity.set_skip_interactions(!wanted_.interactions);
    activity_call_.emplace(
        backends.get_activity().Call(std::move(activity), part));
  }
}

Task<absl::Status> ViewParts::Collect() {
  // By name: g++ 12 copies an awaitable that is given as an expression.
  if (identities_call_.has_value()) {
    PendingCall<Identities>& call = *identities_call_;
    identities_ = co_await call;
  }
  if (activity_call_.has_value()) {
    PendingCall<Activity>& call = *activity_call_;
    activity_ = co_await call;
  }
  co_return absl::OkStatus();
}

void ViewParts::Fill(int set, v1::CustomerView& view) const {
  if (wanted_.contact) AddSource("contact", absl::OkStatus(), view);
  if (wanted_.identities) {
    absl::Status status = identities_.status();
    if (status.ok()) {
      const auto& result = identities_->results(set);
      *view.mutable_identities() = result.identities();
      if (!result.next_page_token().empty()) {
        status = absl::OutOfRangeError(absl::StrCat("only the first ",
                                                    result.identities_size(),
                                                    " identities are shown"));
      }
    }
    AddSource("identities", status, view);
  }
  if (wanted_.summary) {
    if (activity_.ok()) {
      *view.mutable_summary() = activity_->results(set).summary();
    }
    AddSource("summary", activity_.status(), view);
  }
  if (wanted_.interactions) {
    if (activity_.ok()) {
      const auto& result = activity_->results(set);
      *view.mutable_interactions() = result.interactions();
      view.set_next_page_token(result.next_page_token());
    }
    AddSource("interactions", activity_.status(), view);
  }
}

void ViewParts::AddSource(const char* part, const absl::Status& status,
                          v1::CustomerView& view) const {
  v1::PartStatus* source = view.add_sources();
  source->set_part(part);
  if (!status.ok()) *source->mutable_error() = status::ToProto(status);
}

}  // namespace kith::gateway
