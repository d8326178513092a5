#include "common/api/violations.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::api {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr char kSeedling[] = "\xF0\x9F\x8C\xB1";
constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

// The text of the violations that `note` makes; empty for none.
template <typename Note>
std::string Noted(const Note& note) {
  Violations violations;
  note(violations);
  EXPECT_EQ(violations.empty(), violations.ToStatus().ok());
  return std::string(violations.ToStatus().message());
}

TEST(ViolationsTest, NothingNotedIsOk) {
  EXPECT_THAT(Violations().ToStatus(), IsOk());
}

TEST(ViolationsTest, ProgramsAreToldTheFields) {
  Violations violations;
  violations.Uuid("contact_id", "");
  violations.PageSize(-1);
  const auto detail =
      status::FindDetail<google::rpc::BadRequest>(violations.ToStatus());
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->field_violations_size(), 2);
  EXPECT_EQ(detail->field_violations(0).field(), "contact_id");
  EXPECT_EQ(detail->field_violations(0).description(), "empty, want a UUID");
  EXPECT_EQ(detail->field_violations(1).field(), "page_size");
}

TEST(ViolationsTest, AllOfThemAreTold) {
  Violations violations;
  violations.Add("contact.kind", "not set, want PERSON");
  violations.Uuid("contact_id", "");
  violations.PageSize(-1);
  EXPECT_THAT(violations.ToStatus(),
              StatusIs(StatusCode::kInvalidArgument,
                       "contact.kind: not set, want PERSON; "
                       "contact_id: empty, want a UUID; "
                       "page_size: -1, want 0 or more"));
}

TEST(ViolationsTest, CharactersAreCodePoints) {
  EXPECT_EQ(Characters(""), 0);
  EXPECT_EQ(Characters("abc"), 3);
  EXPECT_EQ(Characters("Œuvre"), 5);
  EXPECT_EQ(Characters("日本語"), 3);
  EXPECT_EQ(Characters(kSeedling), 1);
}

TEST(ViolationsTest, ATextHasAtMostSoManyCharacters) {
  const auto at_most = [](const std::string& text) {
    return Noted([&](Violations& v) { v.AtMost("name", text, 3); });
  };
  EXPECT_EQ(at_most("abc"), "");
  EXPECT_EQ(at_most("日本語"), "");
  EXPECT_EQ(at_most(std::string(kSeedling) + kSeedling + kSeedling), "");
  EXPECT_EQ(at_most("abcd"), "name: 4 characters, want at most 3");
  EXPECT_EQ(at_most("日本語x"), "name: 4 characters, want at most 3");
}

TEST(ViolationsTest, ATextForPeopleIsNotBlank) {
  const auto text = [](const std::string& note) {
    return Noted([&](Violations& v) { v.Text("note", note, 3, "why"); });
  };
  const auto optional = [](const std::string& note) {
    return Noted([&](Violations& v) { v.OptionalText("note", note, 3); });
  };
  EXPECT_EQ(text(""), "note: not set, want why");
  EXPECT_EQ(optional(""), "");
  // A no-break space, one without a width, an ideographic one.
  for (const char* blank : {" ", "\t\n", "\xC2\xA0", "\xE2\x80\x8B",
                            " \xE3\x80\x80\n", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(text(blank), "note: blank, want why");
    EXPECT_EQ(optional(blank), "note: blank, want a text, or none");
  }
  for (const char* seen : {"a", " . ", "日本語", "\xC2\xA0x"}) {
    EXPECT_EQ(text(seen), "");
    EXPECT_EQ(optional(seen), "");
  }
  EXPECT_EQ(text("abcd"), "note: 4 characters, want at most 3");
  EXPECT_EQ(optional("abcd"), "note: 4 characters, want at most 3");
}

TEST(ViolationsTest, ANameOfAnActorIsInOneLine) {
  const auto name = [](const std::string& agent) {
    return Noted([&](Violations& v) { v.ActorName("agent", agent, 5); });
  };
  EXPECT_EQ(name("Dana"), "");
  EXPECT_EQ(name(""), "agent: not set, want a name");
  EXPECT_EQ(name("   "), "agent: blank, want a name");
  EXPECT_EQ(name("a\nb"),
            "agent: has a control character, want a name in one line");
  EXPECT_EQ(name("Daniela"), "agent: 7 characters, want at most 5");
  EXPECT_EQ(Noted([](Violations& v) { v.OptionalActorName("agent", "", 5); }),
            "");
  EXPECT_THAT(
      Noted([](Violations& v) { v.OptionalActorName("agent", "\r", 5); }),
      StartsWith("agent: blank, want a name; agent: has a control character"));
}

TEST(ViolationsTest, ACountHasBothItsBounds) {
  const auto count = [](int64_t count, int64_t least) {
    return Noted([&](Violations& v) { v.Count("ids", count, least, 500); });
  };
  EXPECT_EQ(count(1, 1), "");
  EXPECT_EQ(count(500, 1), "");
  EXPECT_EQ(count(0, 0), "");
  EXPECT_EQ(count(0, 1), "ids: 0 given, want 1 to 500");
  EXPECT_EQ(count(501, 1), "ids: 501 given, want 1 to 500");
  EXPECT_EQ(count(501, 0), "ids: 501 given, want at most 500");
}

TEST(ViolationsTest, AUuidIsOne) {
  const auto uuid = [](const char* text) {
    return Noted([&](Violations& v) { v.Uuid("id", text); });
  };
  EXPECT_EQ(uuid(kId), "");
  EXPECT_EQ(uuid(""), "id: empty, want a UUID");
  EXPECT_EQ(uuid("17"),
            "id: want a UUID such as \"0192f0c1-2a3b-7c4d-8e5f-60718293a4b5\"");
}

TEST(ViolationsTest, AnOptionalUuidMayBeEmpty) {
  const auto uuid = [](const char* text) {
    return Noted([&](Violations& v) { v.OptionalUuid("id", text); });
  };
  EXPECT_EQ(uuid(""), "");
  EXPECT_EQ(uuid(kId), "");
  EXPECT_NE(uuid("17"), "");
}

TEST(ViolationsTest, AnIdentityKeyIs32LowerCaseHexDigits) {
  const auto noted = [](const std::string& text) {
    return Noted([&](Violations& v) { v.OptionalIdentityKey("key", text); });
  };
  const std::string key = "00112233445566778899aabbccddeeff";
  EXPECT_EQ(noted(""), "");
  EXPECT_EQ(noted(key), "");
  for (const std::string& bad :
       {key.substr(1), key + "0", "A" + key.substr(1), "g" + key.substr(1)}) {
    EXPECT_EQ(noted(bad), "key: want 32 lower-case hex digits") << bad;
  }
}

TEST(ViolationsTest, ARequestIdHas64PlainCharactersAtMost) {
  const auto request_id = [](const std::string& text) {
    return Noted([&](Violations& v) { v.RequestId(text); });
  };
  EXPECT_EQ(request_id(""), "");
  EXPECT_EQ(request_id("AZaz09._:-"), "");
  EXPECT_EQ(request_id(std::string(64, 'x')), "");
  constexpr char kWanted[] =
      "request_id: want 1 to 64 of the characters A-Z a-z 0-9 . _ : -";
  EXPECT_EQ(request_id(std::string(65, 'x')), kWanted);
  EXPECT_EQ(request_id("a b"), kWanted);
  EXPECT_EQ(request_id("ä"), kWanted);
  EXPECT_EQ(request_id("a/b"), kWanted);
}

TEST(ViolationsTest, APageSizeIsNotNegative) {
  const auto page_size = [](int32_t size) {
    return Noted([&](Violations& v) { v.PageSize(size); });
  };
  EXPECT_EQ(page_size(0), "");
  EXPECT_EQ(page_size(100'000), "");
  EXPECT_EQ(page_size(-7), "page_size: -7, want 0 or more");
}

TEST(ViolationsTest, AttributesHaveBounds) {
  const auto attributes = [](const std::map<std::string, std::string>& map) {
    return Noted([&](Violations& v) { v.Attributes("attributes", map); });
  };
  EXPECT_EQ(attributes({}), "");
  EXPECT_EQ(attributes({{"tier", std::string(1000, 'x')}}), "");
  EXPECT_EQ(attributes({{"tier", std::string(1001, 'x')}}),
            "attributes[tier]: 1001 characters, want at most 1000");
  // A key may be anything the caller sent: it is not repeated.
  EXPECT_EQ(attributes({{"Ada's", ""}}),
            "attributes: a key is not a lower-case letter followed by at most "
            "63 of a-z 0-9 _ . -");
  std::map<std::string, std::string> many;
  for (int i = 0; i < 65; ++i) many["k" + std::to_string(i)] = "";
  EXPECT_EQ(attributes(many), "attributes: 65 given, want at most 64");
}

TEST(ViolationsTest, OfManyTheFirstAreListed) {
  Violations violations;
  for (int i = 0; i < 1000; ++i) {
    violations.Add(absl::StrCat("contact_ids[", i, "]"), "want a UUID");
  }
  const absl::Status status = violations.ToStatus();
  const std::string message(status.message());
  const auto detail = status::FindDetail<google::rpc::BadRequest>(status);
  ASSERT_TRUE(detail.has_value());
  const int listed = detail->field_violations_size();
  EXPECT_GE(listed, 20);
  EXPECT_THAT(message,
              StartsWith("contact_ids[0]: want a UUID; contact_ids[1]: "));
  EXPECT_THAT(message,
              EndsWith(absl::StrCat("; and ", 1000 - listed, " more")));
  EXPECT_LE(message.size(), status::kMaxMessage);
}

TEST(ViolationsTest, ALongOneIsCutBetweenCharacters) {
  for (const char* letter : {"x", "\u00fc", "\u20ac", "\U0001f600"}) {
    std::string text;
    while (text.size() < 100'000) text += letter;
    Violations violations;
    violations.Add(text, text);
    const absl::Status status = violations.ToStatus();
    EXPECT_LE(status.message().size(), status::kMaxMessage);
    const auto detail = status::FindDetail<google::rpc::BadRequest>(status);
    ASSERT_TRUE(detail.has_value());
    const std::string& field = detail->field_violations(0).field();
    EXPECT_THAT(field, EndsWith(absl::StrCat(letter, "...")));
    EXPECT_THAT(text, StartsWith(field.substr(0, field.size() - 3)));
  }
}

TEST(ViolationsTest, ANameIsLowerCaseAndBeginsWithALetter) {
  EXPECT_TRUE(IsName("a"));
  EXPECT_TRUE(IsName("shop.order_id-2"));
  EXPECT_TRUE(IsName(std::string(64, 'a')));
  for (const std::string& text :
       {std::string(), std::string(65, 'a'), std::string("A"),
        std::string("aB"), std::string("1a"), std::string("_a"),
        std::string("a b"), std::string("é")}) {
    EXPECT_FALSE(IsName(text)) << text;
  }
  EXPECT_TRUE(IsName("1a", /*digit_first=*/true));
  EXPECT_FALSE(IsName(".a", /*digit_first=*/true));
}

}  // namespace
}  // namespace kith::api
