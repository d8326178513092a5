#ifndef KITH_INTERACTIONS_SVC_TIMELINE_TOKEN_H_
#define KITH_INTERACTIONS_SVC_TIMELINE_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "interactions-svc/location.h"
#include "interactions-svc/timeline.h"

namespace kith::interactions {

// All that a page token of a timeline is bound to: the tenant, the contacts,
// and the filter. BatchGetActivity gives tokens for ListInteractions.
std::string TimelineBinding(uint64_t tenant_id,
                            const std::vector<base::Uuid>& contact_ids,
                            const TimelineFilter& filter);

// What the page after this token comes after; Newest for an empty one.
// INVALID_ARGUMENT where the token has another binding.
absl::StatusOr<Location> ReadTimelineToken(absl::string_view token,
                                           absl::string_view binding);

// The token of the page after `page`; empty where that was the last.
std::string MakeTimelineToken(const TimelinePage& page,
                              absl::string_view binding);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_TIMELINE_TOKEN_H_
