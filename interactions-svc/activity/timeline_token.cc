#include "interactions-svc/activity/timeline_token.h"

#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using Tokens = api::PageTokens<internal::v1::InteractionPosition>;

}  // namespace

std::string TimelineBinding(uint64_t tenant_id,
                            const std::vector<base::Uuid>& contact_ids,
                            const TimelineFilter& filter) {
  std::string binding =
      absl::StrCat("ListInteractions/", tenant_id, "/", filter.kind, "/",
                   filter.identity_key, "/", filter.thread_id,
                   filter.thread_id.empty() ? "" : "/");
  for (const base::Uuid& id : contact_ids)
    absl::StrAppend(&binding, id.bytes());
  return binding;
}

absl::StatusOr<Location> ReadTimelineToken(absl::string_view token,
                                           absl::string_view binding) {
  if (token.empty()) return Location::Newest();
  KITH_ASSIGN_OR_RETURN(const auto position, Tokens(binding).Read(token));
  return Location::FromProto(position);
}

std::string MakeTimelineToken(const TimelinePage& page,
                              absl::string_view binding) {
  if (!page.next.has_value()) return "";
  return Tokens(binding).Make(page.next->ToProto());
}

}  // namespace kith::interactions
