#ifndef KITH_GATEWAY_LINKS_UNSUBSCRIBE_LINKS_H_
#define KITH_GATEWAY_LINKS_UNSUBSCRIBE_LINKS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gateway/links/link_keys.h"
#include "kith/internal/v1/links.pb.h"

namespace kith::gateway {

// Where the links of unsubscription are, before the token.
inline constexpr char kUnsubscribePath[] = "/u/";

// Makes and opens the links by which the readers of e-mails refuse. A link has
// no end and no secret: whoever has it may refuse, which is all that it is for.
// Immutable, so thread-safe.
class UnsubscribeLinks {
 public:
  // `public_url` is that of the HTTP listener for customers, without a path:
  // "https://crm.example.com".
  UnsubscribeLinks(std::string public_url, const LinkKeys& keys);

  // Returns base64url of a version, a signature and the body, without padding:
  // at most 200 characters if the topic has at most 50 bytes.
  std::string Sign(const internal::v1::UnsubscribeLinkBody& body) const;

  // Returns the body of a token that one of the keys has signed. Nothing if
  // the token is another, in any bit.
  std::optional<internal::v1::UnsubscribeLinkBody> Open(
      absl::string_view token) const;

  // Returns the address of the link with this token.
  std::string UriOf(absl::string_view token) const;

 private:
  const std::string public_url_;
  const std::vector<std::string> keys_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_UNSUBSCRIBE_LINKS_H_
