#include "interactions-svc/timeline_token.h"

#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
#include "common/status/status_macros.h"

namespace kith::interactions {

std::string TimelineBinding(uint64_t tenant_id,
                            const std::vector<base::Uuid>& contact_ids,
                            const TimelineFilter& filter) {
  std::string binding =
      absl::StrCat("ListInteractions/", tenant_id, "/", filter.kind, "/",
                   filter.identity_key, "/");
  for (const base::Uuid& id : contact_ids)
    absl::StrAppend(&binding, id.bytes());
  return binding;
}

absl::StatusOr<Location> ReadTimelineToken(absl::string_view token,
                                           absl::string_view binding) {
  KITH_ASSIGN_OR_RETURN(const std::string position,
                        api::ReadPageToken(token, binding));
  return Location::Decode(position).value_or(Location::Newest());
}

std::string MakeTimelineToken(const TimelinePage& page,
                              absl::string_view binding) {
  if (!page.next.has_value()) return "";
  return api::MakePageToken(page.next->Encode(), binding);
}

}  // namespace kith::interactions
