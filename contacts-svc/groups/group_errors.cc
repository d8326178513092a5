#include "contacts-svc/groups/group_errors.h"

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/status/rpc_status.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/merge_edge_row.h"

namespace kith::contacts {

using absl::FailedPreconditionError;
using status::WithReason;

absl::Status NoContactError(absl::string_view field, const base::Uuid& id) {
  return absl::NotFoundError(
      absl::StrCat(field, ": no contact ", id.ToString()));
}

absl::Status ContactDeletedError(const base::Uuid& id) {
  return WithReason("CONTACT_DELETED", FailedPreconditionError(absl::StrCat(
                                           "the contact ", id.ToString(),
                                           " is deleted; undelete it first")));
}

absl::Status NotSameError() {
  return WithReason(
      "NOT_SAME",
      FailedPreconditionError("a person has said that these are not the same; "
                              "only a person may join them"));
}

absl::Status NotAnonymousError(const base::Uuid& id) {
  return WithReason("NOT_ANONYMOUS", FailedPreconditionError(absl::StrCat(
                                         "the contact ", id.ToString(),
                                         " is no anonymous visitor any more")));
}

absl::Status StandInError(const base::Uuid& id) {
  return WithReason(
      "STAND_IN",
      FailedPreconditionError(absl::StrCat(
          "the contact ", id.ToString(),
          " stands in for people who share a channel value; it is nobody")));
}

absl::Status GroupTooLargeError(int64_t members, int64_t edges) {
  return WithReason("GROUP_TOO_LARGE",
                    FailedPreconditionError(absl::StrCat(
                        "the group would have ", members, " members joined by ",
                        edges, " edges, want at most ", api::kMaxGroupSize,
                        " and ", kMaxGroupEdges)));
}

absl::Status TooManyMembersError(int64_t members, int64_t most) {
  return WithReason("TOO_MANY_MEMBERS",
                    absl::ResourceExhaustedError(absl::StrCat(
                        members, " member ids to answer, want at most ", most,
                        "; ask for fewer contacts")));
}

}  // namespace kith::contacts
