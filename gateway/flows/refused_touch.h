#ifndef KITH_GATEWAY_FLOWS_REFUSED_TOUCH_H_
#define KITH_GATEWAY_FLOWS_REFUSED_TOUCH_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// What a touch has written for which nothing could be recorded: another touch
// with the same id and other content, at the same time, was first. The lookups
// before the first write find all others.
struct RefusedTouch {
  // A contact that this very touch has made, as it was then.
  std::string contact_id;
  std::string etag;
  // The values that it has claimed for the contact.
  std::vector<identity::v1::ChannelValue> values;
};

// Adds what a touch has written that has made a contact, for which nothing
// could be recorded then, as another touch with the same id was first.
// `response` is of the touch, and `etag` of its contact. Adds nothing if it was
// recorded, or has no etag: of a stand-in, ShareIdentity or another touch may
// have answered the contact by now, which changes nothing that an etag tells.
void AddIfRefused(
    const absl::StatusOr<interactions::v1::RecordInteractionResponse>& recorded,
    const v1::RecordTouchResponse& response, std::string etag,
    std::vector<RefusedTouch>& refused);

// Takes back what refused touches have written: unlinks the values, and deletes
// the contact. Leaves all to a contact that has got an interaction meanwhile,
// and whatever a service refuses: it is there for the next touch of the value.
// Returns the number of contacts that it deleted.
Task<int> TakeBack(const base::RequestContext& context,
                   const Backends& backends,
                   const std::vector<RefusedTouch>& refused);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_REFUSED_TOUCH_H_
