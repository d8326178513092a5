#include "identity-svc/values/placeholders.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "identity-svc/values/nobody.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/unfilled.h"

namespace kith::identity {
namespace {

// Local parts that nobody reads, whatever the domain, without what separates
// their words. RFC 5321, RFC 3834: of mailer-daemon and postmaster come the
// notes of what could not be delivered, and all hosts have them.
constexpr absl::string_view kNobodysMailboxes[] = {"noreply",
                                                   "noreplies",
                                                   "donotreply",
                                                   "dontreply",
                                                   "neverreply",
                                                   "autoreply",
                                                   "nichtantworten",
                                                   "keineantwort",
                                                   "nepasrepondre",
                                                   "noresponder",
                                                   "naoresponda",
                                                   "nonrispondere",
                                                   "nietbeantwoorden",
                                                   "mailerdaemon",
                                                   "postmaster",
                                                   "noemail",
                                                   "null",
                                                   "undefined",
                                                   "none",
                                                   "nobody",
                                                   "nomail",
                                                   "noemailprovided",
                                                   "notprovided",
                                                   "donotemail",
                                                   "keinemail",
                                                   "keineemail"};

// What is before or behind another word: "messages-noreply".
constexpr absl::string_view kNoReplies[] = {"noreply", "no-reply", "donotreply",
                                            "do-not-reply"};

// What forms show as an example in an empty field: "your@email.com".
constexpr absl::string_view kExampleMailboxes[] = {
    "user",  "username", "yourname", "youremail", "your",
    "email", "someone",  "example",  "you",       "address"};
constexpr absl::string_view kExampleDomains[] = {
    "example", "email",       "domain",  "yourdomain", "mydomain",
    "company", "yourcompany", "website", "sample"};

constexpr int kDigits = 10;
constexpr absl::string_view kUpwards = "01234567890";
constexpr absl::string_view kDownwards = "09876543210";
constexpr absl::string_view kFromOne = "123456789012345";

// 2^31 - 1, read as a number of Dallas: what columns of 32 bits make of all
// numbers that they cannot hold.
constexpr absl::string_view kNumberOfOverflow = "+12147483647";

// Short codes have three to six digits.
constexpr size_t kFewestDigits = 3;
constexpr size_t kMostShortCodeDigits = 6;

// Services have codes of three digits that count.
constexpr size_t kFewestCounted = 4;

// ITU-T E.164: a country code and a subscriber.
constexpr size_t kFewestWhatsAppDigits = 7;

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

// Parts of at least three digits that each count on by `step` from the same
// one: "12345 12345", "123-123-1234", "987654".
bool IsCounted(absl::string_view digits, int step) {
  if (digits.size() < kFewestCounted) return false;
  size_t begin = 0;
  for (size_t i = 1; i <= digits.size(); ++i) {
    if (i < digits.size() &&
        (digits[i] - digits[i - 1] - step) % kDigits == 0) {
      continue;
    }
    if (i - begin < kFewestDigits || digits[begin] != digits[0]) return false;
    begin = i;
  }
  return true;
}

// Filler that no range has. Short codes may count from one: 12345.
bool IsCounted(absl::string_view digits) {
  const bool code = digits.size() <= kMostShortCodeDigits &&
                    absl::StartsWith(kFromOne, digits);
  return !code && (IsCounted(digits, 1) || IsCounted(digits, -1));
}

absl::string_view TextFault(absl::string_view folded) {
  if (folded.empty()) return "it is empty";
  if (IsNothing(folded)) return "the word means nothing";
  if (!HasLetterOrNumber(folded)) return "it has neither letter nor digit";
  if (absl::c_all_of(folded, [](char c) {
        return c == '0' || absl::ascii_ispunct(c) || absl::ascii_isspace(c);
      })) {
    return "it is all zeros";
  }
  return FaultOfWhole(folded);
}

// Digits that people type to get past a form. A number with its country code
// that is in use is somebody's, and a short code may be counted: 12345.
absl::string_view PhoneFault(absl::string_view typed, const Form& form) {
  const bool letters = std::any_of(typed.begin(), typed.end(), [](char c) {
    return absl::ascii_isalpha(c) || !absl::ascii_isascii(c);
  });
  const absl::string_view national = form.national;
  // What is no number is kept to the letter.
  if (national.empty() && letters) return "";
  const std::string digits = Digits(typed);
  if (!letters && digits.size() < kFewestDigits) return "it is too short";
  if ((!letters && IsOneDigit(digits)) || IsOneDigit(national)) {
    return "it is one digit repeated";
  }
  const bool long_run = !letters && digits.size() > kMostShortCodeDigits;
  const bool counted = (long_run && IsSequence(digits)) || IsSequence(national);
  // "12345678901" may be North America's, and is so where it has its "+".
  const bool from_one = long_run && !absl::StartsWith(typed, "+") &&
                        absl::StartsWith(kFromOne, digits);
  const bool filler =
      !form.in_use && ((!letters && IsCounted(digits)) || IsCounted(national));
  if ((counted && !form.has_country) || from_one || filler) {
    return "its digits are just counted";
  }
  return "";
}

// The words of a local part, with "-" between them, without a "+tag".
std::string WordsOf(absl::string_view local) {
  std::string words(local.substr(0, local.find('+')));
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '.' || c == '_'; },
      '-');
  return words;
}

bool IsNobodysMailbox(absl::string_view local) {
  const std::string words = WordsOf(local);
  std::string letters = words;
  letters.erase(std::remove(letters.begin(), letters.end(), '-'),
                letters.end());
  return absl::c_linear_search(kNobodysMailboxes, letters) ||
         absl::c_any_of(kNoReplies, [&](absl::string_view word) {
           return absl::StartsWith(words, absl::StrCat(word, "-")) ||
                  absl::EndsWith(words, absl::StrCat("-", word));
         });
}

absl::string_view EmailFault(absl::string_view normalized) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(normalized, absl::MaxSplits('@', 1));
  if (parts.second.empty()) return "";
  if (IsNobodysMailbox(parts.first)) return "nobody reads that mailbox";
  // Google Groups: "ada...@example.com".
  if (absl::EndsWith(parts.first, "...")) return "it is cut off";
  const absl::string_view label =
      parts.second.substr(0, parts.second.find('.'));
  if (parts.first == label && IsTypedTwice(label)) {
    return "it is one filler word twice";
  }
  if (absl::c_linear_search(kExampleMailboxes, parts.first) &&
      absl::c_linear_search(kExampleDomains, label)) {
    return "it is the example of a form";
  }
  return "";
}

absl::string_view HandleFault(absl::string_view network,
                              absl::string_view handle) {
  if (IsNobodysHandle(network, handle) || IsKindOfAccount(handle, " -")) {
    return "it is an account of nobody";
  }
  if (network != "whatsapp") return "";
  if (absl::StrContains(handle, "xxx")) return "it is masked";
  if (handle.size() < kFewestWhatsAppDigits &&
      std::all_of(handle.begin(), handle.end(), absl::ascii_isdigit)) {
    return "it is too short";
  }
  if (const absl::string_view fault = FaultOfNumber(handle); !fault.empty()) {
    return fault;
  }
  if (handle.size() > kMostShortCodeDigits &&
      (IsOneDigit(handle) || IsSequence(handle))) {
    return "its digits are nobody's number";
  }
  return "";
}

absl::string_view IdFault(v1::Channel channel, absl::string_view typed,
                          absl::string_view folded) {
  if (IsKindOfAccount(folded, " -_.")) return "it is an account of nobody";
  if (const absl::string_view fault = FaultOfId(typed); !fault.empty()) {
    return fault;
  }
  if (IsNobodysId(folded)) return "it is no customer's id";
  if (channel == v1::CHANNEL_VISITOR && IsNobodysVisitor(folded)) {
    return "it is no browser's id";
  }
  // Systems take addresses as ids.
  return EmailFault(folded);
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

absl::string_view ChannelFault(const v1::Identity& identity, const Form& form,
                               absl::string_view typed,
                               absl::string_view folded) {
  const std::string& normalized = identity.normalized_value();
  switch (identity.channel()) {
    case v1::CHANNEL_PHONE:
      if (IsKindOfAccount(folded, " -")) return "it is an account of nobody";
      if (IsLimitOfIntegers(typed) || normalized == kNumberOfOverflow) {
        return "its digits are cut";
      }
      return PhoneFault(form.national.empty() ? normalized : typed, form);
    case v1::CHANNEL_EMAIL:
      return EmailFault(normalized);
    case v1::CHANNEL_SOCIAL:
      return HandleFault(identity.namespace_(), normalized);
    default:
      return IdFault(identity.channel(), typed, folded);
  }
}

absl::string_view Fault(const v1::Identity& identity, const Form& form,
                        const config::v1::Tenant& tenant) {
  const std::string typed = Trim(identity.value());
  const std::string folded = Unescaped(FoldCase(typed));
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
  // Around an address or a number there may be anything.
  if (const absl::string_view fault =
          FaultIn(Unescaped(FoldCase(identity.normalized_value())));
      !fault.empty()) {
    return fault;
  }
  return ChannelFault(identity, form, typed, folded);
}

}  // namespace

std::string PlaceholderReason(const v1::Identity& identity, const Form& form,
                              const config::v1::Tenant& tenant) {
  const absl::string_view fault = Fault(identity, form, tenant);
  if (fault.empty()) return "";
  return absl::StrCat("a placeholder: ", fault);
}

}  // namespace kith::identity
