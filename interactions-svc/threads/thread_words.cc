#include "interactions-svc/threads/thread_words.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::interactions {
namespace {

// What mail programs put in front of a subject, in the languages of their
// makers.
constexpr absl::string_view kPrefixes[] = {"re", "fwd",  "fw",  "aw",
                                           "wg", "antw", "sv",  "vs",
                                           "tr", "rif",  "res", "enc"};

bool IsMessage(v1::Kind kind) {
  return kind == v1::KIND_EMAIL || kind == v1::KIND_MESSAGE ||
         kind == v1::KIND_SOCIAL_POST;
}

// Whether somebody was reached by it.
bool Arrived(const v1::Interaction& interaction) {
  if (interaction.kind() == v1::KIND_CALL) {
    return IsAnswered(interaction.outcome()) ||
           interaction.outcome() == v1::OUTCOME_VOICEMAIL;
  }
  if (interaction.kind() == v1::KIND_WEB_EVENT) {
    return interaction.opens() != v1::THREAD_KIND_UNSPECIFIED;
  }
  return IsMessage(interaction.kind()) &&
         interaction.outcome() != v1::OUTCOME_FAILED;
}

// Takes one "re:", "AW[2]:" or the like off, in lower case.
bool StripPrefix(absl::string_view& subject) {
  const size_t colon = subject.find(':');
  if (colon == absl::string_view::npos) return false;
  absl::string_view prefix =
      absl::StripAsciiWhitespace(subject.substr(0, colon));
  while (!prefix.empty() && (absl::ascii_isdigit(prefix.back()) ||
                             prefix.back() == ']' || prefix.back() == '[')) {
    prefix.remove_suffix(1);
  }
  if (!absl::c_linear_search(kPrefixes, prefix)) return false;
  subject = absl::StripAsciiWhitespace(subject.substr(colon + 1));
  return true;
}

}  // namespace

int64_t SaidAt(int64_t occurred_micros, int64_t recorded_micros) {
  return std::min(occurred_micros, recorded_micros);
}

bool IsAnswered(v1::Outcome outcome) {
  return outcome == v1::OUTCOME_ANSWERED ||
         outcome == v1::OUTCOME_OPT_OUT_ASKED;
}

Word WordOf(const v1::Interaction& interaction) {
  if (interaction.automated() || !Arrived(interaction) ||
      interaction.purpose() == v1::PURPOSE_MARKETING) {
    return Word::kNone;
  }
  if (interaction.direction() == v1::DIRECTION_OUTBOUND) {
    // What a public form says that the business said, it did not say.
    return interaction.assurance() == config::v1::ASSURANCE_UNAUTHENTICATED
               ? Word::kNone
               : Word::kOutbound;
  }
  if (interaction.direction() != v1::DIRECTION_INBOUND) return Word::kNone;
  return interaction.closing() ? Word::kClosing : Word::kInbound;
}

bool Opens(const v1::Interaction& interaction, Word word) {
  if (word != Word::kInbound) return false;
  if (interaction.opens() != v1::THREAD_KIND_UNSPECIFIED) return true;
  if (interaction.purpose() != v1::PURPOSE_SERVICE) return false;
  return IsMessage(interaction.kind()) || IsAnswered(interaction.outcome());
}

v1::ThreadKind KindOf(const v1::Interaction& interaction) {
  return interaction.opens() == v1::THREAD_KIND_UNSPECIFIED
             ? v1::THREAD_KIND_QUESTION
             : interaction.opens();
}

std::string BareSubject(absl::string_view subject) {
  const std::string lower = absl::AsciiStrToLower(subject);
  absl::string_view bare = absl::StripAsciiWhitespace(lower);
  while (StripPrefix(bare)) {
  }
  return absl::StrJoin(
      absl::StrSplit(bare, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty()), " ");
}

}  // namespace kith::interactions
