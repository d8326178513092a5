#include "gateway/flows/visitor_merges.h"

#include <string>
#include <vector>

namespace kith::gateway {
namespace {

// Returns the visitors whom the touch is to merge into its contact: not those
// whom an earlier touch has merged already.
Task<std::vector<FormerVisitor>> VisitorsToMerge(
    const TouchOwner& owner, const std::string& canonical_id,
    TouchSteps& steps) {
  std::vector<PendingCall<ReadContact>> reads;
  for (const FormerVisitor& visitor : owner.visitors) {
    if (!visitor.by_earlier_touch) continue;
    reads.push_back(steps.read.Ask(visitor.contact_id));
  }
  std::vector<FormerVisitor> visitors;
  auto next = reads.begin();
  for (const FormerVisitor& visitor : owner.visitors) {
    if (visitor.by_earlier_touch) {
      auto& read = *next++;
      const auto contact = co_await read;
      if (!contact.ok() || contact->canonical_id == canonical_id) continue;
    }
    visitors.push_back(visitor);
  }
  co_return visitors;
}

}  // namespace

Task<absl::Status> MergeVisitors(const Touch& touch, const TouchOwner& owner,
                                 TouchSteps& steps,
                                 v1::RecordTouchResponse& response) {
  const std::vector<FormerVisitor> visitors =
      co_await VisitorsToMerge(owner, response.canonical_id(), steps);
  std::vector<PendingCall<contacts::v1::MergeContactsResponse>> merges;
  for (const FormerVisitor& visitor : visitors) {
    merges.push_back(steps.merge.Ask(touch.MergeContactsRequest(owner, visitor),
                                     /*once=*/visitor.by_earlier_touch));
  }
  for (size_t i = 0; i < merges.size(); ++i) {
    auto& merge = merges[i];
    const auto answer = co_await merge;
    const absl::Status& merged = answer.status();
    if (absl::IsFailedPrecondition(merged) || absl::IsNotFound(merged)) {
      continue;
    }
    KITH_CO_RETURN_IF_ERROR(merged);
    response.add_merged_visitor_ids(visitors[i].contact_id);
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
