#include "identity-svc/values/handle.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/email_domain.h"
#include "identity-svc/values/networks.h"
#include "identity-svc/values/profile_address.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/web_address.h"

namespace kith::identity {
namespace {

bool IsAddress(const WebAddress& address) {
  absl::string_view under;
  return address.has_scheme ||
         (!address.path.empty() && absl::StrContains(address.host, ".")) ||
         NetworkOfHost(address.host, &under) != nullptr;
}

Form AsText(std::string text) {
  return {.normalized = std::move(text),
          .why =
              "no address of a profile that the network documents, "
              "matched as a text"};
}

Form AsNobody(std::string text) {
  return {.normalized = std::move(text),
          .refusal = "an address of the network that names no profile"};
}

// In a network of many hosts, each has an Alice of its own.
Form WithoutHost(std::string text) {
  return {.normalized = std::move(text),
          .refusal =
              "a handle of this network is name@host: without its host it may "
              "be anybody's"};
}

bool HasHost(absl::string_view name) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits('@', 1));
  return !parts.first.empty() && ReadEmailDomain(parts.second).refusal.empty();
}

// WhatsApp's ids of people: the number, that of a device, a host. Twilio puts a
// scheme before it.
absl::string_view UserOfWhatsApp(absl::string_view id) {
  absl::ConsumePrefix(&id, "whatsapp:");
  if (absl::ConsumeSuffix(&id, "@s.whatsapp.net") ||
      absl::ConsumeSuffix(&id, "@c.us")) {
    id = id.substr(0, id.find(':'));
  }
  return id;
}

// A handle without an address around it. `of_any` is true if no network is
// named.
Form ReadPlain(absl::string_view text, const Network* network, bool of_any) {
  std::string name(text);
  if (const std::optional<std::string> decoded = PercentDecode(text);
      decoded.has_value() &&
      decoded->find_first_of("/?#:") == std::string::npos) {
    name = CleanText(*decoded);
  }
  absl::string_view bare = name;
  if (network != nullptr && network->any_host) {
    absl::ConsumePrefix(&bare, "acct:");
  }
  const std::string typed = WithoutAt(bare);
  name = of_any ? WithAsciiHost(FoldCase(typed)) : MatchedName(network, typed);
  if (network != nullptr && network->any_host && !HasHost(name)) {
    return WithoutHost(std::move(name));
  }
  const std::string exact = Composed(typed);
  if (network != nullptr && network->digits_only) {
    name = BareDigits(UserOfWhatsApp(name)).value_or(std::move(name));
  }
  Form form = {.normalized = std::move(name), .why = "a handle, without case"};
  if (of_any && exact != form.normalized) form.exact = exact;
  if (!of_any && form.normalized != FoldCase(typed) &&
      form.normalized == exact) {
    form.why = "a handle, to the letter";
  }
  return form;
}

// Part of an address, such as "in/ada" or "/u/ada".
Form ReadPath(const std::string& clean, absl::string_view bare,
              const Network* network) {
  if (network == nullptr) return AsText(clean);
  if (network->any_host) {
    return absl::StrContains(bare, "@") ? AsText(clean) : WithoutHost(clean);
  }
  absl::ConsumePrefix(&bare, "/");
  const absl::string_view host =
      network->hosts.substr(0, network->hosts.find(' '));
  const std::optional<WebAddress> address =
      ParseWebAddress(absl::StrCat(host, "/", bare));
  if (!address.has_value()) return AsText(clean);
  std::optional<std::string> name = HandleInPath(*network, *address);
  if (!name.has_value()) {
    return NamesNobody(network, *address) ? AsNobody(clean) : AsText(clean);
  }
  return {.normalized = *std::move(name),
          .why = absl::StrCat("the profile in part of an address of ",
                              network->name)};
}

}  // namespace

Form ReadHandle(absl::string_view text, absl::string_view name_space) {
  const std::string clean = CleanText(text);
  const std::string bare = WithoutAt(clean);
  if (bare.empty()) return {.normalized = clean};
  const Network* const network = NetworkOf(name_space);
  const std::optional<WebAddress> address = ParseWebAddress(bare);
  if (address.has_value() && IsAddress(*address)) {
    std::optional<std::string> name;
    if (network != nullptr) name = HandleAt(*network, *address);
    if (!name.has_value()) {
      return NamesNobody(network, *address) ? AsNobody(clean) : AsText(clean);
    }
    return {
        .normalized = *std::move(name),
        .why = absl::StrCat("the profile in an address of ", network->name)};
  }
  if (bare.find_first_of("/?#\\") != std::string::npos) {
    return ReadPath(clean, bare, network);
  }
  // "@@social.example": nobody at a host.
  if (network != nullptr && network->any_host &&
      bare.find('.') != absl::string_view::npos &&
      bare.find('@') == absl::string_view::npos &&
      absl::StartsWith(clean, "@@")) {
    return AsNobody(clean);
  }
  return ReadPlain(bare, network, name_space.empty());
}

std::string HandleNamespace(absl::string_view name_space) {
  const Network* const network = NetworkOf(name_space);
  return std::string(network == nullptr ? name_space : network->name);
}

std::string NamespaceOfProfile(absl::string_view text) {
  const std::optional<WebAddress> address =
      ParseWebAddress(WithoutAt(CleanText(text)));
  if (!address.has_value()) return "";
  absl::string_view under;
  const Network* const network = NetworkOfHost(address->host, &under);
  if (network == nullptr || !HandleAt(*network, *address).has_value()) {
    return "";
  }
  return std::string(network->name);
}

}  // namespace kith::identity
