#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/uuid.h"

namespace kith::contacts {

// Errors of the rules of groups. Unless stated otherwise an error has an
// ErrorInfo with a reason, which docs/errors.md explains.

// NOT_FOUND: the tenant has no contact with this id. `field` is the request's
// field that named the contact. No ErrorInfo.
absl::Status NoContactError(absl::string_view field, const base::Uuid& id);

// FAILED_PRECONDITION, CONTACT_DELETED: the contact is deleted.
absl::Status ContactDeletedError(const base::Uuid& id);

// FAILED_PRECONDITION, NOT_SAME: a person has marked two of the contacts, or
// members of their groups, as not the same.
absl::Status NotSameError();

// FAILED_PRECONDITION, NOT_ANONYMOUS: the contact is identified, or merged with
// the survivor already.
absl::Status NotAnonymousError(const base::Uuid& id);

// FAILED_PRECONDITION, STAND_IN: the contact stands in for people who share a
// channel value, and is none of them.
absl::Status StandInError(const base::Uuid& id);

// FAILED_PRECONDITION, GROUP_TOO_LARGE: the merged group would have this many
// members and edges.
absl::Status GroupTooLargeError(int64_t members, int64_t edges);

// RESOURCE_EXHAUSTED, TOO_MANY_MEMBERS: the answer would have more than `most`
// member ids. This does not depend on the load of the service.
absl::Status TooManyMembersError(int64_t members, int64_t most);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_
