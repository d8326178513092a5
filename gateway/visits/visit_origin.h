#ifndef KITH_GATEWAY_VISITS_VISIT_ORIGIN_H_
#define KITH_GATEWAY_VISITS_VISIT_ORIGIN_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// Where visitors come from, as the attributes of interactions have it: of a
// visit, and of what is sent in it. Pure functions.

// The touches of a visit, as prefixes of attributes: its own, and the first and
// the last of its visitor.
inline constexpr char kOwnTouch[] = "";
inline constexpr char kFirstTouch[] = "first.";
inline constexpr char kLastTouch[] = "last.";

// True for an id of a visit or a visitor: 32 hex digits in lower case.
bool IsVisitId(absl::string_view text);

// True for the name of an attribute of the first or the last touch.
bool IsOfOrigin(absl::string_view key);

// Adds an attribute, cut to the 1,000 characters that its value may have. Does
// nothing for an empty value.
void SetValue(absl::string_view key, absl::string_view value,
              interactions::v1::Interaction& interaction);

// Adds the attributes of a touch.
void SetTouch(absl::string_view prefix,
              const contacts::v1::Attribution& attribution,
              interactions::v1::Interaction& interaction);

// Returns the touch that SetTouch has added; without a field if it has added
// none.
contacts::v1::Attribution TouchOf(
    absl::string_view prefix, const interactions::v1::Interaction& interaction);

// Returns true if the attribution says more than a time.
bool SaysOrigin(const contacts::v1::Attribution& attribution);

// Returns the visit that a touch names, in which a form was sent; empty if it
// names none, or has a source, whose interactions are compared as a whole.
std::string VisitNamedBy(const v1::RecordTouchRequest& touch);

// Asks for the stored interaction of a visit.
interactions::v1::FindRecordingRequest FindVisitRequest(
    const std::string& visit_id);

// What a touch takes over from the visit in which it was made, so that later
// visits do not change it.
struct VisitOrigin {
  // The first touch of the visitor; without a field if it is not known.
  contacts::v1::Attribution first = {};
  // The attributes of the first and the last touch.
  std::map<std::string, std::string> attributes = {};
};

// Returns that of a visit; nothing if it is no visit, or no human's.
VisitOrigin OriginOf(const interactions::v1::Interaction& visit);

// Adds the attributes of a visit's first and last touch that the interaction
// has not, as long as it may have more.
void AddOrigin(const VisitOrigin& origin,
               interactions::v1::Interaction& interaction);

// Removes the attributes of the first and the last touch.
void ClearOrigin(interactions::v1::Interaction& interaction);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_ORIGIN_H_
