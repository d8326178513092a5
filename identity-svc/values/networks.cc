#include "identity-svc/values/networks.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/email_domain.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

// Sources: the networks' own help pages on usernames and profile links. A form
// that is not documented is left out: its address is then matched as a text, or
// refused if it is of a page that is nobody's.
constexpr Network kNetworks[] = {
    {.name = "x",
     .aliases = "twitter",
     .hosts = "x.com twitter.com",
     .forms = "{} {}/status/{#}/** {}/statuses/{#} {}/with_replies {}/media "
              "{}/likes {}/highlights {}/followers {}/following "
              "intent/user?screen_name={} intent/follow?screen_name={}",
     .people = "i/user/{#} intent/user?user_id={#} intent/follow?user_id={#}",
     .reserved = "i home explore search notifications messages settings login "
                 "logout signup compose hashtag share intent tos privacy about "
                 "jobs download account oauth lists bookmarks communities help "
                 "widgets statuses search-advanced who_to_follow invite "
                 "connect_people following followers grok premium_sign_up "
                 "spaces events moments articles topics keyboard_shortcuts "
                 "personalization mentions"},
    {.name = "instagram",
     .aliases = "ig insta",
     .hosts = "instagram.com instagr.am",
     .forms = "{} _u/{} stories/{}/** {}/tagged {}/reels {}/channel {}/guides "
              "{}/followers {}/following {}/saved "
              "{}/p/~ {}/reel/~",
     .people = "direct/t/{#}",
     .no_names = "highlights",
     .reserved = "p reel reels stories explore tv s accounts direct about "
                 "legal developer web challenge oauth share ar graphql api "
                 "data session emails invites topics locations directory "
                 "static nametag popular press privacy highlights _u _n l "
                 "igtv download blog jobs terms help your_activity "
                 "notifications qr"},
    {.name = "facebook",
     .aliases = "fb",
     .hosts = "facebook.com fb.com m.me",
     .subdomains = "mbasic touch free",
     .forms = "{} pg/{}/** profile.php?id={#} people/~/{#}/** pages/~/{#}/** "
              "{}/about {}/photos {}/videos {}/posts {}/friends {}/reviews "
              "{}/posts/~ {}/photos/~ {}/photos/~/~ {}/videos/~",
     .people = "app_scoped_user_id/{#} groups/~/user/{#} groups/~/users/{#} "
               "messages/t/{#} messages/e2ee/t/{#} marketplace/profile/{#} "
               "stories/{#}/** share/~",
     .reserved =
         "groups group events event watch marketplace gaming pages pg "
         "people photo photos video videos reel reels story stories "
         "share sharer search hashtag help login logout settings "
         "messages notifications friends home bookmarks permalink "
         "posts public policies privacy terms business ads live games "
         "apps app app_scoped_user_id media plugins dialog tr "
         "checkpoint recover directory places fundraisers jobs saved "
         "memories groups_feed profile me about careers legal sharer feed "
         "your_information ad_center",
     .ids = "pfbid"},
    {.name = "threads",
     .hosts = "threads.net threads.com",
     .forms = "@{} @{}/replies @{}/reposts @{}/media @{}/post/~",
     .reserved = "t search activity insights saved liked for_you following"},
    {.name = "tiktok",
     .hosts = "tiktok.com",
     .forms = "@{} @{}/video/{#} @{}/photo/{#} @{}/live",
     .people = "share/user/{#}",
     .reserved =
         "foryou foryoupage explore following friends live upload music "
         "tag discover channel business trending topics embed share "
         "tiktokstudio creator-center coin wallet place shop",
     .ids = "MS4wLjAB"},
    {.name = "youtube",
     .aliases = "yt",
     .hosts = "youtube.com",
     .forms = "@{} @{}/~ channel/{=}>channel/{} channel/{=}/~>channel/{} "
              "user/{}>user/{} user/{}/~>user/{} c/{}>c/{} c/{}/~>c/{} "
              "{}>c/{}",
     .reserved = "watch results playlist feed shorts live embed v channel user "
                 "c gaming premium music tv kids account about creators ads "
                 "redirect post clip hashtag trending upload attribution_link "
                 "oembed t s source e supported_browsers signin logout",
     .ids = "UC"},
    {.name = "linkedin",
     .aliases = "li",
     .hosts = "linkedin.com",
     .forms = "in/{}/** mwlite/in/{} comm/in/{} company/{}/**>company/{} "
              "school/{}/**>school/{} showcase/{}/**>showcase/{}",
     .people = "profile/view?id={=} pub/{}/~/~/~ sales/lead/~ sales/people/~ "
               "sales/profile/~ talent/profile/~ talent/hire/** "
               "recruiter/profile/~",
     .no_names = "me",
     .reserved =
         "feed mynetwork jobs job messaging learning posts pulse "
         "groups groupitem events event uas checkpoint authwall premium "
         "hiring salary services directory games news today ad "
         "campaignmanager advice top-content my-items analytics "
         "dashboard newsletters redir e public-profile",
     .ids = "ACoAA ACwAA ADoAA AEMAA"},
    {.name = "telegram",
     .aliases = "tg",
     .hosts = "t.me telegram.me telegram.dog",
     .forms = "{} s/{} s/{}/{#} {}/{#} {}/{#}/{#}",
     .reserved = "joinchat c s share proxy socks login iv addstickers addemoji "
                 "addtheme addlist setlanguage bg invoice contact confirmphone "
                 "boost giftcode m passport msg resolve k a z dl",
     .name_in_subdomain = true},
    {.name = "whatsapp",
     .aliases = "wa",
     .hosts = "wa.me whatsapp.com",
     .subdomains = "api",
     .forms = "{#} send?phone={}",
     .reserved = "channel download business web faq",
     .digits_only = true},
    {.name = "snapchat",
     .aliases = "snap",
     .hosts = "snapchat.com",
     .forms = "add/{} @{}",
     .people = "p/~/**",
     .reserved = "discover spotlight download lens lenses map ads web unlock "
                 "explore t"},
    {.name = "reddit",
     .hosts = "reddit.com",
     .subdomains = "old new np sh i",
     .forms = "u/{} u/{}/~ user/{} user/{}/~ user/{}/comments/**",
     .no_names = "me",
     .reserved = "r chat message subreddits submit coins premium wiki "
                 "media gallery comments best hot new top rising answers"},
    {.name = "github",
     .hosts = "github.com",
     .forms = "{}",
     .people = "orgs/~ orgs/~/** apps/~ sponsors/~ stars/~",
     .reserved = "about features orgs topics marketplace settings login join "
                 "logout pricing sponsors explore search notifications pulls "
                 "issues trending collections events enterprise team teams "
                 "customer-stories security readme apps contact site stars "
                 "codespaces new organizations users dashboard account "
                 "sessions watching discussions projects copilot mobile "
                 "solutions resources premium-support partners home ghost"},
    {.name = "pinterest",
     .hosts = "pinterest.com pinterest.de pinterest.at pinterest.ch "
              "pinterest.fr pinterest.es pinterest.it pinterest.pt "
              "pinterest.ca pinterest.ie pinterest.nz pinterest.se "
              "pinterest.dk pinterest.cl pinterest.ph pinterest.jp "
              "pinterest.co.uk pinterest.co.kr pinterest.com.au "
              "pinterest.com.mx",
     .forms = "{} {}/_saved {}/_created",
     .reserved = "pin ideas search today explore categories login settings "
                 "business about resource oauth password email topics "
                 "discover videos homefeed news_hub ads convert"},
    {.name = "twitch",
     .hosts = "twitch.tv",
     .forms = "{} {}/about {}/schedule {}/videos {}/clip/~ {}/clips",
     .people = "popout/~/** moderator/~ embed/~/**",
     .reserved = "directory videos downloads jobs turbo p settings store "
                 "subscriptions search wallet drops inventory friends prime "
                 "products team user login signup popout embed moderator "
                 "bits broadcast legal payments"},
    {.name = "bluesky",
     .aliases = "bsky",
     .hosts = "bsky.app",
     .forms = "profile/{} profile/{}/post/~",
     .reserved = "feeds lists hashtag starter-pack start intent chat "
                 "moderation"},
    {.name = "mastodon",
     .aliases = "fediverse",
     .forms = "@{} @{}/** users/{} users/{}/** web/@{}",
     .people = "web/accounts/{#} accounts/{#}",
     .reserved = "public auth conversations bookmarks favourites lists tags "
                 "directory deck getting-started publish share follow_requests "
                 "authorize_interaction invite oauth",
     .any_host = true},
    {.name = "medium",
     .hosts = "medium.com",
     .forms = "@{} @{}/**",
     .reserved = "help about blog api policy status tech miro link",
     .name_in_subdomain = true},
    {.name = "tumblr",
     .hosts = "tumblr.com",
     .forms = "{} blog/{} blog/view/{} {}/{#} {}/{#}/~",
     .reserved = "blog dashboard explore search tagged settings login register "
                 "likes following inbox new help policy about apps docs "
                 "privacy communities communityhub liked share widgets "
                 "api assets embed media static",
     .name_in_subdomain = true},
    {.name = "vk",
     .aliases = "vkontakte",
     .hosts = "vk.com vk.ru vkontakte.ru",
     .forms = "{}",
     .people = "im?sel={#}",
     .reserved = "feed im friends groups video videos music audio audios apps "
                 "app albums photos photo search settings login join market "
                 "bookmarks mail docs fave share away clips wall about help "
                 "support terms privacy jobs dev restore id al_feed edit"},
    {.name = "weibo",
     .hosts = "weibo.com",
     .forms = "n/{} u/{#}>u/{}",
     .reserved = "newlogin mygroups hot tv at comment like"},
    {.name = "discord",
     .hosts = "discord.com discordapp.com",
     .subdomains = "ptb canary",
     .forms = "users/{#}>users/{}",
     .reserved = "channels app invite servers shop store nitro download "
                 "developers guild-discovery library company jobs quests"},
    {.name = "xing",
     .hosts = "xing.com",
     .forms = "profile/{}/** pages/{}>pages/{} companies/{}>companies/{} "
              "company/{}>companies/{}",
     .reserved = "jobs news communities events network messenger discover "
                 "start app-info"},
};

constexpr absl::string_view kHostsOfThings =
    "chat.whatsapp.com youtu.be fb.watch redd.it discord.gg "
    "business.facebook.com studio.youtube.com music.youtube.com "
    "gist.github.com mail.google.com";

constexpr absl::string_view kHostsOfLinks =
    "fb.me ig.me lnkd.in t.co pin.it vm.tiktok.com vt.tiktok.com telegram.org "
    "whatsapp.net google.com maps.google.com steamcommunity.com line.me "
    "weixin.qq.com";

// What comes before the host of any network.
constexpr absl::string_view kSubdomains = "www m mobile web";

// "de" or "de-de".
bool IsLocale(absl::string_view under) {
  if (under.size() != 2 && under.size() != 5) return false;
  for (size_t i = 0; i < under.size(); ++i) {
    if (i == 2 ? under[i] != '-' : !absl::ascii_islower(under[i])) return false;
  }
  return true;
}

}  // namespace

bool HasWord(absl::string_view list, absl::string_view word) {
  const auto words = absl::StrSplit(list, ' ', absl::SkipEmpty());
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string MatchedName(const Network* network, absl::string_view name) {
  if (network == nullptr || absl::StartsWithIgnoreCase(name, "urn:")) {
    return Composed(name);
  }
  for (const absl::string_view id :
       absl::StrSplit(network->ids, ' ', absl::SkipEmpty())) {
    if (absl::StartsWith(name, id) &&
        (id.size() >= kFewestOwnIdChars || name.size() >= kFewestIdChars)) {
      return Composed(name);
    }
  }
  return network->any_host ? WithAsciiHost(FoldCase(name)) : FoldCase(name);
}

std::string WithAsciiHost(absl::string_view name) {
  const size_t at = name.rfind('@');
  if (at == absl::string_view::npos) return std::string(name);
  const EmailDomain host = ReadEmailDomain(name.substr(at + 1));
  if (!host.refusal.empty()) return std::string(name);
  return absl::StrCat(name.substr(0, at + 1), host.ascii);
}

absl::Span<const Network> Networks() { return kNetworks; }

const Network* NetworkOf(absl::string_view name_space) {
  const auto it = absl::c_find_if(kNetworks, [&](const Network& network) {
    return network.name == name_space || HasWord(network.aliases, name_space) ||
           HasWord(network.hosts, name_space);
  });
  return it == std::end(kNetworks) ? nullptr : it;
}

const Network* NetworkOfHost(absl::string_view host, absl::string_view* under) {
  for (const Network& network : kNetworks) {
    for (const absl::string_view own :
         absl::StrSplit(network.hosts, ' ', absl::SkipEmpty())) {
      *under = host;
      if (!absl::ConsumeSuffix(under, own)) continue;
      if (under->empty() || absl::ConsumeSuffix(under, ".")) return &network;
    }
  }
  return nullptr;
}

bool IsHostOfThings(absl::string_view host) {
  return HasWord(kHostsOfThings, absl::StripPrefix(host, "www."));
}

bool IsHostOfLinks(absl::string_view host) {
  return HasWord(kHostsOfLinks, absl::StripPrefix(host, "www.")) ||
         HasWord(kHostsOfLinks, absl::StripPrefix(host, "web."));
}

bool IsProfileSubdomain(const Network& network, absl::string_view under) {
  return under.empty() || HasWord(kSubdomains, under) ||
         HasWord(network.subdomains, under) ||
         (!network.name_in_subdomain && IsLocale(under));
}

}  // namespace kith::identity
