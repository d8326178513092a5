#include "identity-svc/consent_answers.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/page_token.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_row.h"
#include "identity-svc/consent/consent_validation.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

using ConsentTokens = api::PageTokens<internal::v1::ConsentPosition>;

constexpr int32_t kMaxConsentsPerPage = 500;

}  // namespace

absl::StatusOr<v1::ListConsentsResponse> ListConsentsOf(
    const Tx& tx, const ConsentReader& reader,
    const v1::ListConsentsRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  std::set<Uuid> ids;
  for (const std::string& id : request.set().contact_ids()) {
    ids.insert(*Uuid::Parse(id));
  }
  std::string binding = absl::StrCat("ListConsents/", tx.tenant_id());
  for (const Uuid& id : ids) absl::StrAppend(&binding, "/", id.ToString());
  const ConsentTokens tokens(binding);
  KITH_ASSIGN_OR_RETURN(const auto after,
                        tokens.Read(request.set().page_token()));
  const int32_t limit =
      api::PageSize(request.page_size(), 50, kMaxConsentsPerPage);
  KITH_ASSIGN_OR_RETURN(
      std::vector<v1::Consent> found,
      reader.List(tx, {ids.begin(), ids.end()}, after, limit + 1));
  v1::ListConsentsResponse response;
  if (found.size() > static_cast<size_t>(limit)) {
    found.resize(limit);
    response.set_next_page_token(tokens.Make(PositionOf(found.back())));
  }
  for (v1::Consent& each : found) *response.add_consents() = std::move(each);
  return response;
}

absl::StatusOr<v1::MayContactResponse> DecideOne(
    const Tx& tx, const ConsentReader& reader,
    const v1::MayContactRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  KITH_ASSIGN_OR_RETURN(auto responses, reader.MayContact(tx, {&request}));
  return std::move(responses.front());
}

absl::StatusOr<v1::BatchMayContactResponse> DecideEach(
    const Tx& tx, const ConsentReader& reader,
    const v1::BatchMayContactRequest& batch) {
  KITH_RETURN_IF_ERROR(Validate(batch));
  v1::BatchMayContactResponse response;
  std::vector<const v1::MayContactRequest*> valid;
  std::vector<v1::BatchMayContactResponse::Result*> results;
  for (const v1::MayContactRequest& item : batch.requests()) {
    auto* result = response.add_results();
    if (absl::Status status = Validate(item); !status.ok()) {
      *result->mutable_error() = status::ToProto(status);
      continue;
    }
    valid.push_back(&item);
    results.push_back(result);
  }
  KITH_ASSIGN_OR_RETURN(auto decided, reader.MayContact(tx, valid));
  for (size_t i = 0; i < decided.size(); ++i) {
    status::SetResult(std::move(decided[i]), *results[i]);
  }
  return response;
}

}  // namespace kith::identity
