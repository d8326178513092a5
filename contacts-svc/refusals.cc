#include "contacts-svc/refusals.h"

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "contacts-svc/group_row.h"
#include "contacts-svc/merge_edge_row.h"
#include "google/rpc/error_details.pb.h"

namespace kith::contacts {
namespace {

absl::Status WithReason(const char* reason, absl::Status status) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("kith.dev");
  status::AddDetail(info, status);
  return status;
}

absl::Status Refuse(const char* reason, absl::string_view message) {
  return WithReason(reason, absl::FailedPreconditionError(message));
}

}  // namespace

absl::Status Deleted(const ops::Uuid& id) {
  return Refuse("CONTACT_DELETED",
                absl::StrCat("the contact ", id.ToString(),
                             " is deleted; undelete it first"));
}

absl::Status NotSame() {
  return Refuse("NOT_SAME",
                "a person has said that these are not the same; only a person "
                "may join them");
}

absl::Status GroupTooLarge(int64_t members, int64_t edges) {
  return Refuse(
      "GROUP_TOO_LARGE",
      absl::StrCat("the group would have ", members, " members joined by ",
                   edges, " edges, want at most ", kMaxGroupSize, " and ",
                   kMaxGroupEdges));
}

absl::Status TooManyMembers(int64_t members, int64_t most) {
  return WithReason("TOO_MANY_MEMBERS",
                    absl::ResourceExhaustedError(absl::StrCat(
                        members, " member ids to answer, want at most ", most,
                        "; ask for fewer contacts")));
}

absl::Status SuggestionDecided(absl::string_view how) {
  return Refuse("SUGGESTION_DECIDED",
                absl::StrCat("suggestion_id: not open any more: ", how));
}

absl::Status SuggestionOutdated() {
  return Refuse("SUGGESTION_OUTDATED",
                "suggestion_id: the two do not agree any more; look at them "
                "anew, Merge still works");
}

}  // namespace kith::contacts
