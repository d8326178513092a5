#include "contacts-svc/groups/actor.h"

#include "absl/strings/str_cat.h"
#include "common/auth/scopes.h"

namespace kith::contacts {

absl::Status SetActor(const base::Principal& caller, v1::Actor& actor) {
  const bool is_person = actor.kind() == v1::ACTOR_KIND_PERSON;
  if (caller.person.empty()) {
    if (!is_person || caller.scopes.contains(auth::kAssertActorsScope)) {
      return absl::OkStatus();
    }
    return absl::PermissionDeniedError(absl::StrCat(
        "actor.kind: PERSON, for which the API key lacks the scope ",
        auth::kAssertActorsScope, "; want SYSTEM, or the token of the person"));
  }
  const bool unset =
      actor.kind() == v1::ACTOR_KIND_UNSPECIFIED && actor.name().empty();
  if (!unset && !(is_person && actor.name() == caller.person)) {
    return absl::PermissionDeniedError(
        "actor: not the person of the token, want it unset, or PERSON with "
        "the name in the token");
  }
  actor.set_kind(v1::ACTOR_KIND_PERSON);
  actor.set_name(caller.person);
  return absl::OkStatus();
}

}  // namespace kith::contacts
