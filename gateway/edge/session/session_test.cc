#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/key_lines.h"
#include "common/base/text_file.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_keys.h"
#include "gateway/edge/session/cookies.h"
#include "gateway/edge/session/sealed_session.h"
#include "gateway/edge/session/session_keys.h"
#include "gateway/edge/session/sessions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
const std::string kOld(32, '\x01');
const std::string kNew(32, '\x02');

std::string Digits(char digit) { return std::string(64, digit); }

TEST(SessionKeysTest, AreALineEachNewestFirst) {
  const auto keys = auth::ParseKeyLines(
      absl::StrCat(Digits('a'), "\n\n  ", Digits('0'), "\r\n"));
  ASSERT_THAT(keys, IsOk());
  EXPECT_THAT(*keys,
              ElementsAre(std::string(32, '\xAA'), std::string(32, '\0')));
}

TEST(SessionKeysTest, ABadFileIsRefusedWithoutItsContent) {
  std::string nine;
  for (char digit = '0'; digit < '9'; ++digit) {
    absl::StrAppend(&nine, Digits(digit), "\n");
  }
  for (const auto& [text, fault] :
       std::vector<std::pair<std::string, const char*>>{
           {"", "0 keys, want 1 to 8"},
           {nine, "9 keys, want 1 to 8"},
           {Digits('a') + "\n" + Digits('A'), "line 2: a key that is there"},
           {Digits('a') + "\nsecret", "line 2: want 64 hexadecimal digits"},
           {Digits('g'), "line 1: want 64 hexadecimal digits"},
           {Digits('a') + "0", "line 1: want 64 hexadecimal digits"}}) {
    const absl::Status refused = auth::ParseKeyLines(text).status();
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, fault));
    EXPECT_FALSE(absl::StrContains(refused.message(), "secret"));
  }
}

TEST(SealedSessionTest, HoldsWhatWasSealed) {
  const Session session = MakeSession("kith_demo_s", kNow + absl::Hours(1));
  EXPECT_THAT(session.csrf_token, SizeIs(22));
  const auto opened = Open(Seal(session, {kNew}), {kNew}, kNow);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->credential, "kith_demo_s");
  EXPECT_EQ(opened->csrf_token, session.csrf_token);
  EXPECT_EQ(opened->expire_time, kNow + absl::Hours(1));
  // Two sessions have two tokens, and one session has two seals.
  EXPECT_NE(MakeSession("k", kNow).csrf_token,
            MakeSession("k", kNow).csrf_token);
  EXPECT_NE(Seal(session, {kNew}), Seal(session, {kNew}));
  EXPECT_FALSE(absl::StrContains(Seal(session, {kNew}),
                                 absl::WebSafeBase64Escape("kith_demo_s")));
}

TEST(SealedSessionTest, AnyKeyOpensAndTheFirstSeals) {
  const Session session = MakeSession("c", kNow + absl::Hours(1));
  const std::string old = Seal(session, {kOld});
  EXPECT_TRUE(Open(old, {kNew, kOld}, kNow).has_value());
  EXPECT_FALSE(Open(old, {kNew}, kNow).has_value());
  const std::string sealed = Seal(session, {kNew, kOld});
  EXPECT_TRUE(Open(sealed, {kNew}, kNow).has_value());
  EXPECT_FALSE(Open(sealed, {kOld}, kNow).has_value());
}

TEST(SealedSessionTest, EndsAtItsTime) {
  const std::string sealed =
      Seal(MakeSession("c", kNow + absl::Seconds(1)), {kNew});
  EXPECT_TRUE(Open(sealed, {kNew}, kNow).has_value());
  EXPECT_FALSE(Open(sealed, {kNew}, kNow + absl::Seconds(1)).has_value());
}

TEST(SealedSessionTest, EachChangedBitIsNoticed) {
  const std::string sealed =
      Seal(MakeSession("credential", kNow + absl::Hours(1)), {kNew});
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(sealed, &bytes));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] ^= 4;
    EXPECT_FALSE(
        Open(absl::WebSafeBase64Escape(changed), {kNew}, kNow).has_value())
        << i;
    EXPECT_FALSE(
        Open(absl::WebSafeBase64Escape(bytes.substr(0, i)), {kNew}, kNow)
            .has_value())
        << i;
  }
  EXPECT_FALSE(Open(sealed + "=", {kNew}, kNow).has_value());
  EXPECT_FALSE(Open("", {kNew}, kNow).has_value());
}

TEST(CookiesTest, FindsOneOfItsNameAndForm) {
  const auto find = [](const std::vector<std::string>& cookies) {
    Headers headers;
    for (const std::string& each : cookies)
      headers.emplace_back("cookie", each);
    return FindCookie(headers, "s");
  };
  EXPECT_THAT(find({"s=aB-_9"}), Optional(std::string("aB-_9")));
  EXPECT_THAT(find({"a=1; s=x; b=\"2 3\"; c"}), Optional(std::string("x")));
  EXPECT_THAT(find({"a=1", "s=x"}), Optional(std::string("x")));
  for (const std::vector<std::string>& none :
       std::vector<std::vector<std::string>>{{},
                                             {""},
                                             {"s"},
                                             {"s="},
                                             {"S=x"},
                                             {"as=x"},
                                             {"s =x"},
                                             {"s=x; s=x"},
                                             {"s=x", "s=y"},
                                             {"s=\"x\""},
                                             {"s=x y"},
                                             {"s=x, s=y"},
                                             {"s=x="}}) {
    EXPECT_EQ(find(none), std::nullopt) << ::testing::PrintToString(none);
  }
}

TEST(CookiesTest, ACookieIsForThisHostAndNoScript) {
  EXPECT_EQ(SetCookie("__Host-s", "v", absl::Hours(8), true),
            "__Host-s=v; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; "
            "Secure");
  EXPECT_EQ(SetCookie("s", "", absl::ZeroDuration(), false),
            "s=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

class SessionsTest : public ::testing::Test {
 protected:
  SessionsTest() {
    EXPECT_THAT(base::WriteFileAtomically(file_, Digits('1')), IsOk());
    keys_ = *LiveSessionKeys::Load(file_);
  }

  Sessions Make(bool secure = false) const {
    return {testing::TestKeys(), keys_, secure};
  }

  static RequestHead Head(const std::string& method, Headers headers = {}) {
    return {method, "/v1/session", std::move(headers)};
  }

  // The headers of a page that has begun a session.
  Headers Begin(const Sessions& sessions, std::string* csrf = nullptr) const {
    const auto reply = sessions.Answer(
        Head("POST",
             {{"authorization", testing::Authorization(testing::kDemo)}}),
        kNow);
    EXPECT_THAT(reply, IsOk());
    if (csrf != nullptr) {
      *csrf = nlohmann::json::parse(reply->body)["csrfToken"];
    }
    const std::vector<std::string> parts =
        absl::StrSplit(FindHeader(reply->headers, "set-cookie"), ';');
    return {{"cookie", parts[0]}};
  }

  testing::TemporaryDirectory directory_;
  const std::string file_ = directory_.Path("session.keys");
  std::shared_ptr<LiveSessionKeys> keys_;
};

TEST_F(SessionsTest, ACookieStandsForTheCredential) {
  const Sessions sessions = Make();
  RequestHead request = Head("GET", Begin(sessions));
  EXPECT_THAT(sessions.Enter(request, kNow), IsOk());
  EXPECT_EQ(FindHeader(request.headers, "authorization"),
            testing::Authorization(testing::kDemo));
  // Eight hours, no more.
  request = Head("GET", Begin(sessions));
  EXPECT_THAT(sessions.Enter(request, kNow + absl::Hours(8)), IsOk());
  EXPECT_EQ(FindHeader(request.headers, "authorization"), "");
}

TEST_F(SessionsTest, TheReplyTellsTheTokenAndTheEnd) {
  const Sessions sessions = Make(/*secure=*/true);
  const auto reply = sessions.Answer(
      Head("POST", {{"authorization", testing::Authorization(testing::kDemo)}}),
      kNow);
  ASSERT_THAT(reply, IsOk());
  const auto body = nlohmann::json::parse(reply->body);
  EXPECT_THAT(std::string(body["csrfToken"]), SizeIs(22));
  EXPECT_EQ(body["expireTime"], "2027-01-15T16:00:00Z");
  EXPECT_THAT(reply->headers,
              Contains(Pair("set-cookie",
                            ::testing::MatchesRegex(
                                "__Host-kith_session=[A-Za-z0-9_-]+; Path=/; "
                                "Max-Age=28800; HttpOnly; SameSite=Strict; "
                                "Secure"))));
  // The secret is not in it.
  EXPECT_FALSE(
      absl::StrContains(FindHeader(reply->headers, "set-cookie"), "secret-of"));
}

TEST_F(SessionsTest, WhatWritesNeedsTheCsrfToken) {
  const Sessions sessions = Make();
  std::string csrf;
  const Headers cookie = Begin(sessions, &csrf);
  std::string other;
  Begin(sessions, &other);
  for (const char* method : {"POST", "PATCH", "DELETE", "PUT", "get"}) {
    for (const std::string& bad :
         {std::string(), other, csrf + "A", csrf.substr(1)}) {
      RequestHead request = Head(method, cookie);
      if (!bad.empty()) request.headers.emplace_back("x-csrf-token", bad);
      EXPECT_THAT(sessions.Enter(request, kNow),
                  StatusIs(StatusCode::kPermissionDenied, "x-csrf-token"));
      EXPECT_EQ(FindHeader(request.headers, "authorization"), "");
    }
    RequestHead request = Head(method, cookie);
    request.headers.emplace_back("x-csrf-token", csrf);
    EXPECT_THAT(sessions.Enter(request, kNow), IsOk());
    EXPECT_NE(FindHeader(request.headers, "authorization"), "");
  }
}

TEST_F(SessionsTest, OnlyPagesOfThisOriginHaveSessions) {
  const Sessions sessions = Make();
  const Headers cookie = Begin(sessions);
  for (const Headers& foreign : std::vector<Headers>{
           {{"sec-fetch-site", "cross-site"}},
           {{"sec-fetch-site", "same-site"}},
           {{"origin", "https://evil.example"}, {"host", "kith.example"}},
           {{"origin", "https://kith.example.evil"}, {"host", "kith.example"}},
           {{"origin", "null"}, {"host", "null"}},
           {{"origin", "https://kith.example:444"}, {"host", "kith.example"}},
           {{"sec-fetch-site", "cross-site"},
            {"origin", "https://kith.example"},
            {"host", "kith.example"}}}) {
    RequestHead request = Head("GET", foreign);
    request.headers.push_back(cookie[0]);
    EXPECT_THAT(sessions.Enter(request, kNow),
                StatusIs(StatusCode::kPermissionDenied, "same origin"));
    EXPECT_EQ(FindHeader(request.headers, "authorization"), "");
    for (const char* method : {"POST", "GET", "DELETE"}) {
      EXPECT_THAT(sessions.Answer(Head(method, foreign), kNow),
                  StatusIs(StatusCode::kPermissionDenied, "same origin"));
    }
  }
  for (const Headers& own : std::vector<Headers>{
           {{"sec-fetch-site", "same-origin"}},
           {{"sec-fetch-site", "none"}},
           {{"origin", "https://Kith.example"}, {"host", "kith.example"}},
           {{"origin", "http://127.0.0.1:7702"}, {"host", "127.0.0.1:7702"}}}) {
    RequestHead request = Head("GET", own);
    request.headers.push_back(cookie[0]);
    EXPECT_THAT(sessions.Enter(request, kNow), IsOk());
    EXPECT_NE(FindHeader(request.headers, "authorization"), "");
  }
}

TEST_F(SessionsTest, ACredentialOfTheRequestGoesBeforeTheCookie) {
  const Sessions sessions = Make();
  RequestHead request = Head("POST", Begin(sessions));
  request.headers.emplace_back("authorization", "Bearer other");
  EXPECT_THAT(sessions.Enter(request, kNow), IsOk());
  EXPECT_EQ(FindHeader(request.headers, "authorization"), "Bearer other");
}

TEST_F(SessionsTest, BeginsWithAValidCredentialAlone) {
  const Sessions sessions = Make();
  for (const Headers& bad : std::vector<Headers>{
           {},
           {{"authorization", ""}},
           {{"authorization", testing::Authorization(testing::kNobody)}},
           // A session begets no other.
           Begin(sessions)}) {
    EXPECT_THAT(sessions.Answer(Head("POST", bad), kNow),
                StatusIs(StatusCode::kUnauthenticated));
  }
  EXPECT_THAT(sessions.Answer(Head("PUT"), kNow),
              StatusIs(StatusCode::kUnimplemented));
}

TEST_F(SessionsTest, APageThatIsLoadedAgainLearnsItsToken) {
  const Sessions sessions = Make();
  std::string csrf;
  const Headers cookie = Begin(sessions, &csrf);
  const auto reply = sessions.Answer(Head("GET", cookie), kNow);
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(nlohmann::json::parse(reply->body)["csrfToken"], csrf);
  EXPECT_EQ(FindHeader(reply->headers, "set-cookie"), "");
  EXPECT_THAT(sessions.Answer(Head("GET"), kNow),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(sessions.Answer(Head("GET", cookie), kNow + absl::Hours(8)),
              StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(SessionsTest, DeleteClearsTheCookie) {
  const Sessions sessions = Make();
  for (const Headers& headers : {Headers(), Begin(sessions)}) {
    const auto reply = sessions.Answer(Head("DELETE", headers), kNow);
    ASSERT_THAT(reply, IsOk());
    EXPECT_THAT(std::string(FindHeader(reply->headers, "set-cookie")),
                HasSubstr("kith_session=; Path=/; Max-Age=0; HttpOnly"));
  }
}

TEST_F(SessionsTest, KeysAreRotatedAndABadFileKeepsTheLast) {
  const Sessions sessions = Make();
  const Headers cookie = Begin(sessions);
  const auto knows = [&] {
    RequestHead request = Head("GET", cookie);
    EXPECT_THAT(sessions.Enter(request, kNow), IsOk());
    return !FindHeader(request.headers, "authorization").empty();
  };
  const auto rewrite = [&](const std::string& text) {
    EXPECT_THAT(base::WriteFileAtomically(file_, text), IsOk());
    // Its own thread may have read it already.
    keys_->Refresh().IgnoreError();
  };
  rewrite(absl::StrCat(Digits('2'), "\n", Digits('1')));
  EXPECT_TRUE(knows());
  rewrite("nothing");
  EXPECT_TRUE(knows());
  rewrite(Digits('2'));
  EXPECT_FALSE(knows());
  EXPECT_THAT(LiveSessionKeys::Load(directory_.Path("absent")),
              StatusIs(StatusCode::kNotFound, "/absent"));
}

}  // namespace
}  // namespace kith::edge
