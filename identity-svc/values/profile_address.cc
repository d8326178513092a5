#include "identity-svc/values/profile_address.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

// What networks, apps and advertising put behind the address of a profile, and
// what chooses a tab of it. With another parameter the page may be any.
constexpr absl::string_view kHarmlessParameters =
    "fbclid gclid dclid msclkid igsh igshid lang hl locale ref ref_src ref_url "
    "refsrc _rdr _rdc s t si trk mibextid rdid tab feature app src source xmt "
    "fref hc_ref __tn__ wtsid eav paipv _fb_noscript _r _t text start startapp "
    "startgroup profile is_from_webapp sender_device share_id view_as "
    "original_referer originalsubdomain sub_confirmation";

// None of these is in a name; "." and "-" are.
constexpr absl::string_view kNoNameChars = " /?#%@:&=+,;\"<>\\|*()[]{}!'$^`";

bool IsName(absl::string_view name) {
  absl::string_view checked = name;
  // The ids of Bluesky: did:plc:abc.
  if (absl::ConsumePrefix(&checked, "did:")) {
    return !checked.empty() &&
           checked.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyz0123456789:._-") ==
               absl::string_view::npos;
  }
  return !name.empty() &&
         name.find_first_of(kNoNameChars) == absl::string_view::npos &&
         !absl::EndsWith(name, ".php");
}

bool IsNumber(absl::string_view text) {
  return !text.empty() && absl::c_all_of(text, absl::ascii_isdigit);
}

// The name in one segment of a path, if it is what the pattern asks for.
std::optional<std::string> NameIn(const Network& network,
                                  absl::string_view pattern,
                                  absl::string_view segment) {
  if (absl::ConsumePrefix(&pattern, "@") &&
      !absl::ConsumePrefix(&segment, "@")) {
    return std::nullopt;
  }
  if (network.digits_only) return BareDigits(segment);
  if (pattern == "{#}") {
    if (!IsNumber(segment)) return std::nullopt;
    return std::string(segment);
  }
  std::string name = WithoutAt(CleanText(segment));
  if (pattern != "{=}") name = MatchedName(&network, name);
  // In Mastodon "@ada@other.example" is of another host.
  const size_t at = network.any_host ? name.find('@') : std::string::npos;
  const bool is_name =
      at == std::string::npos
          ? IsName(name)
          : IsName(name.substr(0, at)) && IsName(name.substr(at + 1));
  if (!is_name || HasWord(network.no_names, name)) {
    return std::nullopt;
  }
  return name;
}

// A form of networks.h, taken apart.
struct ProfileForm {
  std::vector<absl::string_view> path;
  bool more = false;
  absl::string_view parameter;
  absl::string_view handle = "{}";
};

ProfileForm ParseForm(absl::string_view text) {
  ProfileForm form;
  const std::pair<absl::string_view, absl::string_view> sides =
      absl::StrSplit(text, absl::MaxSplits('>', 1));
  if (!sides.second.empty()) form.handle = sides.second;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(sides.first, absl::MaxSplits('?', 1));
  form.parameter = parts.second;
  absl::string_view path = parts.first;
  form.more = absl::ConsumeSuffix(&path, "/**");
  form.path = absl::StrSplit(path, '/');
  return form;
}

bool IsHarmless(absl::string_view parameter) {
  const std::string lower = absl::AsciiStrToLower(parameter);
  return absl::StartsWith(lower, "utm_") || HasWord(kHarmlessParameters, lower);
}

// The name in the one parameter that a form has: "profile.php?id={#}".
std::optional<std::string> NameInQuery(const Network& network,
                                       absl::string_view pattern,
                                       const WebAddress& address) {
  const std::pair<absl::string_view, absl::string_view> wanted =
      absl::StrSplit(pattern, absl::MaxSplits('=', 1));
  std::optional<std::string> name;
  for (const auto& [parameter, value] : address.query) {
    if (parameter != wanted.first) continue;
    if (name.has_value()) return std::nullopt;
    name = NameIn(network, wanted.second, value);
    if (!name.has_value()) return std::nullopt;
  }
  return name;
}

// Where the path begins with a name, a parameter may say which page it is.
bool MayBePage(const ProfileForm& form, const WebAddress& address) {
  return form.path[0] == "{}" &&
         !absl::c_all_of(address.query, [](const auto& parameter) {
           return IsHarmless(parameter.first);
         });
}

std::optional<std::string> MatchForm(const Network& network,
                                     const ProfileForm& form,
                                     const WebAddress& address) {
  const std::vector<std::string>& path = address.path;
  if (path.size() < form.path.size() ||
      (path.size() > form.path.size() && !form.more) ||
      MayBePage(form, address)) {
    return std::nullopt;
  }
  std::optional<std::string> name;
  std::optional<std::string> anything;
  for (size_t i = 0; i < form.path.size(); ++i) {
    const absl::string_view pattern = form.path[i];
    if (pattern == "~") anything = path[i];
    if (pattern == "~") continue;
    if (!absl::StrContains(pattern, "{")) {
      if (!absl::EqualsIgnoreCase(pattern, path[i])) return std::nullopt;
      continue;
    }
    std::optional<std::string> found = NameIn(network, pattern, path[i]);
    if (!found.has_value() ||
        (i == 0 && pattern == "{}" && HasWord(network.reserved, *found))) {
      return std::nullopt;
    }
    // Behind the name a number is one of its posts.
    if (!name.has_value()) name = std::move(found);
  }
  if (!form.parameter.empty()) {
    name = NameInQuery(network, form.parameter, address);
  }
  // Some forms only say that a page is of one person.
  if (!name.has_value()) name = std::move(anything);
  if (!name.has_value()) return std::nullopt;
  return absl::StrReplaceAll(form.handle, {{"{}", *name}});
}

std::optional<std::string> MatchForms(const Network& network,
                                      absl::string_view forms,
                                      const WebAddress& address) {
  for (const absl::string_view text :
       absl::StrSplit(forms, ' ', absl::SkipEmpty())) {
    std::optional<std::string> name =
        MatchForm(network, ParseForm(text), address);
    if (name.has_value()) return name;
  }
  return std::nullopt;
}

// An address within an address: people and forms put the one before the other,
// "linkedin.com/in/https://de.linkedin.com/in/ada". The innermost counts.
WebAddress Innermost(const WebAddress& address) {
  for (size_t i = address.path.size(); i-- > 0;) {
    const std::string part = absl::AsciiStrToLower(WithoutAt(address.path[i]));
    const bool scheme = part == "http:" || part == "https:";
    absl::string_view under;
    if (!scheme && (!absl::StrContains(part, ".") ||
                    NetworkOfHost(part, &under) == nullptr)) {
      continue;
    }
    const size_t host = scheme ? i + 1 : i;
    WebAddress inner;
    inner.has_scheme = true;
    if (host < address.path.size()) {
      inner.host = absl::AsciiStrToLower(address.path[host]);
      inner.path.assign(address.path.begin() + host + 1, address.path.end());
    }
    inner.query = address.query;
    return inner;
  }
  return address;
}

// The handle at an address of the network's own hosts.
std::optional<std::string> HandleAtHost(const Network& network,
                                        const WebAddress& address) {
  absl::string_view under;
  if (NetworkOfHost(address.host, &under) != &network) return std::nullopt;
  if (IsProfileSubdomain(network, under))
    return MatchForms(network, network.forms, address);
  if (network.name_in_subdomain && address.path.empty() &&
      address.query.empty() && IsName(under) &&
      !absl::StrContains(under, ".") && !HasWord(network.reserved, under)) {
    return std::string(under);
  }
  return std::nullopt;
}

// Pages that networks have without documenting them, and what programs put
// where a name is missing.
constexpr absl::string_view kPages =
    "login signin sign-in sign_in signup sign-up register logout home index "
    "index.html inbox feed settings search explore notifications messages help "
    "about privacy terms legal account accounts null undefined none nan";

// What is before a name at hosts of all kinds, and names nobody by itself.
constexpr absl::string_view kPagesOfNames =
    "profile profiles profil user users u id in member members people person "
    "channel my me";

// True if a form begins with this word, as "in/{}" does.
bool BeginsForm(absl::string_view forms, absl::string_view word) {
  const auto all = absl::StrSplit(forms, ' ', absl::SkipEmpty());
  return absl::c_any_of(all, [&](absl::string_view form) {
    return form.substr(0, form.find_first_of("/?")) == word;
  });
}

// A parameter may say what a page of a program is about: "l.php?u=...".
bool TellsMore(const WebAddress& address) {
  return absl::c_any_of(address.query, [](const auto& parameter) {
    return !parameter.second.empty() && !HasWord(kPages, parameter.second) &&
           !IsHarmless(parameter.first);
  });
}

// "https://forum.example/login", "https://forum.example/users/".
bool IsAllPages(const WebAddress& address) {
  return !TellsMore(address) &&
         absl::c_all_of(address.path, [](absl::string_view part) {
           const std::string word = absl::AsciiStrToLower(part);
           return HasWord(kPages, word) || HasWord(kPagesOfNames, word);
         });
}

}  // namespace

std::string WithoutAt(absl::string_view text) {
  while (absl::ConsumePrefix(&text, "@") || absl::ConsumePrefix(&text, " ")) {
  }
  return std::string(text);
}

std::optional<std::string> BareDigits(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(c)) {
      digits += c;
    } else if (!absl::StrContains("+ -.()", c)) {
      return std::nullopt;
    }
  }
  // "0049..." is dialled for "+49...": no international number has a zero. All
  // of them, so that what is read is read as itself.
  absl::string_view international = digits;
  while (absl::ConsumePrefix(&international, "00")) {
  }
  if (international.empty()) return std::nullopt;
  return std::string(international);
}

std::optional<std::string> HandleAt(const Network& network,
                                    const WebAddress& address) {
  absl::string_view under;
  const Network* const owner = NetworkOfHost(address.host, &under);
  if (!network.any_host) {
    // Another host with the address in its own is not the network's.
    return owner == &network ? HandleAtHost(network, Innermost(address))
                             : std::nullopt;
  }
  if (owner != nullptr || address.host.empty()) return std::nullopt;
  std::optional<std::string> name = MatchForms(network, network.forms, address);
  if (!name.has_value() || absl::StrContains(*name, "@")) return name;
  return WithAsciiHost(absl::StrCat(*name, "@", address.host));
}

std::optional<std::string> HandleInPath(const Network& network,
                                        const WebAddress& address) {
  const auto forms = absl::StrSplit(network.forms, ' ', absl::SkipEmpty());
  for (const absl::string_view form : forms) {
    if (absl::StartsWith(form, "{")) continue;
    std::optional<std::string> name =
        MatchForm(network, ParseForm(form), address);
    if (name.has_value()) return name;
  }
  return std::nullopt;
}

bool NamesNobody(const Network* network, const WebAddress& whole) {
  const WebAddress address = Innermost(whole);
  absl::string_view under;
  const Network* const owner = NetworkOfHost(address.host, &under);
  if (IsHostOfThings(address.host)) return true;
  if (owner != nullptr) network = owner;
  if (network == nullptr || (owner == nullptr && !network->any_host)) {
    return address.path.empty() ? IsHostOfLinks(address.host)
                                : IsAllPages(address);
  }
  if (owner != nullptr && network->name_in_subdomain &&
      !IsProfileSubdomain(*network, under)) {
    return false;
  }
  if (address.path.empty()) return true;
  const std::string word = absl::AsciiStrToLower(WithoutAt(address.path[0]));
  if (word.empty()) return true;
  if (MatchForms(*network, network->people, address).has_value()) return false;
  if (absl::string_view page = word; absl::ConsumeSuffix(&page, ".php")) {
    return !TellsMore(address) || HasWord(network->reserved, page) ||
           HasWord(kPages, page);
  }
  // An invitation to a group; "+49..." is a phone.
  if (word[0] == '+' && !IsNumber(word.substr(1))) return true;
  return HasWord(network->reserved, word) || HasWord(kPages, word) ||
         BeginsForm(network->forms, word) || BeginsForm(network->people, word);
}

}  // namespace kith::identity
