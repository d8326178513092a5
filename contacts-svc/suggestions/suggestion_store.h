#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "contacts-svc/groups/merge_store.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// Decides suggestions. Takes validated requests; returns the errors of the RPC
// of the same name. Stateless.
class SuggestionStore {
 public:
  // `clock` and `merges` must outlive the store.
  SuggestionStore(const base::Clock& clock, const MergeStore& merges)
      : clock_(clock), merges_(merges) {}

  absl::StatusOr<v1::ConfirmSuggestionResponse> Confirm(
      const base::RequestContext& context, mysql::Session& session,
      const v1::ConfirmSuggestionRequest& request) const;

  absl::StatusOr<v1::RejectSuggestionResponse> Reject(
      const base::RequestContext& context, mysql::Session& session,
      const v1::RejectSuggestionRequest& request) const;

 private:
  const base::Clock& clock_;
  const MergeStore& merges_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_
