#ifndef KITH_GATEWAY_WATCH_CHANGE_CONTACTS_H_
#define KITH_GATEWAY_WATCH_CHANGE_CONTACTS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::gateway {

// Returns the ids of the contacts that a change is about; one may come twice.
// They are part of the change.
std::vector<absl::string_view> ContactsOf(const changes::v1::Change& change);

// Returns true if the change alters who is in a group.
bool ChangesGroup(const changes::v1::Change& change);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_CHANGE_CONTACTS_H_
