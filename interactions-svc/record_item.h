#ifndef KITH_INTERACTIONS_SVC_RECORD_ITEM_H_
#define KITH_INTERACTIONS_SVC_RECORD_ITEM_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// A request to record, with all that must stay the same if the transaction runs
// again.
struct RecordItem {
  const v1::Interaction& sent() const { return request->interaction(); }
  bool has_external_id() const { return !sent().external_id().empty(); }
  absl::string_view request_id() const {
    return form_request_id.empty() ? request->request_id() : form_request_id;
  }

  const v1::RecordInteractionRequest* request = nullptr;

  // The id of the interaction if it is new.
  base::Uuid new_id;

  // What takes the place of the request_id of a public form; see
  // FormRequestId.
  std::string form_request_id = {};

  std::string content_fingerprint;
  std::string request_fingerprint;
};

// Returns the item of a request, with a new id. `request` must outlive it.
RecordItem MakeItem(const mysql::Tx& tx,
                    const v1::RecordInteractionRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_RECORD_ITEM_H_
