#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/uuid.h"

namespace kith::contacts {

// Errors of the rules of groups. Each carries an ErrorInfo whose reason
// docs/errors.md explains.

// NOT_FOUND: the tenant has no contact with this id. `field` names the
// request's field. No ErrorInfo.
absl::Status NoContactError(absl::string_view field, const base::Uuid& id);

// FAILED_PRECONDITION, CONTACT_DELETED.
absl::Status ContactDeletedError(const base::Uuid& id);

// FAILED_PRECONDITION, NOT_SAME.
absl::Status NotSameError();

// FAILED_PRECONDITION, GROUP_TOO_LARGE.
absl::Status GroupTooLargeError(int64_t members, int64_t edges);

// RESOURCE_EXHAUSTED, TOO_MANY_MEMBERS: the request asks for more than `most`
// members at once. The load of the service has no part in it.
absl::Status TooManyMembersError(int64_t members, int64_t most);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_ERRORS_H_
