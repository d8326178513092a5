#ifndef KITH_GATEWAY_HOOKS_ANSWERS_H_
#define KITH_GATEWAY_HOOKS_ANSWERS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "gateway/hooks/reading/document.h"
#include "google/protobuf/repeated_field.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// Returns what the sender of a request is answered, whose entry in the journal
// is `receipt`. `root` is null if the request could not be read: then no
// address of the form counts.
v1::HookAnswer MakeAnswer(const config::v1::AnswerRule& rule, const Json* root,
                          absl::string_view receipt);

// Returns true if a person may be sent to an address: https, with a host that
// is one of `hosts` in full, no other port, no user, and no character that one
// program reads in another way than the next. So no form leads a person to a
// page of somebody else.
bool IsAllowedAddress(
    absl::string_view address,
    const google::protobuf::RepeatedPtrField<std::string>& hosts);

// Returns a text as it stands in the query of an address.
std::string QueryText(absl::string_view text);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_ANSWERS_H_
