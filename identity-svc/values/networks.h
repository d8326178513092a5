#ifndef KITH_IDENTITY_SVC_VALUES_NETWORKS_H_
#define KITH_IDENTITY_SVC_VALUES_NETWORKS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kith::identity {

// A social network: its names, and the addresses of profiles that it documents.
// All lists are words with a space between them, in lower case.
struct Network {
  // The namespace of its handles.
  absl::string_view name = "";

  // Further namespaces that mean it, beside its hosts.
  absl::string_view aliases = "";

  // Hosts of profiles. What all networks put before a host is allowed: "www.",
  // "m.", a language or a country ("de.", "de-de.").
  absl::string_view hosts = "";

  // What this network puts before a host besides.
  absl::string_view subdomains = "";

  // Paths of profiles. "{}" stands for a name, "{#}" for a number, "{=}" for a
  // name with letters in either case, "~" for anything, "/**" for more. After
  // ">" comes the handle, if it is not the name alone. "?a={}" is a name in the
  // parameter a.
  absl::string_view forms = "";

  // Paths that lead to one person without a handle: by a number that is no
  // profile's, or behind a link. Such an address is matched as a text.
  absl::string_view people = "";

  // What is no name in any form: "in/me" is of whoever looks at it.
  absl::string_view no_names = "";

  // First words of paths that are no names. A page that begins with such a
  // word, or with that of a form, and is none of the above, is nobody's: it is
  // of a post, a group, a search.
  absl::string_view reserved = "";

  // What ids of people in the place of a name begin with. Their letters are in
  // either case. Behind less than kFewestOwnIdChars, which may begin a name
  // too, an id has at least kFewestIdChars.
  absl::string_view ids = "";

  // "alice.tumblr.com" is alice.
  bool name_in_subdomain = false;

  // Anybody runs a host of it, and a handle is "name@host".
  bool any_host = false;

  // Handles are phone numbers, matched by their digits.
  bool digits_only = false;
};

constexpr size_t kFewestIdChars = 20;
constexpr size_t kFewestOwnIdChars = 5;

// Returns a name as it is matched: without case, if the names of the network
// have none. In a network that is not known they may have one. So have ids: of
// the network (Network::ids), or "urn:li:person:aB3". Where anybody runs a
// host, that is in ASCII. A pure function, as is the following.
std::string MatchedName(const Network* network, absl::string_view name);

// Returns "name@host" with the host in ASCII (IDNA); other texts as they are.
std::string WithAsciiHost(absl::string_view name);

// Returns all networks that are known.
absl::Span<const Network> Networks();

// Returns the network of a namespace in lower case, null if it is not known.
const Network* NetworkOf(absl::string_view name_space);

// Returns the network that a host in lower case belongs to, null if there is
// none. `under` gets what comes before the network's own host: "www".
const Network* NetworkOfHost(absl::string_view host, absl::string_view* under);

// Returns true if profiles of the network are also at hosts with `under` before
// them.
bool IsProfileSubdomain(const Network& network, absl::string_view under);

// Returns true if addresses of the host, or of one under it, are of groups,
// films and the like, none of a person.
bool IsHostOfThings(absl::string_view host);

// Returns true if the host belongs to a network, and addresses of it may lead
// to a person, without a name in them: short links.
bool IsHostOfLinks(absl::string_view host);

// Returns true if `word` is in a list of words.
bool HasWord(absl::string_view list, absl::string_view word);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_NETWORKS_H_
