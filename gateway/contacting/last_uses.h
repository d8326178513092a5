#ifndef KITH_GATEWAY_CONTACTING_LAST_USES_H_
#define KITH_GATEWAY_CONTACTING_LAST_USES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/interactions/v1/contact_facts.pb.h"

namespace kith::gateway {

// A phone that may be stale, and where its last use goes.
struct AskedPhone {
  // Of the customer whose it is.
  const google::protobuf::RepeatedPtrField<std::string>* member_ids;
  // The contact that has what came by a shared phone; empty if it is not.
  std::string stand_in_id = {};
  std::string identity_key;
  interactions::v1::LastUse* use;
};

// Asks interactions-svc when the phones were last used: a call for each 1,000
// phones or 10,000 members, and none if there are no phones.
Task<absl::Status> FindLastUses(const Backends& backends,
                                const base::RequestContext& context,
                                std::vector<AskedPhone> phones);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CONTACTING_LAST_USES_H_
