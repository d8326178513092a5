#ifndef KITH_GATEWAY_HOOKS_MAPPING_REST_FIELDS_H_
#define KITH_GATEWAY_HOOKS_MAPPING_REST_FIELDS_H_

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gateway/hooks/reading/document.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// Adds an attribute for each text of an item that no path of the connector
// names: the first 1,000 characters, and no more attributes than an interaction
// may have. An attribute that is there stays. Objects and empty texts are left
// out. No field becomes the attribute of a verdict (suspicion.h), or of the
// first or the last touch of a visit.
void AddRest(const config::v1::RestMapping& rest,
             const std::set<std::string>& named_fields, const Json& item,
             interactions::v1::Interaction& interaction);

// Returns the name of the attribute for a field: "Favourite colour" is
// "favourite_colour", and "00N50" is "field_00n50".
std::string AttributeName(absl::string_view field);

// Returns the names that the expressions and the honeypots of a connector have
// behind one of `roots`: the fields that it reads for {"body", "item"}, the
// headers for {"header"}.
std::set<std::string> NamesUnder(const config::v1::Connector& connector,
                                 absl::Span<const absl::string_view> roots);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_REST_FIELDS_H_
