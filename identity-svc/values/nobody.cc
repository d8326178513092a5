#include "identity-svc/values/nobody.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/networks.h"

namespace kith::identity {
namespace {

// No id, handle or number has so many of one digit by chance.
constexpr size_t kFewestEqual = 8;

constexpr absl::string_view kNothing[] = {
    "null", "(null)", "[null]", "nil", "none", "(none)", "undefined", "nan",
    "n/a", "n.a.", "#n/a", "na", "nothing", "nobody", "no one", "unknown",
    "(unknown)", "unspecified", "not available", "not given", "not provided",
    "not applicable", "not set", "(not set)", "not defined", "not found",
    "no value", "no data", "no id", "anonymous", "anon", "private",
    "private number", "withheld", "restricted", "blocked", "unavailable",
    "out of area", "no caller id", "no number", "no phone", "nophone",
    "no email", "noemail", "no e-mail", "test", "testing", "asdf", "tbd", "tba",
    "tbc", "placeholder", "dummy", "empty", "deleted", "removed", "-1",
    "please select", "%s", "%d",
    // German, French, Spanish, Italian, Portuguese, Dutch.
    "unbekannt", "anonym", "keine angabe", "k.a.", "inconnu", "inconnue",
    "anonyme", "non renseign\u00e9", "desconocido", "an\u00f3nimo", "ninguno",
    "sconosciuto", "anonimo", "nessuno", "desconhecido", "an\u00f4nimo",
    "nenhum", "onbekend", "anoniem",
    // Polish, Swedish, Danish and Norwegian, Finnish, Turkish.
    "nieznany", "brak", "ok\u00e4nd", "ukendt", "ukjent", "tuntematon",
    "bilinmiyor",
    // Russian, Chinese, Japanese, Korean, Arabic.
    "\u043d\u0435\u0438\u0437\u0432\u0435\u0441\u0442\u043d\u043e",
    "\u0430\u043d\u043e\u043d\u0438\u043c", "\u043d\u0435\u0442",
    "\u672a\u77e5", "\u533f\u540d", "\u4e0d\u660e", "\u306a\u3057",
    "\uc775\uba85", "\uc5c6\uc74c", "\uc54c \uc218 \uc5c6\uc74c",
    "\u5fae\u4fe1\u7528\u6237", "facebook\u30e6\u30fc\u30b6\u30fc",
    "\u063a\u064a\u0631 \u0645\u0639\u0631\u0648\u0641"};

// As ids of an outside system or a visitor. As a handle some may be somebody's.
constexpr absl::string_view kNobodysIds[] = {
    // Customers who gave no name, at a till and in a shop.
    "walk-in", "gast", "laufkunde", "laufkundschaft", "barverkauf", "neukunde",
    "diverse", "invit\u00e9", "invitado", "convidado", "ospite",
    "\u0433\u043e\u0441\u0442\u044c", "\u8bbf\u5ba2", "\u30b2\u30b9\u30c8",
    "anonymous coward", "house account",
    // Heads of columns in other languages.
    "kundennummer", "kundennr", "debitor", "num\u00e9ro client",
    "\u9867\u5ba2\u756a\u53f7",
    // What programs have instead of a text, and answer instead of an id.
    "string", "text", "foo", "bar", "foobar", "xxx", "lorem ipsum", "todo",
    "array", "object", "nullptr", "dbnull", "true", "false", "infinity",
    "-infinity", "inf", "-inf", "invalid date", "optional.empty",
    "system.object", "system.dbnull", "system.string[]", "about:blank", "error",
    "not-found", "404", "loading", "pending", "access denied",
    // UUIDs of documentation: Swagger, Wikipedia.
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567-e89b-12d3-a456-426655440000",
    "12345678-1234-1234-1234-123456789012",
    // The digests of the empty text, of "null" and of "undefined": MD5, SHA-1
    // and SHA-256. Advertising sends those of e-mail addresses.
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "37a6259cc0c1dae299a7866489dff0bd",
    "2be88ca4242c76e8253ac62474851065032d6833",
    "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b",
    "5e543256c480ac577d30f76f9120eb74",
    "d5d4cd07616a542891b7ec2d0257b3a24b69856e",
    "eb045d78d273107348b0300c01d29b7552d622abbc6faf81b3ec55359aa9950c",
    // The ANDROID_ID of all devices of one series (Android issue 10603), the
    // MAC address that Android 6 and iOS 7 tell every app, the serial number
    // and the IMEI of emulators.
    "9774d56d682e549c", "02:00:00:00:00:00", "0123456789abcdef",
    "004999010640000",
    // Of those who are not to be known: kConsent.
    "optout", "optedout", "noconsent",
    // Of the machine itself.
    "localhost", "127.0.0.1", "::1", "0.0.0.0"};

// What forms and help pages show as an example.
constexpr absl::string_view kExampleHandles[] = {
    "username",      "yourusername", "your_username", "your-username",
    "yourname",      "your_name",    "your-name",     "your.name",
    "yourhandle",    "your_handle",  "yourprofile",   "your.profile",
    "username#0000", "user_name"};

// Words of heads of columns and of parameters: "customer_id", "YOUR ID HERE".
constexpr absl::string_view kFields =
    "id ids uid uuid guid oid sub key number ref reference name value email "
    "phone model record external distinct object placeholder example sample "
    "kundennr kunden kundennummer";

constexpr absl::string_view kRoles =
    "user users vendor account accounts member profile customer customers "
    "client "
    "contact visitor person caller subscriber buyer shopper patient follower "
    "nutzer nutzerin benutzer konto kunde profil besucher mitglied anrufer "
    "utilisateur utilisatrice compte membre usuario usuaria cuenta cliente "
    "miembro utente account membro usu\u00e1rio conta gebruiker lid "
    "u\u017cytkownik konto anv\u00e4ndare bruger bruker kullan\u0131c\u0131 "
    "kullan\u0131c\u0131s\u0131 \u30e6\u30fc\u30b6\u30fc \u7528\u6237 "
    "\u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u044c "
    "\u0430\u043a\u043a\u0430\u0443\u043d\u0442";

// Alone, each is no id either.
constexpr absl::string_view kKinds =
    "deleted removed suspended deactivated disabled banned blocked inactive "
    "unknown unnamed unassigned private public anonymous former hidden masked "
    "redacted guest guests test dummy default demo generic general misc cash "
    "walkin new null undefined none system admin root integration me self all "
    "any everyone walk counter given provided assigned local temp tmp noname "
    "no-name wireless gel\u00f6schter "
    "gel\u00f6schtes unbekannter anonymer "
    "supprim\u00e9 inconnu anonyme eliminado eliminada borrado desconocido "
    "eliminato sconosciuto exclu\u00eddo exclu\u00edda verwijderd onbekende "
    "\u0443\u0434\u0430\u043b\u0451\u043d\u043d\u044b\u0439 "
    "\u0443\u0434\u0430\u043b\u0435\u043d\u043d\u044b\u0439";

constexpr absl::string_view kServices =
    "facebook instagram whatsapp messenger meta threads linkedin twitter x "
    "tiktok snapchat youtube google telegram discord reddit line viber wechat "
    "skype vk xing pinterest twitch apple microsoft steam tripadvisor yelp "
    "trustpilot airbnb booking amazon ebay app play store website web pos";

// Of those who are not to be known, in the place of an id. With another word:
// "opt-out", "consent_denied", "cookies disabled".
constexpr absl::string_view kConsent =
    "opt opted out optout optedout consent noconsent denied declined refused "
    "rejected revoked withdrawn granted missing pending required track "
    "tracking tracked cookies cookieless storage dnt";

// In the place of a browser's id, also alone.
constexpr absl::string_view kNoVisitors =
    "bot bots googlebot bingbot robot robots crawler crawlers spider scraper "
    "headless cookie localstorage sessionstorage direct referral prerender "
    "preview adblock";

// Words that people type on both sides of an "@": filler, those for nobody, and
// mailboxes that are nobody's or a system's. No "info" or "hello": of companies
// with such a name, this is the address.
constexpr absl::string_view kTypedTwice =
    "n/a no nope abc abcd abc123 xyz foo bar blah bla fake spam temp trash "
    "junk asdasd qweqwe testtest tester email mail e-mail gmail googlemail "
    "hotmail yahoo outlook icloud user username me you name guest gast "
    "customer anonymous example sample demo default admin kein keine declined "
    "refused";

// Rows of keyboards.
constexpr absl::string_view kRows[] = {"qwertyuiop", "qwertzuiop", "azertyuiop",
                                       "asdfghjkl",  "zxcvbnm",    "yxcvbnm",
                                       "1234567890"};
constexpr size_t kFewestOfRow = 3;

// What is beside these.
constexpr absl::string_view kLinks =
    "a an the of for de von d di do da ein eine un une en le la in one time my "
    "your current insert enter here no not none nr num code order to be set "
    "sale sales checkout nummer";

// "-99": what programs have for no id.
bool IsMinusNines(absl::string_view text) {
  return absl::ConsumePrefix(&text, "-") && !text.empty() &&
         text.find_first_not_of('9') == absl::string_view::npos;
}

// A UUID, a MAC address, Base64 or a number of one character: "0x0",
// "ffffffff-ffff-...", "AAAAAAAA==".
bool IsOneCharacter(absl::string_view folded) {
  absl::ConsumePrefix(&folded, "urn:uuid:");
  absl::ConsumePrefix(&folded, "0x");
  std::string characters(folded);
  characters.erase(
      std::remove_if(characters.begin(), characters.end(),
                     [](char c) { return absl::StrContains("-:={}", c); }),
      characters.end());
  return !characters.empty() &&
         characters.find_first_not_of(characters[0]) == std::string::npos &&
         (characters[0] == '0' || characters.size() >= kFewestEqual);
}

// "GuestUser", "anonymoususer".
bool IsGluedAccount(absl::string_view folded) {
  const auto roles = absl::StrSplit(kRoles, ' ');
  return absl::c_any_of(roles, [&](absl::string_view role) {
    absl::string_view kind = folded;
    return absl::ConsumeSuffix(&kind, role) && HasWord(kKinds, kind);
  });
}

std::vector<absl::string_view> WordsIn(absl::string_view text,
                                       absl::string_view marks) {
  return absl::StrSplit(text, absl::ByAnyChar(marks), absl::SkipEmpty());
}

constexpr absl::string_view kMarksInIds = " -_.:/#@$=?!<>[](){}%*\"'";

// True if all words are of those for roles, kinds, fields and consent, or of
// `more`, and not only between these.
bool AreOfNobody(const std::vector<absl::string_view>& words,
                 absl::string_view more) {
  const auto is_link = [](absl::string_view word) {
    return HasWord(kLinks, word);
  };
  return !absl::c_all_of(words, is_link) &&
         absl::c_all_of(words, [&](absl::string_view word) {
           return HasWord(kRoles, word) || HasWord(kKinds, word) ||
                  HasWord(kFields, word) || HasWord(kConsent, word) ||
                  HasWord(more, word) || is_link(word);
         });
}

}  // namespace

bool IsNothing(absl::string_view folded) {
  return absl::c_linear_search(kNothing, folded);
}

bool IsTypedTwice(absl::string_view folded) {
  if (folded.empty()) return false;
  const auto is_of_row = [&](absl::string_view row) {
    return folded.size() >= kFewestOfRow && absl::StartsWith(row, folded);
  };
  return IsNothing(folded) || HasWord(kTypedTwice, folded) ||
         absl::c_any_of(kRows, is_of_row) ||
         folded.find_first_not_of(folded[0]) == absl::string_view::npos;
}

bool IsNobodysVisitor(absl::string_view folded) {
  const std::vector<absl::string_view> words = WordsIn(folded, kMarksInIds);
  return absl::StartsWith(folded, "mozilla/") ||
         AreOfNobody(words, kNoVisitors);
}

bool IsNobodysId(absl::string_view folded) {
  if (absl::c_linear_search(kNobodysIds, folded) || IsMinusNines(folded) ||
      IsOneCharacter(folded) || IsGluedAccount(folded)) {
    return true;
  }
  const std::vector<absl::string_view> words = WordsIn(folded, kMarksInIds);
  if (words.size() == 1) {
    const absl::string_view role = absl::StripSuffix(words[0], "id");
    return HasWord(kRoles, role) || HasWord(kRoles, words[0]) ||
           HasWord(kKinds, words[0]) || HasWord(kFields, words[0]);
  }
  return AreOfNobody(words, "");
}

bool IsKindOfAccount(absl::string_view folded, absl::string_view marks) {
  // Discord: "Deleted User#0000".
  absl::ConsumeSuffix(&folded, "#0000");
  const std::vector<absl::string_view> words = WordsIn(folded, marks);
  bool role = !words.empty() && words[0] == "no";
  bool kind = false;
  for (const absl::string_view word : words) {
    const bool is_role = HasWord(kRoles, word);
    const bool is_kind = HasWord(kKinds, word) || HasWord(kServices, word);
    if (!is_role && !is_kind && !HasWord(kLinks, word)) return false;
    role = role || is_role;
    kind = kind || is_kind;
  }
  return role && kind;
}

bool IsNobodysHandle(absl::string_view network, absl::string_view handle) {
  if (absl::c_linear_search(kExampleHandles, handle) ||
      absl::EndsWith(handle, ".invalid")) {
    return true;
  }
  // Of the network itself: who writes its name has named nobody.
  if (handle.size() > 1 && NetworkOf(handle) != nullptr &&
      NetworkOf(handle) == NetworkOf(network)) {
    return true;
  }
  // GitHub docs: the owner of what deleted accounts have left.
  if (network == "github") return handle == "ghost";
  if (network != "whatsapp") return false;
  const absl::string_view host = handle.substr(handle.find('@') + 1);
  return host == "broadcast" || host == "g.us" || host == "newsletter" ||
         absl::StartsWith(handle, "0@");
}

}  // namespace kith::identity
