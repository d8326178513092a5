#ifndef KITH_IDENTITY_SVC_IDENTITY_READER_H_
#define KITH_IDENTITY_SVC_IDENTITY_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "identity-svc/held_keys.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// A page of what a MemberSet holds.
struct IdentityPage {
  std::vector<v1::Identity> identities;
  // The key that the next page begins after; empty on the last page.
  std::string last_key;
};

// What one value resolves to.
struct ResolvedValue {
  // Without holder_identities.
  v1::ResolveIdentityResponse response;
  // The first page of what `holder` holds, if the response has
  // holder_identities.
  MemberSet holder = {};
  std::optional<IdentityPage> holder_page = std::nullopt;
};

// Reads which contact holds which value. Takes validated requests and writes
// nothing. Stateless.
class IdentityReader {
 public:
  // Returns a result for each request, in order. Runs a statement for each
  // value that may need a namespace it does not have, one for each contact
  // whose identities are asked for, and three for each 500 identities. If a
  // holder changes meanwhile, or a value is an alias, runs them again in one
  // snapshot.
  absl::StatusOr<std::vector<ResolvedValue>> Resolve(
      const mysql::Tx& tx,
      const std::vector<const v1::ResolveIdentityRequest*>& requests) const;

  // Returns for each set at most `limit` identities that its contacts hold now,
  // by rising key; with `include_past`, also those that they have held. Runs a
  // statement for each contact (two with `include_past`), and two for each 500
  // identities. If a holding ends meanwhile, or an identity moves to another
  // key, runs them again in one snapshot.
  absl::StatusOr<std::vector<IdentityPage>> List(
      const mysql::Tx& tx, const std::vector<MemberSet>& sets, int32_t limit,
      bool include_past) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_READER_H_
