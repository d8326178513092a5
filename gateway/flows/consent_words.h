#ifndef KITH_GATEWAY_FLOWS_CONSENT_WORDS_H_
#define KITH_GATEWAY_FLOWS_CONSENT_WORDS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "gateway/flows/touch.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

// What a message says of consent by one word.
enum class Keyword { kNone, kStop, kStart };

// Returns the keyword that is all of a message, without the space around it, in
// any case, width and composition, and whatever unseen marks it has; kNone for
// a longer text.
Keyword KeywordOf(absl::string_view text);

// Returns true for what the customer ends by an opt-out in words of their own.
bool IsOptOut(const interactions::v1::Interaction& interaction);

// Returns the word about marketing that a touch says beside its interaction:
//
// - an INBOUND MESSAGE that is a stop word refuses it for the owner's word_key,
//   as does an interaction with the outcome OPT_OUT_ASKED. Without a value it
//   is refused for all: one for an account, by which nobody is contacted, would
//   stop nothing.
// - one that is a start word confirms it for the value if the key is VERIFIED
//   and a person has sent it; else it only asks for it.
//
// What a public form says is of nobody who is known. A pure function.
std::optional<identity::v1::RecordConsentRequest> ConsentWordOf(
    const v1::RecordTouchRequest& touch, const TouchOwner& owner,
    config::v1::Assurance assurance);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CONSENT_WORDS_H_
