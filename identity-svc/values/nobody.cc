#include "identity-svc/values/nobody.h"

#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/networks.h"

namespace kith::identity {
namespace {

constexpr absl::string_view kNothing[] = {
    "null", "(null)", "[null]", "nil", "none", "(none)", "undefined", "nan",
    "n/a", "n.a.", "#n/a", "na", "nothing", "nobody", "no one", "unknown",
    "(unknown)", "unspecified", "not available", "not given", "not provided",
    "not applicable", "not set", "(not set)", "not defined", "not found",
    "no value", "no data", "no id", "anonymous", "anon", "private",
    "private number", "withheld", "restricted", "blocked", "unavailable",
    "out of area", "no caller id", "no number", "no phone", "nophone",
    "no email", "noemail", "no e-mail", "test", "testing", "asdf", "tbd", "tba",
    "tbc", "placeholder", "dummy", "empty", "please select", "%s", "%d",
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
    "\uc775\uba85", "\uc5c6\uc74c",
    "\u063a\u064a\u0631 \u0645\u0639\u0631\u0648\u0641"};

// As ids of an outside system or a visitor. As a handle some may be somebody's.
constexpr absl::string_view kNobodysIds[] = {
    // Customers who gave no name, at a till and in a shop.
    "guest", "guests", "walk-in", "walkin", "walk in", "cash", "cash sale",
    "pos", "default", "general", "generic", "misc", "other", "house account",
    "one-time", "gast", "laufkunde", "laufkundschaft", "barverkauf", "diverse",
    "invit\u00e9", "invitado", "convidado", "ospite",
    "\u0433\u043e\u0441\u0442\u044c", "\u8bbf\u5ba2", "\u30b2\u30b9\u30c8",
    // Heads of columns, and names of parameters.
    "id", "uid", "uuid", "guid", "key", "value", "name", "email", "phone",
    "userid", "user_id", "user id", "customerid", "customer_id", "customer id",
    "customer number", "customer no", "customer no.", "clientid", "client_id",
    "client id", "contactid", "contact_id", "contact id", "memberid",
    "member_id", "member id", "accountid", "account_id", "account id",
    "external_id", "externalid", "visitor_id", "visitorid", "distinct_id",
    "anonymous_id", "kundennummer", "kunden-nr.", "kundennr",
    // What Swagger, and programs, have instead of a text.
    "string", "text", "example", "sample", "demo", "foo", "bar", "foobar",
    "xxx", "todo", "temp", "tmp", "array", "object", "nullptr", "true", "false",
    "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    // RFC 9562: the last of all UUIDs.
    "ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffffffffffff",
    // The ANDROID_ID of all devices of one series (Android issue 10603), the
    // MAC address that Android 6 and iOS 7 tell every app, the serial number
    // and the IMEI of emulators.
    "9774d56d682e549c", "02:00:00:00:00:00", "0123456789abcdef",
    "ff:ff:ff:ff:ff:ff", "004999010640000",
    // Of the machine itself.
    "localhost", "127.0.0.1", "::1", "0.0.0.0"};

constexpr absl::string_view kRoles =
    "user users account accounts member profile customer customers client "
    "contact visitor person caller subscriber buyer shopper patient follower "
    "nutzer nutzerin benutzer konto kunde profil besucher mitglied anrufer "
    "utilisateur utilisatrice compte membre usuario usuaria cuenta cliente "
    "miembro utente account membro usu\u00e1rio conta gebruiker lid "
    "u\u017cytkownik konto anv\u00e4ndare bruger bruker kullan\u0131c\u0131 "
    "\u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442\u0435\u043b\u044c "
    "\u0430\u043a\u043a\u0430\u0443\u043d\u0442";

constexpr absl::string_view kKinds =
    "deleted removed suspended deactivated disabled banned blocked inactive "
    "unknown unnamed private anonymous former hidden guest test dummy default "
    "demo generic cash walk in walk-in walkin one time new no null undefined "
    "none system wireless gel\u00f6schter gel\u00f6schtes unbekannter anonymer "
    "supprim\u00e9 inconnu anonyme eliminado eliminada borrado desconocido "
    "eliminato sconosciuto exclu\u00eddo exclu\u00edda verwijderd onbekende "
    "\u0443\u0434\u0430\u043b\u0451\u043d\u043d\u044b\u0439 "
    "\u0443\u0434\u0430\u043b\u0435\u043d\u043d\u044b\u0439 "
    "facebook instagram whatsapp messenger meta threads linkedin twitter x "
    "tiktok snapchat youtube google telegram discord reddit line viber wechat "
    "skype vk xing pinterest twitch apple microsoft steam tripadvisor yelp "
    "trustpilot airbnb booking amazon ebay";

constexpr absl::string_view kLinks = "a an the of de von d di do da";

// "-1", "-99": what programs have for no id.
bool IsMinusOne(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "-") || text.empty()) return false;
  return text == "1" || absl::c_all_of(text, [](char c) { return c == '9'; });
}

}  // namespace

bool IsNothing(absl::string_view folded) {
  return absl::c_linear_search(kNothing, folded);
}

bool IsNobodysId(absl::string_view folded) {
  return absl::c_linear_search(kNobodysIds, folded) || IsMinusOne(folded) ||
         HasWord(kRoles, folded);
}

bool IsKindOfAccount(absl::string_view folded, absl::string_view marks) {
  // Discord: "Deleted User#0000".
  absl::ConsumeSuffix(&folded, "#0000");
  const std::vector<absl::string_view> words =
      absl::StrSplit(folded, absl::ByAnyChar(marks), absl::SkipEmpty());
  bool role = false;
  bool kind = false;
  for (const absl::string_view word : words) {
    const bool is_role = HasWord(kRoles, word);
    const bool is_kind = HasWord(kKinds, word);
    if (!is_role && !is_kind && !HasWord(kLinks, word)) return false;
    role = role || is_role;
    kind = kind || is_kind;
  }
  return role && kind;
}

bool IsNobodysHandle(absl::string_view network, absl::string_view handle) {
  // GitHub docs: the owner of what deleted accounts have left.
  if (network == "github") return handle == "ghost";
  if (network != "whatsapp") return false;
  return handle == "status@broadcast" || handle == "broadcast" ||
         absl::StartsWith(handle, "0@");
}

}  // namespace kith::identity
