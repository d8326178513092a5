#include "interactions-svc/record_item.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/mysql/request_log.h"
#include "interactions-svc/activity/interaction_fields.h"

namespace kith::interactions {
namespace {

// The request_ids of a public form are apart from those of all other keys:
// whoever has the form could else use up the ids of the business's own systems.
// Empty for other keys, and without a request_id.
std::string FormRequestId(const base::Principal& principal,
                          absl::string_view request_id) {
  if (request_id.empty() ||
      principal.assurance >= config::v1::ASSURANCE_REPORTED) {
    return "";
  }
  return absl::BytesToHexString(
      base::Sha256(absl::StrCat("form/", principal.key_id, "/", request_id)));
}

// The members of a group may differ when the caller repeats the request.
std::string RequestFingerprintOf(const v1::RecordInteractionRequest& request) {
  if (request.member_ids().empty()) return mysql::RequestFingerprint(request);
  v1::RecordInteractionRequest lasting = request;
  lasting.clear_member_ids();
  return mysql::RequestFingerprint(lasting);
}

}  // namespace

RecordItem MakeItem(const mysql::Tx& tx,
                    const v1::RecordInteractionRequest& request) {
  return {.request = &request,
          .new_id = base::Uuid::Make(tx.now),
          .form_request_id =
              FormRequestId(*tx.context.principal, request.request_id()),
          .content_fingerprint = ContentFingerprint(request.interaction()),
          .request_fingerprint = RequestFingerprintOf(request)};
}

}  // namespace kith::interactions
