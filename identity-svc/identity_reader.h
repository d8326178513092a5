#ifndef KITH_IDENTITY_SVC_IDENTITY_READER_H_
#define KITH_IDENTITY_SVC_IDENTITY_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Contacts whose identities are read as one list.
struct MemberSet {
  std::vector<base::Uuid> contact_ids;
  // Of the last identity of the page before; empty for the first page.
  std::string after_key;
};

// A page of such a list.
struct IdentityPage {
  std::vector<v1::Identity> identities;
  // What the next page begins after; empty on the last.
  std::string last_key;
};

// Answers who holds which value, from the tables of schema/. Takes requests
// that have been validated. Writes nothing. Stateless: what it works on is the
// session of the calling thread.
class IdentityReader {
 public:
  // In the order of the requests. Few statements, however many requests: one
  // for each value whose channel or namespace is not said, and two for each 500
  // values.
  absl::StatusOr<std::vector<v1::ResolveResponse>> Resolve(
      const base::RequestContext& context, mysql::Session& session,
      const std::vector<const v1::ResolveRequest*>& requests) const;

  // For each set, at most `limit` of what its contacts hold now, in the order
  // of the keys. One seek for each contact, and two statements for each 500
  // identities.
  absl::StatusOr<std::vector<IdentityPage>> List(
      const base::RequestContext& context, mysql::Session& session,
      const std::vector<MemberSet>& sets, int32_t limit) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_READER_H_
