#include "identity-svc/values/email.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/email_domain.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/web_address.h"

namespace kith::identity {
namespace {

// What links and directories put before an address.
constexpr absl::string_view kPrefixes[] = {
    "mailto:", "smtp:", "email:", "e-mail:", "mail:"};

constexpr absl::string_view kQuotes[] = {"'",      "\"",     "`",      "\u201c",
                                         "\u201d", "\u201e", "\u2018", "\u2019",
                                         "\u00ab", "\u00bb"};

// RFC 5322: these are in a local part only between quotes.
constexpr absl::string_view kSpecials = "()<>[]:;@\\,\" ";

// What is left of a value without its comments, and what these say.
struct Bare {
  std::string text;
  std::string comments;
  bool balanced = true;
};

// Leaves "(" of each "(comment)" outside quotes: at the ends it means nothing,
// within an address it makes it none. Comments may be nested.
Bare WithoutComments(absl::string_view text) {
  Bare bare;
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"' && depth == 0) quoted = !quoted;
    if (c == '(' && !quoted && depth++ == 0) bare.text += '(';
    (depth == 0 ? bare.text : bare.comments) += c;
    if (c == ')' && !quoted && depth > 0) --depth;
  }
  bare.balanced = depth == 0 && !quoted;
  return bare;
}

// Whether a part of a value could be an address of its own.
bool HasAt(absl::string_view text) { return absl::StrContains(text, "@"); }

// The places of `mark` outside quotes.
std::vector<size_t> Find(char mark, absl::string_view text) {
  std::vector<size_t> found;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (text[i] == mark && !quoted) found.push_back(i);
  }
  return found;
}

std::string Stripped(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  bool stripped = true;
  while (stripped) {
    stripped = false;
    // Lists end so, and sentences; "(" was a comment.
    for (const absl::string_view end : {",", ";", ".", ":", "("}) {
      if (absl::ConsumeSuffix(&text, end)) stripped = true;
    }
    if (absl::ConsumePrefix(&text, "(")) stripped = true;
    text = absl::StripAsciiWhitespace(text);
  }
  return std::string(text);
}

// Takes the quotes off that are around a whole address, not around its local
// part.
std::string Unquoted(absl::string_view text) {
  for (const absl::string_view begin : kQuotes) {
    for (const absl::string_view end : kQuotes) {
      absl::string_view inner = text;
      if (absl::ConsumePrefix(&inner, begin) &&
          absl::ConsumeSuffix(&inner, end)) {
        return std::string(absl::StripAsciiWhitespace(inner));
      }
    }
  }
  return std::string(text);
}

// True for a scheme of addresses of another kind: "sip:ada@example.com".
bool IsOtherScheme(absl::string_view word) {
  constexpr absl::string_view kOtherSchemes[] = {
      "sip",  "sips", "tel",   "xmpp", "im",   "skype", "callto", "msteams",
      "http", "ssh",  "https", "ftp",  "acct", "jid",   "ldap",   "urn"};
  return absl::c_linear_search(kOtherSchemes, absl::AsciiStrToLower(word));
}

// Takes off what says that an address follows: "To: ada@...", and the name of
// a group of RFC 5322, "Team: ada@...;".
std::string WithoutLabel(absl::string_view text) {
  const bool group = absl::EndsWith(absl::StripAsciiWhitespace(text), ";");
  const std::vector<size_t> colons = Find(':', text);
  if (colons.empty()) return std::string(text);
  const absl::string_view label = text.substr(0, colons[0]);
  const absl::string_view rest = text.substr(colons[0] + 1);
  const bool prefix = absl::c_any_of(kPrefixes, [&](absl::string_view known) {
    return absl::StartsWithIgnoreCase(text, known);
  });
  if (prefix || label.empty() ||
      label.find_first_of("<@[") != absl::string_view::npos ||
      IsOtherScheme(label) || !(group || absl::StartsWith(rest, " "))) {
    return std::string(text);
  }
  return std::string(rest);
}

// All to whom a link writes: "ada@example.com?cc=bob@example.com".
std::string Recipients(absl::string_view link) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(link, absl::MaxSplits('?', 1));
  std::string all(parts.first);
  for (absl::string_view parameter : absl::StrSplit(parts.second, '&')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    const std::string name = absl::AsciiStrToLower(pair.first);
    if (pair.second.empty() || (name != "to" && name != "cc" && name != "bcc"))
      continue;
    absl::StrAppend(&all, all.empty() ? "" : ",", pair.second);
  }
  return PercentDecode(all).value_or(all);
}

// "mailto:ada%40example.com": some programs encode the "@" of a link too.
std::string WithAtOfLink(std::string text) {
  if (HasAt(text) ||
      !absl::StrContains(absl::AsciiStrToLower(text), "mailto:")) {
    return text;
  }
  return PercentDecode(text).value_or(text);
}

std::string WithoutPrefix(absl::string_view text) {
  for (const absl::string_view prefix : kPrefixes) {
    if (!absl::StartsWithIgnoreCase(text, prefix)) continue;
    text = absl::StripLeadingAsciiWhitespace(text.substr(prefix.size()));
    return prefix == "mailto:" ? Recipients(text) : std::string(text);
  }
  return std::string(text);
}

Form RefusedEmail(absl::string_view text, std::string why) {
  return {.normalized = FoldCase(text), .refusal = std::move(why)};
}

// The address between angle brackets, or between square ones as some address
// books have it; the whole where there are none. Nullopt if an address is
// outside of them. "ada@[192.0.2.1]" has none in its brackets.
std::optional<std::string> InMailBrackets(const std::string& text) {
  std::vector<size_t> begins = Find('<', text);
  const bool square = begins.empty();
  if (square) begins = Find('[', text);
  if (begins.empty()) return text;
  const size_t begin = begins[0];
  const size_t end = text.find(square ? ']' : '>', begin);
  if (square && !HasAt(text.substr(begin, end - begin))) return text;
  std::string inner =
      text.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
  const std::string before = text.substr(0, begin);
  const std::string after = end == std::string::npos ? "" : text.substr(end);
  // A name before it may have an address in quotes: '"bob@example.com" <...>'.
  const bool another =
      begins.size() > 1 || HasAt(after) ||
      (!Find('@', before).empty() && Stripped(before) != WithoutPrefix(inner));
  if (another) return std::nullopt;
  return inner;
}

// What a comment says: "(ada@...)".
std::string Commented(absl::string_view comments) {
  std::string inner = Stripped(comments);
  absl::string_view text = inner;
  absl::ConsumeSuffix(&text, ")");
  return Stripped(text);
}

// An address without anything around it.
Form ReadAddress(const std::string& address) {
  const size_t at = address.rfind('@');
  absl::string_view local = absl::StripTrailingAsciiWhitespace(
      absl::string_view(address).substr(0, at));
  const absl::string_view domain = absl::StripLeadingAsciiWhitespace(
      absl::string_view(address).substr(at + 1));
  absl::string_view inner = local;
  const bool quoted =
      absl::ConsumePrefix(&inner, "\"") && absl::ConsumeSuffix(&inner, "\"");
  const absl::string_view checked = quoted ? inner : local;
  const bool plain =
      checked.find_first_of(kSpecials) == absl::string_view::npos;
  if (checked.empty() || (!quoted && !plain) ||
      absl::c_any_of(checked, absl::ascii_iscntrl)) {
    return RefusedEmail(address, "it is no e-mail address");
  }
  // Quotes around what needs none are no part of the address.
  if (quoted && plain) local = inner;
  EmailDomain read = ReadEmailDomain(domain);
  if (!read.refusal.empty()) {
    return RefusedEmail(address, std::move(read.refusal));
  }
  return {.normalized = absl::StrCat(FoldCase(local), "@", read.ascii),
          .why = "an e-mail address, without case"};
}

}  // namespace

bool LooksLikeEmail(absl::string_view text) {
  const std::string decoded = WithAtOfLink(std::string(text));
  const size_t at = decoded.rfind('@');
  return at != std::string::npos && at != 0 && at + 1 != decoded.size();
}

Form ReadEmail(absl::string_view text) {
  const std::string clean = WithAtOfLink(CleanText(text));
  Bare bare = WithoutComments(clean);
  // "Ada Q (ada@...)": the address is the comment.
  if (!HasAt(bare.text))
    bare.text = Commented(std::exchange(bare.comments, ""));
  if (!HasAt(bare.text)) return RefusedEmail(clean, "it has no @");
  if (!bare.balanced) {
    return RefusedEmail(clean,
                        "it has a quote or a bracket that is not closed");
  }
  const std::optional<std::string> inner =
      InMailBrackets(Stripped(WithoutLabel(bare.text)));
  if (!inner.has_value()) return RefusedEmail(clean, "it has two addresses");
  std::string address = Unquoted(Stripped(WithoutPrefix(*inner)));
  address = Stripped(WithoutPrefix(address));
  if (Find('@', address).size() > 1 ||
      (HasAt(bare.comments) &&
       !absl::EqualsIgnoreCase(Commented(bare.comments), address))) {
    return RefusedEmail(clean, "it has two addresses");
  }
  if (!LooksLikeEmail(address)) {
    return RefusedEmail(clean, "it is no e-mail address");
  }
  return ReadAddress(address);
}

}  // namespace kith::identity
