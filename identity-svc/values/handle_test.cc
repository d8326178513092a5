#include "identity-svc/values/handle.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;

struct HandleCase {
  const char* network;
  const char* typed;
  // Null where the whole is matched as a text.
  const char* handle;
  // Where the case is from: an issue, or the network's documentation.
  const char* source;
};

void ExpectHandles(std::initializer_list<HandleCase> cases) {
  for (const HandleCase& one : cases) {
    const std::string read = ReadHandle(one.typed, one.network).normalized;
    EXPECT_EQ(read, one.handle == nullptr ? one.typed : one.handle)
        << one.network << " " << one.typed << " (" << one.source << ")";
    EXPECT_EQ(ReadHandle(read, one.network).normalized, read)
        << "read again: " << one.typed;
  }
}

TEST(HandleTest, ProfilesOfXAreRead) {
  ExpectHandles({
      {"x", "https://x.com/Alice?lang=en", "alice", "X help"},
      {"x", "http://www.twitter.com/alice", "alice", "X help"},
      {"x", "https://mobile.twitter.com/Alice/", "alice", "X help"},
      {"x", "https://twitter.com/#!/alice", "alice", "X, until 2012"},
      {"x", "x.com/alice/status/20?s=20", "alice", "X: share a post"},
      {"x", "https://x.com/alice/status/20/photo/1", "alice", "X"},
      {"x", "https://x.com/intent/user?screen_name=Alice", "alice",
       "X intents"},
      {"x", "https://x.com:443/alice", "alice", "a port"},
      {"x", "HTTPS://X.COM/ALICE", "alice", "case"},
      {"x", "//x.com/alice", "alice", "copied from a page"},
  });
}

TEST(HandleTest, ProfilesOfMetaAreRead) {
  ExpectHandles({
      {"instagram", "https://www.instagram.com/alice/?hl=de", "alice", "help"},
      {"instagram", "https://www.instagram.com/alice/#about", "alice", "help"},
      {"instagram", "https://instagram.com/_u/alice", "alice",
       "lobu-ai/lobu#1813"},
      {"instagram", "https://www.instagram.com/stories/alice/31/", "alice",
       "lorey/socials#5"},
      {"instagram", "https://www.instagram.com/alice/reel/CxA/", "alice",
       "share"},
      {"instagram", "instagram.com/@alice", "alice", "lorey/socials#5"},
      {"facebook", "m.facebook.com/alice", "alice", "help"},
      {"facebook", "https://de-de.facebook.com/alice?mibextid=1", "alice",
       "help"},
      {"facebook", "https://m.me/alice?ref=a", "alice", "Messenger links"},
      {"facebook", "https://www.facebook.com/pg/alice", "alice",
       "lorey/socials#5"},
      {"facebook", "https://www.facebook.com/profile.php?id=100", "100",
       "help"},
      {"facebook", "https://www.facebook.com/profile.php?id=100&sk=about",
       "100", "help"},
      {"facebook", "https://www.facebook.com/people/Ada-Q/100/", "100", "help"},
      {"whatsapp", "https://wa.me/4915621703327?text=Hi", "4915621703327",
       "WhatsApp help"},
      {"whatsapp", "+49 156 21703327", "4915621703327", "WhatsApp help"},
      {"threads", "https://www.threads.net/@alice?xmt=1", "alice", "help"},
  });
}

TEST(HandleTest, ProfilesOfLinkedInAndXingAreRead) {
  ExpectHandles({
      {"linkedin", "https://de.linkedin.com/in/alice/", "alice", "help"},
      {"linkedin", "https://www.linkedin.com/in/alice/details/skills/", "alice",
       "help"},
      {"linkedin", "https://www.linkedin.com/in/jos%C3%A9-q", "jos\u00e9-q",
       "borisghidaglia/meet-hn#7"},
      {"linkedin", "https://www.linkedin.com/in/JOS%C3%89-q", "jos\u00e9-q",
       "borisghidaglia/meet-hn#7"},
      {"linkedin", "jos%c3%a9-q", "jos\u00e9-q", "cut out of an address"},
      {"linkedin", "https://www.linkedin.com/in/jose%CC%81-q", "jos\u00e9-q",
       "decomposed"},
      {"linkedin", "/in/ada-q", "ada-q", "cut out of an address"},
      {"linkedin", "https://www.linkedin.com/company/Alice/about",
       "company/alice", "help"},
      {"xing", "https://www.xing.com/profile/Ada_Q/cv", "ada_q", "help"},
  });
}

TEST(HandleTest, ProfilesOfVideosAndMessengersAreRead) {
  ExpectHandles({
      {"youtube", "youtube.com/@Alice/videos", "alice", "help"},
      {"youtube", "https://www.youtube.com/channel/UCaB", "channel/UCaB",
       "ids have letters in either case"},
      {"youtube", "https://www.youtube.com/c/Alice", "c/alice", "help"},
      {"youtube", "https://www.youtube.com/Alice", "c/alice", "help"},
      {"youtube", "https://www.youtube.com/user/Alice", "user/alice", "help"},
      {"tiktok", "https://www.tiktok.com/@alice?_t=8", "alice", "help"},
      {"tiktok", "https://www.tiktok.com/@alice/video/71", "alice", "help"},
      {"telegram", "https://t.me/alice", "alice", "Telegram links"},
      {"telegram", "t.me/s/alice", "alice", "Telegram links"},
      {"telegram", "https://alice.t.me", "alice", "Telegram links"},
      {"snapchat", "https://www.snapchat.com/add/alice", "alice", "help"},
  });
}

TEST(HandleTest, ProfilesOfOtherNetworksAreRead) {
  ExpectHandles({
      {"reddit", "reddit.com/user/Alice/submitted", "alice", "help"},
      {"reddit", "https://old.reddit.com/u/alice", "alice", "help"},
      {"reddit", "/u/alice", "alice", "as Reddit writes it"},
      {"bluesky", "https://bsky.app/profile/alice.example", "alice.example",
       "atproto"},
      {"bluesky", "https://bsky.app/profile/did:plc:a1", "did:plc:a1",
       "atproto"},
      {"mastodon", "https://social.example/@Alice", "alice@social.example",
       "ActivityPub"},
      {"mastodon", "https://social.example/users/alice", "alice@social.example",
       "ActivityPub"},
      {"mastodon", "https://social.example/@alice@other.example",
       "alice@other.example", "Mastodon"},
      {"mastodon", "@Alice@social.example", "alice@social.example", "Mastodon"},
      {"github", "https://github.com/Alice?tab=stars", "alice", "GitHub docs"},
      {"tumblr", "https://alice.tumblr.com/", "alice", "Tumblr help"},
      {"pinterest", "https://www.pinterest.de/alice/", "alice", "help"},
  });
}

TEST(HandleTest, AnotherAddressOfXIsMatchedAsAText) {
  ExpectHandles({
      {"x", "https://x.com/search?q=Alice", nullptr, "X"},
      {"x", "https://x.com/i/user/12", nullptr, "X"},
      {"x", "https://x.com/i/status/12", nullptr, "X"},
      {"x", "https://x.com/", nullptr, "X"},
      {"x", "https://x.com/alice/lists/one", nullptr, "X"},
      {"x", "https://x.com@evil.example/alice", nullptr, "a user name"},
      {"x", "https://x.com:8443/alice", nullptr, "a port"},
      {"x", "https://notx.com/alice", nullptr, "another host"},
      {"x", "https://x.com.evil.example/alice", nullptr, "another host"},
      {"x", "ftp://x.com/alice", nullptr, "another scheme"},
      {"x", "https://x.com/al%2Fice", nullptr, "a hidden slash"},
      {"x", "https://x.com/al%zzice", nullptr, "broken encoding"},
  });
}

TEST(HandleTest, AnotherAddressOfFacebookIsMatchedAsAText) {
  ExpectHandles({
      {"facebook", "https://www.facebook.com/app_scoped_user_id/111/", nullptr,
       "omab/python-social-auth#470"},
      {"facebook", "https://www.facebook.com/groups/123", nullptr,
       "wikiworldorder/burnermap#16"},
      {"facebook", "https://www.facebook.com/groups/123/user/111", nullptr,
       "wikiworldorder/burnermap#16"},
      {"facebook", "https://l.facebook.com/l.php?u=a", nullptr,
       "harismuneer/Ultimate-Social-Scrapers#111"},
      {"facebook", "https://www.facebook.com/profile.php", nullptr, "no id"},
      {"facebook", "https://www.facebook.com/profile.php?id=1&id=2", nullptr,
       "two ids"},
      {"facebook", "https://www.facebook.com/whatever?id=1", nullptr,
       "a page that a parameter chooses"},
      {"facebook", "https://apps.facebook.com/alice", nullptr, "not a profile"},
      {"facebook", "https://fb.me/1aBc", nullptr, "a short link"},
  });
}

TEST(HandleTest, AnotherAddressIsMatchedAsAText) {
  ExpectHandles({
      {"instagram", "https://www.instagram.com/p/Cx1", nullptr, "a post"},
      {"instagram", "https://www.instagram.com/explore", nullptr, "a page"},
      {"instagram", "https://www.instagram.com/stories/highlights/17", nullptr,
       "a story"},
      {"linkedin", "https://www.linkedin.com/profile/view?id=12", nullptr,
       "stickerdaniel/linkedin-mcp-server#748"},
      {"linkedin", "https://www.linkedin.com/pub/ada-q/1/2/3", nullptr, "old"},
      {"linkedin", "https://www.linkedin.com/in/me/", nullptr, "who asks"},
      {"youtube", "https://www.youtube.com/watch?v=1", nullptr, "a film"},
      {"youtube", "https://youtu.be/aB", nullptr, "a film"},
      {"telegram", "https://t.me/+aBcD", nullptr, "an invitation"},
      {"telegram", "https://t.me/joinchat/aBcD", nullptr, "an invitation"},
      {"telegram", "https://t.me/c/123/4", nullptr, "a private chat"},
      {"tiktok", "https://vm.tiktok.com/aBcD", nullptr, "a short link"},
      {"reddit", "https://www.reddit.com/r/alice", nullptr, "a forum"},
      {"whatsapp", "https://chat.whatsapp.com/aBcD", nullptr, "an invitation"},
      {"github", "https://github.com/alice/tools", nullptr, "a repository"},
      {"forum", "https://forum.example/Alice", nullptr, "unknown network"},
  });
}

TEST(HandleTest, AnAddressOfAnotherNetworkIsNoHandle) {
  ExpectHandles({
      {"x", "https://www.instagram.com/alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"instagram", "x.com/alice", nullptr, "interviewstreet/hiring-agent#324"},
      {"linkedin", "https://github.com/alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"github", "https://www.linkedin.com/in/alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"mastodon", "https://www.youtube.com/@alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"youtube", "https://social.example/@alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"x", "https://x.com/https://www.instagram.com/alice", nullptr,
       "interviewstreet/hiring-agent#324"},
      {"x", "https://archive.example/https://x.com/alice", nullptr,
       "an address within another host's"},
      {"shop", "https://www.instagram.com/alice", nullptr,
       "interviewstreet/hiring-agent#324"},
  });
}

struct NobodyCase {
  const char* network;
  const char* typed;
};

// What is in the address bar of a browser is no identity.
constexpr NobodyCase kNobodysAddresses[] = {
    // Front pages.
    {"x", "https://x.com/"},
    {"x", "https://www.instagram.com/"},
    {"forum", "https://www.facebook.com/?sk=h_chr"},
    {"mastodon", "https://social.example/"},
    {"linkedin", "linkedin.com"},
    // Forms without a name.
    {"linkedin", "https://www.linkedin.com/in/"},
    {"linkedin", "https://www.linkedin.com/in/me/"},
    {"linkedin", "https://www.linkedin.com/company/"},
    {"linkedin", "in/"},
    {"facebook", "https://www.facebook.com/profile.php?id="},
    {"facebook", "https://www.facebook.com/profile.php?id=undefined"},
    {"facebook", "https://www.facebook.com/people/Ada-Q"},
    {"facebook", "https://l.facebook.com/l.php"},
    {"x", "https://x.com/intent/user"},
    {"x", "https://x.com/@"},
    {"tiktok", "https://www.tiktok.com/@"},
    {"mastodon", "@@social.example"},
    {"reddit", "https://www.reddit.com/user/"},
    {"reddit", "u/[deleted]"},
    {"whatsapp", "https://api.whatsapp.com/send?phone="},
    // Pages of whoever looks at them.
    {"linkedin", "https://www.linkedin.com/feed/"},
    {"linkedin", "https://www.linkedin.com/mynetwork/"},
    {"linkedin", "/feed/"},
    {"instagram", "https://www.instagram.com/accounts/login/?next=/a/"},
    {"instagram", "https://www.instagram.com/direct/inbox/"},
    {"facebook", "https://www.facebook.com/me"},
    {"x", "https://x.com/home"},
    {"x", "https://x.com/following"},
    {"x", "https://x.com/i/grok"},
    {"x", "https://x.com/grok"},
    {"tiktok", "https://www.tiktok.com/foryou"},
    {"discord", "https://discord.com/channels/@me"},
    // Posts, groups, searches: of many.
    {"x", "https://x.com/search?q=Alice"},
    {"x", "https://x.com/i/status/12"},
    {"instagram", "https://www.instagram.com/p/Cx1"},
    {"facebook", "https://www.facebook.com/groups/123"},
    {"youtube", "https://www.youtube.com/watch?v=1"},
    {"telegram", "https://t.me/+aBcD"},
    {"whatsapp", "https://chat.whatsapp.com/aBcD"},
    {"reddit", "https://www.reddit.com/r/alice"},
    {"github", "https://github.com/ghost"},
    {"youtube", "https://youtu.be/aB"},
    {"facebook", "https://business.facebook.com/latest/inbox/all"},
    {"facebook", "https://www.facebook.com/login.php?next=%2Falice"},
    {"vk", "https://vk.com/edit"},
    // Of other hosts.
    {"linkedin", "https://lnkd.in/"},
    {"forum", "https://forum.example/login"},
    {"forum", "https://forum.example/users/"},
};

TEST(HandleTest, AnAddressThatNamesNoProfileIsRefused) {
  for (const NobodyCase& one : kNobodysAddresses) {
    EXPECT_NE(ReadHandle(one.typed, one.network).refusal, "") << one.typed;
  }
}

TEST(HandleTest, AnAddressOfOnePersonWithoutAHandleIsAText) {
  for (const NobodyCase& one : std::initializer_list<NobodyCase>{
           {"x", "https://x.com/i/user/12"},
           {"x", "https://x.com/intent/user?user_id=12"},
           {"x", "https://x.com/alice/lists/one"},
           {"facebook", "https://www.facebook.com/app_scoped_user_id/111/"},
           {"facebook", "https://www.facebook.com/groups/123/user/111"},
           {"facebook", "https://www.facebook.com/share/1aBc/"},
           {"facebook", "https://l.facebook.com/l.php?u=a"},
           {"linkedin", "https://www.linkedin.com/sales/lead/A1,NAME"},
           {"linkedin", "https://www.linkedin.com/pub/ada-q/1/2/3"},
           {"linkedin", "https://www.linkedin.com/profile/view?id=12"},
           {"telegram", "https://t.me/+491512345678"},
           {"tiktok", "https://www.tiktok.com/share/user/12"},
           {"mastodon", "https://social.example/web/accounts/12"},
           {"whatsapp", "https://wa.me/message/aBcD"},
           {"forum", "https://forum.example/"},
       }) {
    const Form form = ReadHandle(one.typed, one.network);
    EXPECT_EQ(form.refusal, "") << one.typed;
    EXPECT_EQ(form.normalized, one.typed);
  }
}

TEST(HandleTest, AWordThatIsAPageElsewhereIsAName) {
  ExpectHandles({
      {"youtube", "https://www.youtube.com/@music", "music", "help"},
      {"tiktok", "https://www.tiktok.com/@shop", "shop", "help"},
      {"reddit", "https://www.reddit.com/u/best", "best", "help"},
      {"linkedin", "https://www.linkedin.com/in/jobs", "jobs", "help"},
      {"discord", "https://discord.com/users/12", "users/12", "Discord docs"},
  });
}

TEST(HandleTest, ANumberOfWhatsAppIsOneInAllItsSpellings) {
  for (const char* spelling :
       {"4915621703327", "+49 156 21703327", "004915621703327",
        "0000 49 156 21703327.", "4915621703327@s.whatsapp.net",
        "4915621703327:12@s.whatsapp.net", "4915621703327@c.us",
        "whatsapp:+4915621703327", "https://wa.me/4915621703327",
        "https://api.whatsapp.com/send?phone=4915621703327"}) {
    EXPECT_EQ(ReadHandle(spelling, "whatsapp").normalized, "4915621703327")
        << spelling;
  }
}

TEST(HandleTest, OfNestedAddressesTheInnermostCounts) {
  const char* const source = "stickerdaniel/linkedin-mcp-server#748";
  ExpectHandles({
      {"linkedin",
       "https://www.linkedin.com/in/https://de.linkedin.com/in/ada-q", "ada-q",
       source},
      {"linkedin", "https://www.linkedin.com/in/www.linkedin.com/in/ada-q/",
       "ada-q", source},
      {"instagram", "https://instagram.com/https://www.instagram.com/alice/",
       "alice", source},
      {"instagram", "@https://www.instagram.com/alice", "alice", source},
      {"x", "https://x.com/https:/twitter.com/alice", "alice", source},
  });
}

TEST(HandleTest, SpellingsOfANameAreOne) {
  for (const char* spelling :
       {"@Alice", "alice", " ALICE ", "@ alice", "@@alice", "@\u200balice",
        "al\u00adice", "\u202aalice\u202c", "\uff20alice", "%40alice",
        "al\u200dice", "@\talice"}) {
    EXPECT_EQ(ReadHandle(spelling, "x").normalized, "alice") << spelling;
  }
  EXPECT_EQ(ReadHandle("a_b.c", "x").normalized, "a_b.c");
  EXPECT_EQ(ReadHandle("Stra\u00dfe", "x").normalized, "strasse");
  EXPECT_EQ(ReadHandle("50%", "x").normalized, "50%");
  EXPECT_EQ(ReadHandle("a%2541", "x").normalized, "a%2541");
}

// Two values that differ in case meet only where names have none.
TEST(HandleTest, IdsAndUnknownNetworksHaveCase) {
  constexpr char kUnknown[] = "nobody says that names have no case";
  ExpectHandles({
      {"wechat", "oDw6P5Nq3xKzAbCdEfGhIjKlMnOp", nullptr, "WeChat openid"},
      {"wechat", "@Alice", "Alice", kUnknown},
      {"forum", " Alice\u200b", "Alice", kUnknown},
      {"forum", "Jose\u0301", "Jos\u00e9", "composed"},
      {"linkedin", "urn:li:person:Xa9_bQ", nullptr, "LinkedIn API"},
      {"linkedin", "linkedin.com/in/ACoAABcDeFgHiJkLmNoPqRs",
       "ACoAABcDeFgHiJkLmNoPqRs", "an id for a name"},
      {"linkedin", "ACoAABcDeFgHiJkLmNoPqRs", nullptr, "an id for a name"},
      {"linkedin", "linkedin.com/in/ACoAABxyZ", "ACoAABxyZ", "a short id"},
      {"linkedin", "linkedin.com/in/ADoAABcDeFgHiJkLmNoPqRs",
       "ADoAABcDeFgHiJkLmNoPqRs", "an id of Recruiter"},
      {"linkedin", "ADoAABxyZ", nullptr, "an id of Recruiter"},
      {"linkedin", "linkedin.com/in/Acoustics", "acoustics", "a name"},
      {"linkedin", "linkedin.com/in/ACoAchim", "acoachim", "a name"},
      {"facebook", "facebook.com/pfbid02AbCd", "pfbid02AbCd", "an id"},
      {"tiktok", "MS4wLjABAbC", nullptr, "a short id"},
      {"youtube", "UCBa659QWEk1AI4Tg--mrJ2A", nullptr, "YouTube channel id"},
      {"youtube", "@UCLA", "ucla", "a name"},
      {"tiktok", "MS4wLjABAAAAv7iSuuXDJGDvJkmH", nullptr, "TikTok secUid"},
      {"mastodon", "Alice@Social.Example", "alice@social.example", "a name"},
  });
  EXPECT_EQ(ReadHandle("Alice", "forum").why, "a handle, to the letter");
  EXPECT_EQ(ReadHandle("Alice", "x").why, "a handle, without case");
}

TEST(HandleTest, AHandleOfANetworkOfManyHostsNeedsItsHost) {
  for (const char* typed : {"alice", "@Alice", "acct:alice", "alice@", "12345",
                            "alice@social", "@alice/12", "users/alice"}) {
    EXPECT_THAT(ReadHandle(typed, "mastodon").refusal, HasSubstr("name@host"))
        << typed;
  }
  EXPECT_EQ(ReadHandle("alice", "x").refusal, "");
}

TEST(HandleTest, TheHostOfAHandleIsReadAsADomain) {
  for (const char* typed :
       {"alice@b\u00fccher.example", "@Alice@B\u00dcCHER.example",
        "alice@xn--bcher-kva.example", "https://b\u00fccher.example/@alice",
        "https://social.example/@alice@b\u00fccher.example"}) {
    const Form form = ReadHandle(typed, "mastodon");
    EXPECT_EQ(form.normalized, "alice@xn--bcher-kva.example") << typed;
    EXPECT_EQ(form.refusal, "") << typed;
  }
  const Form any = ReadHandle("alice@b\u00fccher.example", "");
  EXPECT_EQ(any.normalized, "alice@xn--bcher-kva.example");
  EXPECT_EQ(any.exact, "alice@b\u00fccher.example");
}

TEST(HandleTest, WithoutANetworkAHandleIsReadBothWays) {
  const Form form = ReadHandle("@Alice", "");
  EXPECT_EQ(form.normalized, "alice");
  EXPECT_EQ(form.exact, "Alice");
  EXPECT_EQ(ReadHandle("alice", "").exact, "");
}

TEST(HandleTest, NamesOfOneNetworkAreOneNamespace) {
  EXPECT_EQ(HandleNamespace("twitter"), "x");
  EXPECT_EQ(HandleNamespace("x"), "x");
  EXPECT_EQ(HandleNamespace("x.com"), "x");
  EXPECT_EQ(HandleNamespace("fb"), "facebook");
  EXPECT_EQ(HandleNamespace("forum"), "forum");
}

TEST(HandleTest, AnAddressSaysItsNetwork) {
  EXPECT_EQ(NamespaceOfProfile("https://twitter.com/alice"), "x");
  EXPECT_EQ(NamespaceOfProfile("de.linkedin.com/in/alice"), "linkedin");
  EXPECT_EQ(NamespaceOfProfile("https://x.com/search?q=a"), "");
  EXPECT_EQ(NamespaceOfProfile("https://shop.example/alice"), "");
  EXPECT_EQ(NamespaceOfProfile("alice"), "");
}

}  // namespace
}  // namespace kith::identity
