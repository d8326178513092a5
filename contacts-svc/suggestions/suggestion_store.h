#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "contacts-svc/groups/merge_store.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// Decides suggestions. Takes validated requests; returns the errors of the RPC
// of the same name. Stateless.
class SuggestionStore {
 public:
  // `merges` must outlive the store.
  explicit SuggestionStore(const MergeStore& merges) : merges_(merges) {}

  absl::StatusOr<v1::ConfirmSuggestionResponse> Confirm(
      const mysql::Tx& tx, const v1::ConfirmSuggestionRequest& request) const;

  absl::StatusOr<v1::RejectSuggestionResponse> Reject(
      const mysql::Tx& tx, const v1::RejectSuggestionRequest& request) const;

 private:
  const MergeStore& merges_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_STORE_H_
