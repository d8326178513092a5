#include "gateway/flows/consent_words.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/request_context.h"
#include "common/base/sha256.h"

namespace kith::gateway {
namespace {

using identity::v1::Consent;
using identity::v1::RecordConsentRequest;
using interactions::v1::Interaction;

// Those that American law and carriers name, and the French ones of AWS.
constexpr absl::string_view kStopWords[] = {
    "STOP",  "STOPALL", "UNSUBSCRIBE", "CANCEL",  "END",
    "QUIT",  "REVOKE",  "OPTOUT",      "OPT-OUT", "REMOVE",
    "ARRET", "ARRÊT",   "arrêt",       "Arrêt",   "TD"};
// Spaces and marks beside those of ASCII that phones and mail programs put
// around a word, or into it, and that nobody sees.
constexpr absl::string_view kUnseen[] = {
    "\u00A0", "\u00AD", "\u200B", "\u200C", "\u200D", "\u200E", "\u200F",
    "\u202F", "\u2060", "\u3000", "\uFE0E", "\uFE0F", "\uFEFF"};
constexpr absl::string_view kCombiningCircumflex = "\u0302";
constexpr absl::string_view kStartWords[] = {"START", "UNSTOP"};

template <typename Words>
bool IsOneOf(absl::string_view text, const Words& words) {
  return absl::c_any_of(words, [&](absl::string_view word) {
    return absl::EqualsIgnoreCase(text, word);
  });
}

// The letters of ASCII that are as wide as Chinese ones, U+FF01 to U+FF5E, as
// those of ASCII, without what nobody sees. Others stay.
std::string Plain(absl::string_view text) {
  constexpr int kLength = 3;
  std::string plain;
  while (!text.empty()) {
    if (absl::c_any_of(kUnseen, [&](absl::string_view each) {
          return absl::ConsumePrefix(&text, each);
        })) {
      continue;
    }
    const bool is_wide = text.size() >= kLength && text[0] == '\xEF' &&
                         (text[1] == '\xBC' || text[1] == '\xBD');
    if (!is_wide) {
      plain.push_back(text[0]);
      text.remove_prefix(1);
      continue;
    }
    // U+FF01, which is EF BC 81, is "!".
    const int last = static_cast<unsigned char>(text[2]) - 0x80;
    const int ascii = (text[1] == '\xBC' ? 0x20 : 0x60) + last;
    plain.push_back(static_cast<char>(ascii));
    text.remove_prefix(kLength);
  }
  return plain;
}

Keyword KeywordIn(const Interaction& interaction) {
  if (interaction.kind() != interactions::v1::KIND_MESSAGE ||
      interaction.direction() != interactions::v1::DIRECTION_INBOUND) {
    return Keyword::kNone;
  }
  return KeywordOf(interaction.body());
}

identity::v1::ConsentMethod MethodOf(const Interaction& interaction) {
  switch (interaction.kind()) {
    case interactions::v1::KIND_CALL:
      return identity::v1::CONSENT_METHOD_CALL;
    case interactions::v1::KIND_NOTE:
      return identity::v1::CONSENT_METHOD_IN_PERSON;
    default:
      return identity::v1::CONSENT_METHOD_MESSAGE;
  }
}

// Known again for any attempt of the same touch, whoever holds the value then.
void SetRequestId(const v1::RecordTouchRequest& touch,
                  RecordConsentRequest& request) {
  const std::string digest = base::Sha256(absl::StrCat(
      touch.interaction().source(), "/", touch.interaction().external_id(), "/",
      touch.interaction().source_revision(), "/", touch.request_id()));
  request.set_request_id(
      absl::StrCat("consent-", absl::BytesToHexString(digest.substr(0, 16))));
  request.mutable_forwarded()->set_fingerprint(digest);
}

RecordConsentRequest WordOf(const v1::RecordTouchRequest& touch,
                            const TouchOwner& owner,
                            identity::v1::ConsentState state) {
  const Interaction& interaction = touch.interaction();
  RecordConsentRequest request;
  request.set_contact_id(owner.contact_id);
  SetRequestId(touch, request);
  Consent& word = *request.mutable_consent();
  word.set_identity_key(owner.word_key);
  word.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
  word.set_state(state);
  word.set_captured_by(identity::v1::CONSENT_CAPTURER_PERSON);
  word.set_method(MethodOf(interaction));
  if (interaction.has_occurred_time()) {
    *word.mutable_captured_time() = interaction.occurred_time();
  }
  return request;
}

RecordConsentRequest Stop(const v1::RecordTouchRequest& touch,
                          const TouchOwner& owner, bool said_to_agent) {
  RecordConsentRequest request =
      WordOf(touch, owner, identity::v1::CONSENT_STATE_REFUSED);
  if (said_to_agent) {
    Consent& word = *request.mutable_consent();
    word.set_captured_by(identity::v1::CONSENT_CAPTURER_AGENT);
    word.set_agent(touch.interaction().agent());
  }
  return request;
}

std::optional<RecordConsentRequest> Start(const v1::RecordTouchRequest& touch,
                                          const TouchOwner& owner,
                                          config::v1::Assurance assurance) {
  if (owner.word_key.empty()) return std::nullopt;
  if (assurance != config::v1::ASSURANCE_VERIFIED ||
      !touch.interaction().has_occurred_time() ||
      touch.interaction().automated()) {
    return WordOf(touch, owner, identity::v1::CONSENT_STATE_PENDING);
  }
  RecordConsentRequest request =
      WordOf(touch, owner, identity::v1::CONSENT_STATE_GRANTED);
  identity::v1::ConsentConfirmation& proof =
      *request.mutable_consent()->mutable_confirmation();
  *proof.mutable_confirmed_time() = touch.interaction().occurred_time();
  proof.set_token_id(request.request_id());
  return request;
}

}  // namespace

Keyword KeywordOf(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  // No word is as long, and texts may be.
  constexpr size_t kLongest = 200;
  if (text.size() > kLongest) return Keyword::kNone;
  const std::string plain = absl::StrReplaceAll(
      Plain(text), {{absl::StrCat("E", kCombiningCircumflex), "Ê"},
                    {absl::StrCat("e", kCombiningCircumflex), "ê"}});
  const absl::string_view word = absl::StripAsciiWhitespace(plain);
  if (IsOneOf(word, kStopWords)) return Keyword::kStop;
  if (IsOneOf(word, kStartWords)) return Keyword::kStart;
  return Keyword::kNone;
}

bool IsOptOut(const Interaction& interaction) {
  return interaction.outcome() == interactions::v1::OUTCOME_OPT_OUT_ASKED;
}

std::optional<RecordConsentRequest> ConsentWordOf(
    const v1::RecordTouchRequest& touch, const TouchOwner& owner,
    config::v1::Assurance assurance) {
  if (base::IsByForm(assurance)) return std::nullopt;
  const Interaction& interaction = touch.interaction();
  if (IsOptOut(interaction)) {
    return Stop(touch, owner, /*said_to_agent=*/true);
  }
  switch (KeywordIn(interaction)) {
    case Keyword::kStop:
      return Stop(touch, owner, /*said_to_agent=*/false);
    case Keyword::kStart:
      return Start(touch, owner, assurance);
    case Keyword::kNone:
      break;
  }
  return std::nullopt;
}

}  // namespace kith::gateway
