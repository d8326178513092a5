#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_TOKEN_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/activity/timeline.h"

namespace kith::interactions {

// Returns what a page token of a timeline is bound to: the tenant, the contacts
// and the filter. ListInteractions also accepts the tokens of BatchGetActivity.
std::string TimelineBinding(uint64_t tenant_id,
                            const std::vector<base::Uuid>& contact_ids,
                            const TimelineFilter& filter);

// Returns the location that the page of this token begins after; Newest if the
// token is empty. INVALID_ARGUMENT if the token has another binding.
absl::StatusOr<Location> ReadTimelineToken(absl::string_view token,
                                           absl::string_view binding);

// Returns the token of the page after `page`; empty if `page` is the last.
std::string MakeTimelineToken(const TimelinePage& page,
                              absl::string_view binding);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_TOKEN_H_
