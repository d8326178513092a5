#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/auth/jwt/base64url.h"
#include "common/auth/jwt/claims.h"
#include "common/auth/jwt/json_object.h"
#include "common/auth/jwt/jwk_set.h"
#include "common/auth/jwt/jws.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::jwt {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::Optional;

// RFC 7515, appendix A.2: RS256.
constexpr char kRsaJwk[] =
    R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W)"
    R"(26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_)"
    R"(YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbB)"
    R"(YUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4)"
    R"(LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9)"
    R"(gb54h4FRWyuXpoQ","e":"AQAB"})";
constexpr char kRsaToken[] =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0d"
    "HA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dz"
    "ERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9"
    "CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB"
    "MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOP"
    "qvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I"
    "oypGlUPQGe77Rw";
// RFC 7515, appendix A.3: ES256.
constexpr char kEcJwk[] =
    R"({"kty":"EC","crv":"P-256",)"
    R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr char kEcToken[] =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0d"
    "HA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-"
    "F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
// RFC 8037, appendix A.4: EdDSA. Its payload is no JSON.
constexpr char kEdJwk[] =
    R"({"kty":"OKP","crv":"Ed25519",)"
    R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
constexpr char kEdToken[] =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0Jzl"
    "nLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

std::string SetOf(const std::vector<std::string>& keys) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(keys, ","), "]}");
}

// The key with one more member.
std::string With(absl::string_view jwk, absl::string_view member) {
  return absl::StrCat("{", member, ",", jwk.substr(1));
}

std::string Part(absl::string_view json) {
  return absl::WebSafeBase64Escape(json);
}

absl::Status ParseToken(absl::string_view header, absl::string_view payload) {
  return Jws::Parse(absl::StrCat(Part(header), ".", Part(payload), ".AAAA"))
      .status();
}

absl::Status Verify(absl::string_view token, const std::string& jwk) {
  const auto set = JwkSet::Parse(SetOf({jwk}));
  EXPECT_THAT(set, IsOk());
  const auto jws = Jws::Parse(token);
  return jws.ok() ? jws->Verify(*set) : jws.status();
}

TEST(Base64UrlTest, EachValueHasOneForm) {
  EXPECT_THAT(DecodeBase64Url(""), Optional(std::string()));
  EXPECT_THAT(DecodeBase64Url("_-8"), Optional(std::string("\xFF\xEF")));
  for (const char* bad : {"_-8=", "/+8", "_-9", "_", "_-8 ", " _-8", "_\n-8",
                          "_-8.", "AAAAA", "ÄAA"}) {
    EXPECT_EQ(DecodeBase64Url(bad), std::nullopt) << bad;
  }
}

TEST(JsonObjectTest, IsStrict) {
  EXPECT_THAT(ParseJsonObject(R"({"a":[{"b":1},{"b":2}],"b":3})"), IsOk());
  for (const std::string& bad :
       {std::string(""), std::string("1"), std::string("[]"),
        std::string("null"), std::string(R"({"a":1)"),
        std::string(R"({"a":1}x)"), std::string(R"({"a":1,"a":1})"),
        std::string(R"({"a":1,"\u0061":2})"),
        std::string(R"({"x":{"a":1,"b":2,"a":3}})"), std::string(R"({"a":1,})"),
        std::string("{'a':1}"), std::string("{\"a\":1}\0", 8),
        std::string("{\"a\":1}\0junk", 12),
        std::string("\xEF\xBB\xBF{\"a\":1}"), std::string("{\"a\":\"\xC3\"}"),
        std::string("{\"a\":1}/**/"), std::string(R"({"a":NaN})")}) {
    EXPECT_THAT(ParseJsonObject(bad), StatusIs(StatusCode::kInvalidArgument))
        << bad;
  }
}

TEST(JsonObjectTest, NestsAtMost16Deep) {
  const auto nested = [](int depth) {
    return absl::StrCat("{\"a\":", std::string(depth - 1, '['),
                        std::string(depth - 1, ']'), "}");
  };
  EXPECT_THAT(ParseJsonObject(nested(16)), IsOk());
  EXPECT_THAT(ParseJsonObject(nested(17)),
              StatusIs(StatusCode::kInvalidArgument, "too deep"));
  EXPECT_THAT(ParseJsonObject(nested(3000)),
              StatusIs(StatusCode::kInvalidArgument, "too deep"));
}

TEST(JwkSetTest, TheKeysOfRfc7517AreBoundToTheirAlgorithms) {
  // Appendix A.1, whose first key is for encryption, with the key of RFC 8037.
  const auto set = JwkSet::Parse(SetOf(
      {R"({"kty":"EC","crv":"P-256","use":"enc","kid":"1",)"
       R"("x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
       R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"})",
       R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78L)"
       R"(hWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhM)"
       R"(stn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q)"
       R"(vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD0)"
       R"(8qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1)"
       R"(jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"20)"
       R"(11-04-29"})",
       With(kEdJwk, R"("kid":"ed","alg":"Ed25519")")}));
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->Find("1"), nullptr);
  EXPECT_EQ(set->Find("2011-04-29")->alg, "RS256");
  EXPECT_EQ(set->Find("ed")->alg, "Ed25519");
  EXPECT_EQ(set->Find("2011-04-2"), nullptr);
  // Which of the two?
  EXPECT_EQ(set->Find(std::nullopt), nullptr);
}

TEST(JwkSetTest, AKeyOfAnotherUseOrAlgorithmIsLeftOut) {
  for (const std::string& other :
       {With(kRsaJwk, R"("alg":"PS256")"), With(kRsaJwk, R"("alg":"RS512")"),
        With(kRsaJwk, R"("alg":"HS256")"), With(kRsaJwk, R"("alg":1)"),
        With(kRsaJwk, R"("use":"enc")"),
        With(kRsaJwk, R"("key_ops":["encrypt"])"),
        With(kEcJwk, R"("alg":"RS256")"),
        absl::StrReplaceAll(kEcJwk, {{"P-256", "P-384"}}),
        absl::StrReplaceAll(kEdJwk, {{"Ed25519", "Ed448"}}),
        std::string(R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AA"})")}) {
    EXPECT_THAT(JwkSet::Parse(SetOf({other})),
                StatusIs(StatusCode::kInvalidArgument, "no key that verifies"))
        << other;
    const auto set = JwkSet::Parse(SetOf({other, kEdJwk}));
    ASSERT_THAT(set, IsOk()) << other;
    EXPECT_EQ(set->Find(std::nullopt)->alg, "EdDSA");
  }
  EXPECT_THAT(
      JwkSet::Parse(SetOf({With(kRsaJwk, R"("use":"sig","key_ops":["verify"],)"
                                         R"("alg":"RS256")")})),
      IsOk());
}

TEST(JwkSetTest, ABadSetIsRefused) {
  const std::string short_rsa =
      absl::StrCat(R"({"kty":"RSA","e":"AQAB","n":")",
                   absl::WebSafeBase64Escape(std::string(128, '\xFF')), "\"}");
  for (const auto& [bad, fault] :
       std::vector<std::pair<std::string, const char*>>{
           {"", "not a JSON object"},
           {"{}", "want an object with a list"},
           {R"({"keys":{}})", "want an object with a list"},
           {SetOf({}), "no key that verifies"},
           {SetOf(std::vector<std::string>(101, kEdJwk)), "at most 100"},
           {SetOf({"1"}), "keys[0]: want an object with a kty"},
           {SetOf({kEcJwk, R"({"kid":"a"})"}), "keys[1]: want an object with"},
           {SetOf({R"({"kty":"oct","k":"AAAA"})"}), "private or symmetric"},
           {SetOf({With(kEdJwk, R"("d":"AAAA")")}), "private or symmetric"},
           {SetOf({With(kEdJwk, R"("kid":"")")}), "kid, want 1 to 256"},
           {SetOf({With(kEdJwk, R"("kid":1)")}), "kid, want 1 to 256"},
           {SetOf({With(kEdJwk, R"("kid":"a")"), With(kEcJwk, R"("kid":"a")")}),
            "keys[1]: the kid of another key"},
           {SetOf({kEdJwk, kEcJwk}), "keys[1]: the kid of another key"},
           {SetOf({short_rsa}), "an RSA modulus n of 2048 to 8192 bits"},
           {SetOf({absl::StrReplaceAll(kRsaJwk, {{"AQAB", "Ag"}})}), "odd RSA"},
           {SetOf({absl::StrReplaceAll(kRsaJwk, {{"AQAB", "AQ"}})}), "odd RSA"},
           {SetOf({absl::StrReplaceAll(kRsaJwk, {{"\"n\"", "\"m\""}})}), "RSA"},
           // Not on the curve.
           {SetOf({absl::StrReplaceAll(kEcJwk, {{"f83O", "f83P"}})}), "EC"},
           {SetOf({absl::StrReplaceAll(kEcJwk, {{"f83O", ""}})}), "32 bytes"},
           {SetOf({absl::StrReplaceAll(kEdJwk, {{"11qY", "11qY="}})}),
            "x of 32 bytes"},
       }) {
    EXPECT_THAT(JwkSet::Parse(bad),
                StatusIs(StatusCode::kInvalidArgument, fault))
        << bad;
  }
}

TEST(JwsTest, VerifiesTheTokensOfTheRfcs) {
  EXPECT_THAT(Verify(kRsaToken, kRsaJwk), IsOk());
  EXPECT_THAT(Verify(kEcToken, kEcJwk), IsOk());
  const auto jws = Jws::Parse(kEcToken);
  EXPECT_EQ(jws->claims["iss"], "joe");
  EXPECT_EQ(jws->claims["exp"], 1300819380);
  const std::vector<std::string> parts = absl::StrSplit(kEdToken, '.');
  const auto set = JwkSet::Parse(SetOf({kEdJwk}));
  const VerifyKey& key = set->Find(std::nullopt)->key;
  const std::string text = absl::StrCat(parts[0], ".", parts[1]);
  const std::string signature = *DecodeBase64Url(parts[2]);
  EXPECT_TRUE(key.Verifies(text, signature));
  EXPECT_FALSE(key.Verifies(text + "x", signature));
  EXPECT_FALSE(key.Verifies(text, signature.substr(1)));
  EXPECT_FALSE(key.Verifies(text, ""));
  // The payload of that token is no claims.
  EXPECT_THAT(Jws::Parse(kEdToken),
              StatusIs(StatusCode::kUnauthenticated, "malformed"));
}

TEST(JwsTest, OneChangedBitOfTheSignatureIsRefused) {
  for (const auto& [token, jwk] :
       {std::pair(kRsaToken, kRsaJwk), std::pair(kEcToken, kEcJwk)}) {
    const std::vector<std::string> parts = absl::StrSplit(token, '.');
    for (const size_t at : {size_t{0}, size_t{31}, size_t{32}, size_t{63}}) {
      std::string signature = *DecodeBase64Url(parts[2]);
      signature[at] ^= 1;
      EXPECT_THAT(
          Verify(absl::StrCat(parts[0], ".", parts[1], ".", Part(signature)),
                 jwk),
          StatusIs(StatusCode::kUnauthenticated, "signature"))
          << at;
    }
    for (const std::string& signature :
         {std::string(), std::string("A"), std::string(64, '\0'),
          std::string(256, '\0')}) {
      EXPECT_THAT(
          Verify(absl::StrCat(parts[0], ".", parts[1], ".", Part(signature)),
                 jwk),
          StatusIs(StatusCode::kUnauthenticated, "signature"));
    }
  }
}

TEST(JwsTest, TheKeySaysWhichAlgorithm) {
  EXPECT_THAT(Verify(kRsaToken, kEcJwk),
              StatusIs(StatusCode::kUnauthenticated, "algorithm"));
  EXPECT_THAT(Verify(kEcToken, kRsaJwk),
              StatusIs(StatusCode::kUnauthenticated, "algorithm"));
  for (const char* alg :
       {"none", "None", "HS256", "rs256", "RS384", "", "PS256"}) {
    const std::string token =
        absl::StrCat(Part(absl::StrCat(R"({"alg":")", alg, "\"}")), ".",
                     Part("{}"), ".", Part("x"));
    EXPECT_THAT(Verify(token, kRsaJwk),
                StatusIs(StatusCode::kUnauthenticated, "algorithm"))
        << alg;
  }
}

TEST(JwsTest, TheTokenSaysWhichKey) {
  EXPECT_THAT(Verify(kEcToken, With(kEcJwk, R"("kid":"a")")), IsOk());
  const std::string named = absl::StrCat(Part(R"({"alg":"ES256","kid":"a"})"),
                                         ".", Part("{}"), ".AAAA");
  EXPECT_THAT(Verify(named, kEcJwk),
              StatusIs(StatusCode::kUnauthenticated, "unknown_key"));
  EXPECT_THAT(Verify(named, With(kEcJwk, R"("kid":"b")")),
              StatusIs(StatusCode::kUnauthenticated, "unknown_key"));
  EXPECT_THAT(Verify(named, With(kEcJwk, R"("kid":"a")")),
              StatusIs(StatusCode::kUnauthenticated, "signature"));
}

TEST(JwsTest, OneFormOnly) {
  constexpr char kHeader[] = R"({"alg":"ES256"})";
  EXPECT_THAT(ParseToken(kHeader, "{}"), IsOk());
  const std::string token = kEcToken;
  for (const std::string& bad :
       {std::string(),
        std::string("."),
        std::string(".."),
        std::string("..."),
        token + ".",
        "." + token,
        token + ".AAAA",
        token + "=",
        token + "\n",
        " " + token,
        token + "!",
        token.substr(0, token.rfind('.')),
        token.substr(0, token.size() - 1),
        absl::StrCat(Part(kHeader), ".", Part("[]"), ".AAAA"),
        absl::StrCat(Part(kHeader), ".", Part("1"), ".AAAA"),
        absl::StrCat(Part(kHeader), ".", token, ".AAAA"),
        absl::StrCat(Part("{}"), ".", Part("{}"), ".AAAA"),
        absl::StrCat(Part(R"({"alg":1})"), ".", Part("{}"), ".AAAA"),
        absl::StrCat(Part(R"({"alg":"ES256","alg":"ES256"})"), ".", Part("{}"),
                     ".AAAA"),
        absl::StrCat(Part(R"({"alg":"ES256","kid":1})"), ".", Part("{}"),
                     ".AAAA"),
        absl::StrCat(Part(kHeader), ".", Part(R"({"a":1,"a":1})"), ".AAAA")}) {
    EXPECT_THAT(Jws::Parse(bad),
                StatusIs(StatusCode::kUnauthenticated, "malformed"))
        << bad;
  }
  EXPECT_THAT(Jws::Parse(std::string(8193, 'A')),
              StatusIs(StatusCode::kUnauthenticated, "too_long"));
  EXPECT_THAT(Jws::Parse(std::string(8192, 'A')),
              StatusIs(StatusCode::kUnauthenticated, "malformed"));
}

TEST(JwsTest, ExtensionsAndOtherTypesAreRefused) {
  EXPECT_THAT(ParseToken(R"({"alg":"ES256","crit":["b64"],"b64":true})", "{}"),
              StatusIs(StatusCode::kUnauthenticated, "critical"));
  EXPECT_THAT(ParseToken(R"({"alg":"ES256","crit":[]})", "{}"),
              StatusIs(StatusCode::kUnauthenticated, "critical"));
  for (const char* typ : {"JWT", "jwt", "at+jwt", "application/at+jwt"}) {
    EXPECT_THAT(
        ParseToken(absl::StrCat(R"({"alg":"ES256","typ":")", typ, "\"}"), "{}"),
        IsOk());
  }
  for (const char* typ : {"\"logout+jwt\"", "\"dpop+jwt\"", "\"\"", "1"}) {
    EXPECT_THAT(
        ParseToken(absl::StrCat(R"({"alg":"ES256","typ":)", typ, "}"), "{}"),
        StatusIs(StatusCode::kUnauthenticated, "type"))
        << typ;
  }
}

absl::Status TimesOf(absl::string_view json) {
  return CheckTimes(*ParseJsonObject(json), absl::FromUnixSeconds(1'000'000))
      .status();
}

TEST(ClaimsTest, TimesHaveALeewayOf60Seconds) {
  EXPECT_THAT(TimesOf(R"({"exp":1000000})"), IsOk());
  EXPECT_THAT(TimesOf(R"({"exp":999941})"), IsOk());
  EXPECT_THAT(TimesOf(R"({"exp":999940})"),
              StatusIs(StatusCode::kUnauthenticated, "expired"));
  EXPECT_THAT(TimesOf(R"({"exp":2000000,"nbf":1000060,"iat":1000060})"),
              IsOk());
  EXPECT_THAT(TimesOf(R"({"exp":2000000,"nbf":1000061})"),
              StatusIs(StatusCode::kUnauthenticated, "not_yet_valid"));
  EXPECT_THAT(TimesOf(R"({"exp":2000000,"iat":1000061})"),
              StatusIs(StatusCode::kUnauthenticated, "not_yet_valid"));
  EXPECT_THAT(TimesOf(R"({"exp":253402300799})"), IsOk());
}

TEST(ClaimsTest, TimesAreWholeNumbers) {
  for (const char* exp :
       {"\"2000000\"", "2000000.5", "2e6", "-1", "-0", "null", "true",
        "[2000000]", "253402300800", "99999999999999999999999999",
        "18446744073709551615"}) {
    EXPECT_THAT(TimesOf(absl::StrCat("{\"exp\":", exp, "}")),
                StatusIs(StatusCode::kUnauthenticated, "claims"))
        << exp;
    EXPECT_THAT(TimesOf(absl::StrCat("{\"exp\":2000000,\"nbf\":", exp, "}")),
                StatusIs(StatusCode::kUnauthenticated, "claims"))
        << exp;
  }
  EXPECT_THAT(TimesOf("{}"), StatusIs(StatusCode::kUnauthenticated, "claims"));
}

TEST(ClaimsTest, OneAudienceMustBeOurs) {
  const auto audience = [](absl::string_view aud) {
    return CheckAudience(*ParseJsonObject(absl::StrCat("{\"aud\":", aud, "}")),
                         {"kith", "k2"});
  };
  EXPECT_THAT(audience("\"kith\""), IsOk());
  EXPECT_THAT(audience(R"(["other","k2"])"), IsOk());
  for (const char* aud :
       {"\"other\"", "\"Kith\"", "\"kith \"", "\"\"", "[]", "[\"other\"]",
        "[\"kith\",1]", "{\"kith\":1}", "[[\"kith\"]]", "null", "1"}) {
    EXPECT_THAT(audience(aud),
                StatusIs(StatusCode::kUnauthenticated, "audience"))
        << aud;
  }
}

TEST(ClaimsTest, ANameIsShortPlainText) {
  const auto name = [](absl::string_view value) {
    return NameClaim(*ParseJsonObject(absl::StrCat("{\"sub\":", value, "}")),
                     "sub");
  };
  EXPECT_EQ(*name("\"Zoë 7\""), "Zoë 7");
  const auto repeated = [](int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += "ë";
    return absl::StrCat("\"", text, "\"");
  };
  EXPECT_THAT(name(repeated(320)), IsOk());
  for (const std::string& bad :
       {repeated(321), std::string("\"\""), std::string("7"),
        std::string("null"), std::string("[\"a\"]"),
        std::string(R"("a\u0000b")"), std::string(R"("a\nb")")}) {
    EXPECT_THAT(name(bad), StatusIs(StatusCode::kUnauthenticated, "claims"))
        << bad;
  }
}

TEST(ClaimsTest, WordsAreATextOrAList) {
  const auto words = [](absl::string_view value) {
    return WordsClaim(*ParseJsonObject(absl::StrCat("{\"scope\":", value, "}")),
                      "scope");
  };
  EXPECT_THAT(*words("\"a.read  b.read\""), ElementsAre("a.read", "b.read"));
  EXPECT_THAT(*words(R"(["a.read","b c"])"), ElementsAre("a.read", "b c"));
  EXPECT_THAT(*words("\"\""), ElementsAre());
  EXPECT_THAT(*WordsClaim(*ParseJsonObject("{}"), "scope"), ElementsAre());
  for (const char* bad : {"1", "null", "{}", "[1]", "[\"a\",null]"}) {
    EXPECT_THAT(words(bad), StatusIs(StatusCode::kUnauthenticated, "claims"))
        << bad;
  }
}

}  // namespace
}  // namespace kith::jwt
