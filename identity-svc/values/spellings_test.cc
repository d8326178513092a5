// Reads random spellings of random values.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/testing/from_environment.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/values/networks.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

constexpr size_t kMostNormalizedBytes = 1280;

int64_t Spellings() {
  return kith::testing::FromEnvironment("KITH_VALUES_SPELLINGS", 100'000);
}

// Random choices, the same in each run.
class Choices {
 public:
  size_t Below(size_t limit) { return random_() % limit; }

  bool OneIn(size_t number) { return Below(number) == 0; }

  template <typename T>
  const T& Of(const std::vector<T>& all) {
    return all[Below(all.size())];
  }

  std::string From(absl::string_view chars, size_t count) {
    std::string text;
    while (text.size() < count) text += chars[Below(chars.size())];
    return text;
  }

 private:
  std::mt19937_64 random_{20261129};
};

// What nobody sees.
const std::vector<std::string>& Marks() {
  static const auto* const marks = new std::vector<std::string>{
      "\u200b", "\u00ad", "\u202a", "\u202c", "\ufeff", "\u2060", "\u034f"};
  return *marks;
}

// Puts marks before ASCII characters of a text.
std::string Marked(Choices& choices, const std::string& text) {
  std::string marked;
  for (const char c : text) {
    if (absl::ascii_isascii(c) && choices.OneIn(12)) {
      marked += choices.Of(Marks());
    }
    marked += c;
  }
  return marked;
}

std::string AnyCase(Choices& choices, const std::string& text) {
  std::string mixed = text;
  for (char& c : mixed) {
    if (choices.OneIn(3)) c = absl::ascii_toupper(c);
  }
  return mixed;
}

// Changes, doubles or drops a few bytes of an ASCII text.
std::string Mutated(Choices& choices, std::string text) {
  constexpr absl::string_view kBytes =
      "0123456789+-.()/ \tabexz@:;,<>\"'#&?=_~*[]";
  for (size_t i = 1 + choices.Below(4); i > 0 && !text.empty(); --i) {
    const size_t at = choices.Below(text.size());
    if (choices.OneIn(3)) {
      text.erase(at, 1);
    } else if (choices.OneIn(2)) {
      text.insert(at, choices.From(kBytes, 1));
    } else {
      text[at] = choices.From(kBytes, 1)[0];
    }
  }
  return text;
}

std::string Only(bool (*wanted)(unsigned char), absl::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (wanted(static_cast<unsigned char>(c))) kept += c;
  }
  return kept;
}

Reading ReadIn(v1::Channel channel, const std::string& name_space,
               const std::string& value, const std::string& region) {
  config::v1::Tenant tenant;
  tenant.set_region(region);
  v1::ChannelValue typed;
  typed.set_channel(channel);
  typed.set_namespace_(name_space);
  typed.set_value(value);
  return Read(typed, tenant);
}

// Reads a value, and what was read once more: this must change nothing.
Reading ReadTwice(v1::Channel channel, const std::string& name_space,
                  const std::string& value, const std::string& region = "US") {
  Reading reading = ReadIn(channel, name_space, value, region);
  const std::string& read = reading.identity.normalized_value();
  EXPECT_LE(read.size(), kMostNormalizedBytes) << value;
  if (reading.refusal.empty()) {
    const Reading again = ReadIn(channel, name_space, read, region);
    EXPECT_EQ(again.identity.normalized_value(), read) << value;
    EXPECT_EQ(again.refusal, "") << value;
  }
  return reading;
}

// A phone line: its region and area code, and how many digits follow.
struct Line {
  const char* region;
  const char* country;
  const char* prefix;
  const char* area;
  size_t digits;
};

struct Spelled {
  std::string region;
  std::string typed;
  std::string e164;
};

std::string Separated(Choices& choices, const std::string& digits) {
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    text += digits[i];
    // Behind a slash, the last two may be of another number.
    if (i + 2 < digits.size() && choices.OneIn(4)) {
      text += choices.Of<std::string>({" ", "-", ".", "\t", "\n", "\u00a0",
                                       "\u2011", " - ",
                                       i + 3 < digits.size() ? "/" : "."});
    }
  }
  return text;
}

std::string InScript(Choices& choices, const std::string& text) {
  if (!choices.OneIn(10)) return text;
  std::string script;
  for (const char c : text) {
    script += absl::ascii_isdigit(c)
                  ? std::string("\xd9") + static_cast<char>(0xa0 + (c - '0'))
                  : std::string(1, c);
  }
  return script;
}

std::string Wrapped(Choices& choices, const std::string& number) {
  switch (choices.Below(8)) {
    case 0:
      return absl::StrCat("tel:", number);
    case 1:
      return absl::StrCat("sip:", number, "@pbx.example;user=phone");
    case 2:
      return absl::StrCat("Ada <sip:", number, "@pbx.example>");
    case 3:
      return absl::StrCat("Tel. ", number);
    case 4:
      return absl::StrCat(number, " (home)");
    default:
      return number;
  }
}

Spelled SpellNumber(Choices& choices) {
  static const auto* const lines = new std::vector<Line>{
      {"US", "1", "1", "415555", 4},   {"US", "1", "", "212555", 4},
      {"DE", "49", "0", "30", 7},      {"DE", "49", "0", "1512", 7},
      {"GB", "44", "0", "2079460", 3}, {"FR", "33", "0", "1445566", 2},
      {"IT", "39", "", "06123", 5},    {"BR", "55", "0", "119834", 5},
      {"MX", "52", "", "5512", 6},     {"ES", "34", "", "91234", 4}};
  const Line& line = choices.Of(*lines);
  std::string national =
      absl::StrCat(line.area, choices.From("0123456789", line.digits));
  // Nobody's: of directory assistance.
  if (absl::EndsWith(national, "5551212")) national.back() = '3';
  Spelled spelled;
  spelled.region = choices.OneIn(2) ? line.region : "US";
  spelled.e164 = absl::StrCat("+", line.country, national);
  const std::string number =
      spelled.region == line.region && choices.OneIn(2)
          ? absl::StrCat(line.prefix, Separated(choices, national))
          : absl::StrCat(
                "+", Separated(choices, absl::StrCat(line.country, national)));
  spelled.typed = Wrapped(choices, InScript(choices, number));
  if (choices.OneIn(4) && !absl::StrContains(spelled.typed, "(") &&
      !absl::StrContains(spelled.typed, "@")) {
    const std::string extension =
        choices.From("123456789", 1 + choices.Below(4));
    absl::StrAppend(&spelled.typed,
                    choices.Of<std::string>({" x", " ext. ", ";ext=", " #"}),
                    extension);
    absl::StrAppend(&spelled.e164, ";ext=", extension);
  }
  spelled.typed = Marked(choices, spelled.typed);
  return spelled;
}

TEST(SpellingsTest, EverySpellingOfAPhoneNumberIsThatNumber) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const Spelled spelled = SpellNumber(choices);
    const Reading reading =
        i % 10 == 0
            ? ReadTwice(v1::CHANNEL_PHONE, "", spelled.typed, spelled.region)
            : ReadIn(v1::CHANNEL_PHONE, "", spelled.typed, spelled.region);
    EXPECT_EQ(reading.identity.normalized_value(), spelled.e164)
        << spelled.region << " " << spelled.typed << ": " << reading.refusal;
  }
}

TEST(SpellingsTest, DigitsOfANumberAreThoseThatWereTyped) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const Spelled spelled = SpellNumber(choices);
    const std::string typed =
        Mutated(choices, AsciiDigits(CleanText(spelled.typed)));
    const Reading reading =
        ReadTwice(v1::CHANNEL_PHONE, "", typed, spelled.region);
    if (!reading.refusal.empty() || absl::StrContains(reading.why, "letters")) {
      continue;
    }
    const std::vector<std::string> parts =
        absl::StrSplit(reading.identity.normalized_value(), ";ext=");
    // Before the last digits a country's code and rules may add some, and drop
    // the prefix of national numbers.
    std::string digits = Only(absl::ascii_isdigit, parts[0]);
    if (digits.size() > 4) digits = digits.substr(digits.size() - 4);
    const std::string all = Only(absl::ascii_isdigit, typed);
    EXPECT_TRUE(absl::StrContains(all, digits))
        << spelled.region << " " << typed << ": " << parts[0];
    if (parts.size() > 1) {
      EXPECT_TRUE(absl::StrContains(all, parts[1])) << typed;
    }
  }
}

std::string SpellEmail(Choices& choices, const std::string& address) {
  std::string text = Marked(choices, AnyCase(choices, address));
  switch (choices.Below(10)) {
    case 0:
      return absl::StrCat("Ada Q <", text, ">");
    case 1:
      return absl::StrCat("\"Q, Ada\" <", text, ">");
    case 2:
      return absl::StrCat("<", text, ">;");
    case 3:
      return absl::StrCat("mailto:", text, "?subject=Hi");
    case 4:
      return absl::StrCat(text, " (Ada)");
    case 5:
      return absl::StrCat("\t", text, "\u00a0");
    case 6:
      return absl::StrCat("'", text, "'");
    default:
      return text;
  }
}

std::string AnyAddress(Choices& choices) {
  constexpr absl::string_view kLetters = "abcdexyz0123456789";
  return absl::StrCat(
      choices.From(kLetters, 1 + choices.Below(8)),
      choices.Of<std::string>({".", "+", "-", "_", "", "'"}),
      choices.From(kLetters, 1 + choices.Below(8)), "@",
      choices.From(kLetters, 1 + choices.Below(8)),
      choices.Of<std::string>({".example", ".example.com", ".co.example"}));
}

TEST(SpellingsTest, EverySpellingOfAnEmailAddressIsThatAddress) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const std::string address = AnyAddress(choices);
    const std::string typed = SpellEmail(choices, address);
    const Reading reading = ReadTwice(v1::CHANNEL_EMAIL, "", typed);
    EXPECT_EQ(reading.identity.normalized_value(), address)
        << typed << ": " << reading.refusal;
  }
}

TEST(SpellingsTest, LettersOfAnAddressAreThoseThatWereTyped) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const std::string typed =
        Mutated(choices, CleanText(SpellEmail(choices, AnyAddress(choices))));
    const Reading reading = ReadTwice(v1::CHANNEL_EMAIL, "", typed);
    if (!reading.refusal.empty()) continue;
    // Nothing within an address is dropped but what is no letter.
    EXPECT_TRUE(absl::StrContains(
        Only(absl::ascii_isalnum, absl::AsciiStrToLower(typed)),
        Only(absl::ascii_isalnum, reading.identity.normalized_value())))
        << typed << ": " << reading.identity.normalized_value();
  }
}

const std::vector<std::string>& NetworkNames() {
  static const auto* const names = new std::vector<std::string>{
      "x",        "instagram", "facebook", "threads", "tiktok", "youtube",
      "linkedin", "telegram",  "snapchat", "reddit",  "github", "pinterest",
      "twitch",   "bluesky",   "medium",   "tumblr",  "vk",     "xing"};
  return *names;
}

std::string AnyHandle(Choices& choices) {
  return absl::StrCat("zz",
                      choices.From("abcdexyz0123456789", 1 + choices.Below(9)));
}

struct SpelledHandle {
  std::string typed;
  std::string handle;
};

// A documented address of a profile.
SpelledHandle SpellHandle(Choices& choices, const Network& network) {
  const std::vector<std::string> forms = absl::StrSplit(network.forms, ' ');
  const std::vector<std::string> hosts = absl::StrSplit(network.hosts, ' ');
  const std::vector<std::string> sides = absl::StrSplit(choices.Of(forms), '>');
  const bool number =
      !absl::StrContains(sides[0], "{}") && !absl::StrContains(sides[0], "{=}");
  const std::string name =
      number ? choices.From("123456789", 6) : AnyHandle(choices);
  const std::string shown = number || absl::StrContains(sides[0], "{=}")
                                ? name
                                : AnyCase(choices, name);
  SpelledHandle spelled;
  spelled.handle =
      sides.size() < 2 ? name : absl::StrReplaceAll(sides[1], {{"{}", name}});
  const std::string path = absl::StrReplaceAll(
      sides[0], {{"{}", shown},
                 {"{=}", shown},
                 {"{#}", number ? shown : "123"},
                 {"~", "some"},
                 {"/**", choices.OneIn(2) ? "" : "/more/of/it"}});
  spelled.typed = absl::StrCat(
      choices.Of<std::string>({"https://", "http://", "", "HTTPS://"}),
      choices.Of<std::string>({"", "www.", "m."}), choices.Of(hosts), "/",
      path);
  if (!absl::StrContains(path, "?")) {
    absl::StrAppend(&spelled.typed,
                    choices.Of<std::string>(
                        {"", "/", "?utm_source=a", "#b", "/?lang=de&ref=c"}));
  }
  return spelled;
}

TEST(SpellingsTest, EveryDocumentedAddressOfAProfileIsItsHandle) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const std::string& name = choices.Of(NetworkNames());
    SpelledHandle spelled = SpellHandle(choices, *NetworkOf(name));
    if (choices.OneIn(4)) {
      spelled.handle = AnyHandle(choices);
      spelled.typed = Marked(
          choices, absl::StrCat(choices.Of<std::string>({"", "@", "@ ", "@@"}),
                                AnyCase(choices, spelled.handle)));
    }
    const Reading reading = ReadTwice(v1::CHANNEL_SOCIAL, name, spelled.typed);
    EXPECT_EQ(reading.identity.normalized_value(), spelled.handle)
        << name << " " << spelled.typed;
  }
}

TEST(SpellingsTest, AHandleIsInTheAddressOrTheAddressIsAText) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const std::string& name = choices.Of(NetworkNames());
    const std::string& other = choices.Of(NetworkNames());
    const std::string typed = CleanText(
        Mutated(choices, SpellHandle(choices, *NetworkOf(other)).typed));
    const Reading reading = ReadTwice(v1::CHANNEL_SOCIAL, name, typed);
    const std::string& read = reading.identity.normalized_value();
    if (read == typed) continue;
    // Whole words are taken, never parts of them.
    const std::string folded = FoldCase(typed);
    const std::vector<std::string> words =
        absl::StrSplit(folded, absl::ByAnyChar("/?#&=@ "));
    const std::vector<std::string> of_handle = absl::StrSplit(read, '/');
    EXPECT_TRUE(absl::StrContains(folded, FoldCase(read)) ||
                absl::c_linear_search(words, FoldCase(of_handle.back())))
        << name << " " << typed << ": " << read;
  }
}

TEST(SpellingsTest, ANumberOfWhatsAppIsReadAsItself) {
  Choices choices;
  for (int64_t i = Spellings(); i > 0 && !HasFailure(); --i) {
    const std::string typed =
        absl::StrCat(choices.From("0+ -.(", choices.Below(8)),
                     choices.From("0123456789 -).", 4 + choices.Below(12)));
    const Reading reading =
        ReadTwice(v1::CHANNEL_SOCIAL, "whatsapp", Mutated(choices, typed));
    const std::string& read = reading.identity.normalized_value();
    if (!reading.refusal.empty() ||
        !absl::c_all_of(read, absl::ascii_isdigit)) {
      continue;
    }
    EXPECT_FALSE(absl::StartsWith(read, "00")) << typed << ": " << read;
  }
}

}  // namespace
}  // namespace kith::identity
