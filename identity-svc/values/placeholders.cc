#include "identity-svc/values/placeholders.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

// Case-folded, for every channel.
constexpr absl::string_view kNothing[] = {
    "null",       "(null)",       "[null]",         "nil",
    "none",       "(none)",       "undefined",      "nan",
    "n/a",        "n.a.",         "#n/a",           "na",
    "unknown",    "(unknown)",    "unspecified",    "not available",
    "not given",  "not provided", "not applicable", "anonymous",
    "anon",       "private",      "private number", "withheld",
    "restricted", "blocked",      "unavailable",    "no number",
    "no phone",   "nophone",      "no email",       "noemail",
    "no e-mail",  "test",         "testing",        "asdf",
    "tbd",        "placeholder",  "dummy",          "empty"};

// Local parts that nobody reads, whatever the domain.
constexpr absl::string_view kNobodysMailboxes[] = {
    "noreply",      "no-reply",     "no_reply", "donotreply",
    "do-not-reply", "do_not_reply", "noemail",  "no-email",
    "null",         "undefined",    "none",     "nobody"};

// Words that people type twice to get past a form: "email@email.com".
constexpr absl::string_view kTypedTwice[] = {
    "test",   "na",        "n/a",     "no",     "asdf", "email", "mail",
    "e-mail", "abc",       "foo",     "bar",    "a",    "aa",    "aaa",
    "x",      "xx",        "xxx",     "user",   "me",   "you",   "name",
    "qwerty", "anonymous", "unknown", "example"};

constexpr absl::string_view kUpwards = "01234567890";
constexpr absl::string_view kDownwards = "09876543210";

// Short codes have three digits at least.
constexpr size_t kFewestDigits = 3;

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isascii);
}

std::string Digits(absl::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               absl::ascii_isdigit);
  return digits;
}

bool IsOneDigit(absl::string_view digits) {
  return !digits.empty() &&
         digits.find_first_not_of(digits[0]) == absl::string_view::npos;
}

bool IsSequence(absl::string_view digits) {
  return digits.size() >= kFewestDigits &&
         (absl::StrContains(kUpwards, digits) ||
          absl::StrContains(kDownwards, digits));
}

absl::string_view TextFault(absl::string_view folded) {
  if (folded.empty()) return "it is empty";
  if (absl::c_linear_search(kNothing, folded)) return "the word means nothing";
  const auto is_filler = [](char c) {
    return absl::ascii_ispunct(c) || absl::ascii_isspace(c);
  };
  if (std::all_of(folded.begin(), folded.end(), is_filler)) {
    return "it has neither letter nor digit";
  }
  if (std::all_of(folded.begin(), folded.end(),
                  [&](char c) { return c == '0' || is_filler(c); })) {
    return "it is all zeros";
  }
  return "";
}

absl::string_view PhoneFault(absl::string_view typed,
                             absl::string_view national) {
  const bool letters = std::any_of(typed.begin(), typed.end(), [](char c) {
    return absl::ascii_isalpha(c) || !absl::ascii_isascii(c);
  });
  // What is no number is kept to the letter.
  if (national.empty() && letters) return "";
  const std::string digits = Digits(typed);
  if (!letters && digits.size() < kFewestDigits) return "it is too short";
  if ((!letters && IsOneDigit(digits)) || IsOneDigit(national)) {
    return "it is one digit repeated";
  }
  if ((!letters && IsSequence(digits)) || IsSequence(national)) {
    return "its digits are just counted";
  }
  return "";
}

absl::string_view EmailFault(absl::string_view normalized) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(normalized, absl::MaxSplits('@', 1));
  if (parts.second.empty()) return "";
  if (absl::c_linear_search(kNobodysMailboxes, parts.first)) {
    return "nobody reads that mailbox";
  }
  const absl::string_view label =
      parts.second.substr(0, parts.second.find('.'));
  if (parts.first == label && (absl::c_linear_search(kTypedTwice, label) ||
                               absl::c_linear_search(kNothing, label))) {
    return "it is one filler word twice";
  }
  return "";
}

// Compares without folding where it can: the list may be long.
bool IsListed(absl::string_view folded, const config::v1::Tenant& tenant) {
  return std::any_of(
      tenant.placeholders().begin(), tenant.placeholders().end(),
      [&](const std::string& word) {
        return IsAscii(word) ? absl::EqualsIgnoreCase(
                                   absl::StripAsciiWhitespace(word), folded)
                             : FoldCase(Trim(word)) == folded;
      });
}

absl::string_view Fault(const v1::Identity& identity,
                        absl::string_view national,
                        const config::v1::Tenant& tenant) {
  const std::string typed = Trim(identity.value());
  const std::string folded = FoldCase(typed);
  if (IsListed(folded, tenant) ||
      IsListed(identity.normalized_value(), tenant)) {
    return "it is on your list of placeholders";
  }
  for (const absl::string_view text :
       {absl::string_view(folded),
        absl::string_view(identity.normalized_value())}) {
    if (const absl::string_view fault = TextFault(text); !fault.empty()) {
      return fault;
    }
  }
  if (identity.channel() == v1::CHANNEL_PHONE) {
    return PhoneFault(national.empty() ? identity.normalized_value() : typed,
                      national);
  }
  if (identity.channel() == v1::CHANNEL_EMAIL) {
    return EmailFault(identity.normalized_value());
  }
  return "";
}

}  // namespace

std::string PlaceholderReason(const v1::Identity& identity,
                              absl::string_view national,
                              const config::v1::Tenant& tenant) {
  const absl::string_view fault = Fault(identity, national, tenant);
  if (fault.empty()) return "";
  return absl::StrCat("a placeholder: ", fault);
}

}  // namespace kith::identity
