#ifndef KITH_GATEWAY_VISITS_USER_AGENT_H_
#define KITH_GATEWAY_VISITS_USER_AGENT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::gateway {

// What a header User-Agent tells. The header itself is kept nowhere. Pure
// functions.

// Who opens a page.
enum class Visitor {
  // As far as can be told.
  kHuman,
  // A program that reads pages: a crawler, a monitor, a script.
  kBot,
  // A program that opens the links of a message before or beside its reader.
  kScanner,
};

struct Verdict {
  Visitor visitor = Visitor::kHuman;
  // Why, in words, such as "user agent: googlebot". Empty for a human. Has
  // nothing of the header but words that are known.
  std::string reason = {};
};

// Returns who sends a beacon. `robot` is what the browser itself says
// (navigator.webdriver), `purpose` the header Sec-Purpose.
Verdict VerdictOf(absl::string_view user_agent, absl::string_view purpose,
                  bool robot);

// Returns "human", "bot" or "scanner".
absl::string_view NameOf(Visitor visitor);

// Returns "phone", "tablet", "desktop" or "other".
absl::string_view DeviceOf(absl::string_view user_agent);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_USER_AGENT_H_
