#ifndef KITH_GATEWAY_HOOKS_DOOR_HOOK_REPLIES_H_
#define KITH_GATEWAY_HOOKS_DOOR_HOOK_REPLIES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gateway/edge/http/exchange.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// What senders get, by HTTP. Pure functions. No reply has anything of the
// request but what the connector's answer has of it.

// Of a request that the journal has.
edge::Reply AnswerReply(const v1::HookAnswer& answer);

// Of a request that was not admitted: see Understander::Admit. `methods` are
// those that the connector takes, such as "GET, POST".
edge::Reply RefusalReply(const absl::Status& refusal,
                         const std::string& methods);

// Of a request that comes too soon: the sender is to come again after `wait`.
edge::Reply TooManyReply(absl::Duration wait);

// Of a request that the journal could not keep.
edge::Reply NotKeptReply(const absl::Status& fault);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_DOOR_HOOK_REPLIES_H_
