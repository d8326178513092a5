#include "identity-svc/holding_request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"

namespace kith::identity {

using mysql::Tx;

absl::StatusOr<StoredValue> SelectValue(const Tx& tx, const std::string& key) {
  KITH_ASSIGN_OR_RETURN(auto identities, SelectIdentities(tx, {key}));
  StoredValue stored;
  stored.identity = std::move(identities[key]);
  KITH_ASSIGN_OR_RETURN(stored.holdings, SelectHoldingsOf(tx, key));
  return stored;
}

v1::Identity Shown(v1::Identity identity, const Holding& holding) {
  Show(holding, identity);
  return identity;
}

absl::StatusOr<v1::Identity> WithHolding(
    const Tx& tx, const std::string& key,
    absl::FunctionRef<bool(const Holding&)> matches) {
  KITH_ASSIGN_OR_RETURN(const StoredValue stored, SelectValue(tx, key));
  const auto holding =
      std::find_if(stored.holdings.rbegin(), stored.holdings.rend(), matches);
  if (holding != stored.holdings.rend()) {
    return Shown(stored.identity, *holding);
  }
  return absl::NotFoundError("value: the contact does not hold it");
}

absl::StatusOr<std::string> Once(
    const Tx& tx, const mysql::IdempotencyKey& request,
    absl::FunctionRef<absl::StatusOr<std::string>()> work) {
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, request));
  if (known.has_value()) return *known;
  KITH_ASSIGN_OR_RETURN(const std::string result, work());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, request, result));
  return result;
}

absl::StatusOr<Reading> ReadIdentity(const Tx& tx,
                                     const v1::ChannelValue& value) {
  Reading reading = Read(value, *tx.context.principal->tenant);
  if (reading.refusal.empty()) return reading;
  return absl::InvalidArgumentError(absl::StrCat("value: ", reading.refusal));
}

}  // namespace kith::identity
