#include "identity-svc/values/handle.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

// Where profiles live, in lower case.
constexpr absl::string_view kHosts[] = {
    "x.com",        "twitter.com", "instagram.com", "facebook.com",
    "fb.com",       "fb.me",       "threads.net",   "threads.com",
    "tiktok.com",   "youtube.com", "linkedin.com",  "t.me",
    "telegram.me",  "github.com",  "pinterest.com", "reddit.com",
    "snapchat.com", "twitch.tv",   "bsky.app",      "medium.com",
    "vk.com",       "weibo.com",   "tumblr.com"};

// A folder before the name of a person: linkedin.com/in/ada.
constexpr absl::string_view kPersonFolders[] = {"in", "user", "u", "add",
                                                "profile"};

// A folder of something else, whose names are apart from those of persons:
// linkedin.com/company/ada is matched by "company/ada".
constexpr absl::string_view kOtherFolders[] = {"company", "school",  "showcase",
                                               "c",       "channel", "groups"};

// What comes first in addresses that name no profile, or not by a name that
// nobody else has.
constexpr absl::string_view kNoProfiles[] = {"p",
                                             "reel",
                                             "reels",
                                             "stories",
                                             "explore",
                                             "tv",
                                             "i",
                                             "intent",
                                             "home",
                                             "search",
                                             "hashtag",
                                             "share",
                                             "watch",
                                             "shorts",
                                             "playlist",
                                             "events",
                                             "photo",
                                             "sharer",
                                             "feed",
                                             "posts",
                                             "s",
                                             "r",
                                             "photo.php",
                                             "story.php",
                                             "login",
                                             "settings",
                                             "messages",
                                             "people",
                                             "pages",
                                             "sharer.php",
                                             "permalink.php",
                                             "index.php"};

bool IsProfileHost(absl::string_view host) {
  return std::any_of(std::begin(kHosts), std::end(kHosts),
                     [host](absl::string_view known) {
                       absl::string_view rest = host;
                       // "www.", "m.", "de-de." and so on.
                       return absl::ConsumeSuffix(&rest, known) &&
                              (rest.empty() || absl::EndsWith(rest, "."));
                     });
}

// facebook.com/profile.php?id=4
std::optional<std::string> IdParameter(absl::string_view query) {
  for (absl::string_view parameter : absl::StrSplit(query, '&')) {
    if (absl::ConsumePrefix(&parameter, "id=") && !parameter.empty()) {
      return std::string(parameter);
    }
  }
  return std::nullopt;
}

// The name in the address of a profile, `text` being in lower case.
std::optional<std::string> NameInAddress(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "https://")) {
    absl::ConsumePrefix(&text, "http://");
  }
  text = text.substr(0, text.find('#'));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('?', 1));
  const std::vector<absl::string_view> path =
      absl::StrSplit(parts.first, '/', absl::SkipEmpty());
  if (path.size() < 2 || !IsProfileHost(path[0])) return std::nullopt;
  const absl::string_view first = path[1];
  if (first == "profile.php") return IdParameter(parts.second);
  if (absl::c_linear_search(kNoProfiles, first)) return std::nullopt;
  const bool person = absl::c_linear_search(kPersonFolders, first);
  const bool other = absl::c_linear_search(kOtherFolders, first);
  if (!person && !other) return std::string(first);
  if (path.size() < 3) return std::nullopt;
  return person ? std::string(path[2]) : absl::StrCat(first, "/", path[2]);
}

}  // namespace

std::string NormalizeHandle(absl::string_view text) {
  std::string folded = FoldCase(Trim(text));
  if (std::optional<std::string> name = NameInAddress(folded)) {
    folded = *std::move(name);
  }
  absl::string_view name = folded;
  absl::ConsumePrefix(&name, "@");
  return name.empty() ? folded : std::string(name);
}

}  // namespace kith::identity
