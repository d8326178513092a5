#ifndef KITH_CONTACTS_SVC_GROUPS_ACTOR_H_
#define KITH_CONTACTS_SVC_GROUPS_ACTOR_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Makes sure that the actor of a request is one whom its caller may state. A
// caller with a token is the actor: sets it where it is not set;
// PERMISSION_DENIED if it is another one. A caller with an API key needs the
// scope actors.assert to state a person, else PERMISSION_DENIED. What an actor
// must have is left to the validation.
absl::Status SetActor(const base::Principal& caller, v1::Actor& actor);

// The same for a request.
template <typename Request>
absl::Status SetActorOf(const base::Principal& caller, Request& request) {
  if constexpr (requires { request.absorbed_are_anonymous(); }) {
    // By a rule of the gateway, within a touch, whoever calls.
    if (request.absorbed_are_anonymous() &&
        request.actor().kind() == v1::ACTOR_KIND_SYSTEM) {
      return absl::OkStatus();
    }
  }
  return SetActor(caller, *request.mutable_actor());
}

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_ACTOR_H_
