#include "gateway/hooks/signatures.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using config::v1::HookSignature;
using config::v1::SignatureScheme;

constexpr char kStandardSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr int64_t kSignedSeconds = 1'614'265'330;
const absl::Time kSigned = absl::FromUnixSeconds(kSignedSeconds);

HookSignature RuleOf(SignatureScheme scheme) {
  HookSignature rule;
  rule.set_scheme(scheme);
  return rule;
}

SignatureKeys SignatureKeysOf(SignatureScheme scheme,
                              const std::string& secrets) {
  return {.secrets = ParseSecrets(scheme, secrets).value(),
          .public_url = "https://mycompany.com"};
}

using NamedHeaders = std::vector<std::pair<std::string, std::string>>;

v1::HookRequest PostOf(const std::string& body, const NamedHeaders& headers,
                       const std::string& target = "/hooks/a") {
  v1::HookRequest request;
  request.set_method("POST");
  request.set_target(target);
  request.set_body(body);
  for (const auto& [name, value] : headers) {
    v1::HookHeader& header = *request.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  return request;
}

// What a request that is signed in this way comes to, and what one does that
// differs in a single byte of the body.
void ExpectSigned(SignatureScheme scheme, const std::string& secret,
                  v1::HookRequest request, absl::Time now) {
  const HookSignature rule = RuleOf(scheme);
  const SignatureKeys keys = SignatureKeysOf(scheme, secret);
  EXPECT_EQ(CheckSignature(rule, keys, request, now), v1::HOOK_VERDICT_SIGNED);
  // Another secret, and the right one beside another.
  EXPECT_EQ(
      CheckSignature(rule, SignatureKeysOf(scheme, "b3RoZXItc2VjcmV0LW90aGVy"),
                     request, now),
      v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(
      CheckSignature(
          rule,
          SignatureKeysOf(scheme, "b3RoZXItc2VjcmV0LW90aGVy\n" + secret + "\n"),
          request, now),
      v1::HOOK_VERDICT_SIGNED);
  v1::HookRequest altered = request;
  altered.mutable_body()->back() ^= 1;
  EXPECT_EQ(CheckSignature(rule, keys, altered, now), v1::HOOK_VERDICT_FORGED);
  request.clear_headers();
  EXPECT_EQ(CheckSignature(rule, keys, request, now), v1::HOOK_VERDICT_FORGED);
}

v1::HookRequest StandardRequest() {
  return PostOf(R"({"test": 2432232314})",
                {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                 {"webhook-timestamp", absl::StrCat(kSignedSeconds)},
                 {"webhook-signature",
                  "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}});
}

TEST(SignaturesTest, StandardWebhooksVector) {
  ExpectSigned(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS, kStandardSecret,
               StandardRequest(), kSigned);
}

TEST(SignaturesTest, OneOfSeveralSignaturesIsEnough) {
  v1::HookRequest request = StandardRequest();
  std::string& header = *request.mutable_headers(2)->mutable_value();
  const std::string good = header;
  const HookSignature rule =
      RuleOf(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS);
  const SignatureKeys keys = SignatureKeysOf(rule.scheme(), kStandardSecret);
  header = absl::StrCat("v1,AAAA v2,xyz ", good, " v1a,BBBB");
  EXPECT_EQ(CheckSignature(rule, keys, request, kSigned),
            v1::HOOK_VERDICT_SIGNED);
  // A version that nobody knows is none.
  header = "v2," + good.substr(3);
  EXPECT_EQ(CheckSignature(rule, keys, request, kSigned),
            v1::HOOK_VERDICT_FORGED);
}

TEST(SignaturesTest, AnIdThatIsNotSignedIsForged) {
  v1::HookRequest request = StandardRequest();
  request.mutable_headers(0)->set_value("msg_other");
  EXPECT_EQ(CheckSignature(
                RuleOf(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS),
                SignatureKeysOf(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS,
                                kStandardSecret),
                request, kSigned),
            v1::HOOK_VERDICT_FORGED);
}

TEST(SignaturesTest, ATimeTooFarFromNowIsStale) {
  HookSignature rule = RuleOf(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS);
  const SignatureKeys keys = SignatureKeysOf(rule.scheme(), kStandardSecret);
  const auto verdict = [&](absl::Duration later) {
    return CheckSignature(rule, keys, StandardRequest(), kSigned + later);
  };
  EXPECT_EQ(verdict(absl::Seconds(300)), v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(verdict(absl::Seconds(301)), v1::HOOK_VERDICT_STALE);
  EXPECT_EQ(verdict(absl::Seconds(-300)), v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(verdict(absl::Seconds(-301)), v1::HOOK_VERDICT_STALE);
  rule.set_tolerance_seconds(60);
  EXPECT_EQ(verdict(absl::Seconds(61)), v1::HOOK_VERDICT_STALE);
}

TEST(SignaturesTest, Github) {
  ExpectSigned(
      config::v1::SIGNATURE_SCHEME_GITHUB, "It's a Secret to Everybody",
      PostOf("Hello, World!",
             {{"x-hub-signature-256",
               "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c"
               "8b043e17"}}),
      kSigned);
}

TEST(SignaturesTest, Stripe) {
  const std::string secret = "whsec_of_stripe";
  const std::string signature = absl::BytesToHexString(
      base::HmacSha256(secret, absl::StrCat(kSignedSeconds, ".{\"id\":1}")));
  const v1::HookRequest request = PostOf(
      "{\"id\":1}",
      {{"stripe-signature", absl::StrCat("t=", kSignedSeconds,
                                         ",v1=00,v1=", signature, ",v0=11")}});
  ExpectSigned(config::v1::SIGNATURE_SCHEME_STRIPE, secret, request, kSigned);
  EXPECT_EQ(CheckSignature(
                RuleOf(config::v1::SIGNATURE_SCHEME_STRIPE),
                SignatureKeysOf(config::v1::SIGNATURE_SCHEME_STRIPE, secret),
                request, kSigned + absl::Minutes(6)),
            v1::HOOK_VERDICT_STALE);
}

TEST(SignaturesTest, EspoCrm) {
  const std::string secret = "espo-secret";
  const std::string body = R"([{"id":"1"}])";
  const std::string signature = absl::Base64Escape(absl::StrCat(
      "hook1:", absl::BytesToHexString(base::HmacSha256(secret, body))));
  ExpectSigned(config::v1::SIGNATURE_SCHEME_ESPOCRM, secret,
               PostOf(body, {{"signature", signature}}), kSigned);
}

TEST(SignaturesTest, Chatwoot) {
  const std::string secret = "chatwoot-secret";
  const std::string signature = absl::BytesToHexString(
      base::HmacSha256(secret, absl::StrCat(kSignedSeconds, ".{}")));
  const v1::HookRequest request =
      PostOf("{}", {{"x-chatwoot-timestamp", absl::StrCat(kSignedSeconds)},
                    {"x-chatwoot-signature", "sha256=" + signature}});
  ExpectSigned(config::v1::SIGNATURE_SCHEME_CHATWOOT, secret, request, kSigned);
  EXPECT_EQ(CheckSignature(
                RuleOf(config::v1::SIGNATURE_SCHEME_CHATWOOT),
                SignatureKeysOf(config::v1::SIGNATURE_SCHEME_CHATWOOT, secret),
                request, kSigned + absl::Minutes(6)),
            v1::HOOK_VERDICT_STALE);
}

// The vector of SendGrid's own libraries: see p256_signature_test.cc.
constexpr char kSendgridKey[] =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9m"
    "N1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
constexpr char kOtherSendgridKey[] =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jD"
    "utdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==";
const absl::Time kSendgridTime = absl::FromUnixSeconds(1'600'112'502);

v1::HookRequest SendgridRequest() {
  return PostOf(
      "[{\"email\":\"hello@world.com\",\"event\":\"dropped\","
      "\"reason\":\"Bounced Address\",\"sg_event_id\":"
      "\"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA\","
      "\"sg_message_id\":\"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-"
      "756b745b58-kmzbl-18-5F5FC76C-9.0\",\"smtp-id\":"
      "\"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>\","
      "\"timestamp\":1600112492}]\r\n",
      {{"x-twilio-email-event-webhook-timestamp", "1600112502"},
       {"x-twilio-email-event-webhook-signature",
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG"
        "+luQAbPIqHh89M15TluLtEZtM="}});
}

TEST(SignaturesTest, SendgridVector) {
  const HookSignature rule = RuleOf(config::v1::SIGNATURE_SCHEME_SENDGRID);
  const auto verdict = [&](const std::string& keys,
                           const v1::HookRequest& request, absl::Time now) {
    return CheckSignature(rule, SignatureKeysOf(rule.scheme(), keys), request,
                          now);
  };
  const v1::HookRequest request = SendgridRequest();
  EXPECT_EQ(verdict(kSendgridKey, request, kSendgridTime),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(verdict(absl::StrCat(kOtherSendgridKey, "\n", kSendgridKey),
                    request, kSendgridTime),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(verdict(kOtherSendgridKey, request, kSendgridTime),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(verdict(kSendgridKey, request, kSendgridTime + absl::Seconds(300)),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(verdict(kSendgridKey, request, kSendgridTime + absl::Seconds(301)),
            v1::HOOK_VERDICT_STALE);
  v1::HookRequest altered = request;
  altered.mutable_body()->pop_back();
  EXPECT_EQ(verdict(kSendgridKey, altered, kSendgridTime),
            v1::HOOK_VERDICT_FORGED);
  // A replay cannot make its time new.
  altered = request;
  altered.mutable_headers(0)->set_value("1600112503");
  EXPECT_EQ(verdict(kSendgridKey, altered, kSendgridTime),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(verdict(kSendgridKey, PostOf(request.body(), {}), kSendgridTime),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_TRUE(IsProof(rule, "x-twilio-email-event-webhook-signature"));
}

constexpr char kTwilioTarget[] = "/myapp.php?foo=1&bar=2";

std::string TwilioBody(const std::string& from) {
  return absl::StrCat("To=%2B18005551212&Digits=1234&CallSid=CA1234567890ABCDE",
                      "&From=%2B", from, "&Caller=%2B", from);
}

v1::HookVerdict TwilioVerdict(const SignatureKeys& keys,
                              const v1::HookRequest& request) {
  return CheckSignature(RuleOf(config::v1::SIGNATURE_SCHEME_TWILIO), keys,
                        request, kSigned);
}

// The token of Twilio's own examples is shorter than a secret of ours may be.
SignatureKeys TwilioKeys(const std::string& public_url) {
  return {.secrets = {"12345"}, .public_url = public_url};
}

TEST(SignaturesTest, TwilioVectors) {
  const SignatureKeys keys = TwilioKeys("https://mycompany.com");
  for (const auto& [from, signature] :
       std::vector<std::pair<std::string, std::string>>{
           {"14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
           {"12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}}) {
    v1::HookRequest request = PostOf(
        TwilioBody(from), {{"x-twilio-signature", signature}}, kTwilioTarget);
    EXPECT_EQ(TwilioVerdict(keys, request), v1::HOOK_VERDICT_SIGNED) << from;
    request.set_target("/myapp.php?foo=1&bar=3");
    EXPECT_EQ(TwilioVerdict(keys, request), v1::HOOK_VERDICT_FORGED) << from;
  }
}

TEST(SignaturesTest, TwilioSignsThePublicAddressWhateverTheHostHeaderSays) {
  const v1::HookRequest request =
      PostOf(TwilioBody("14158675309"),
             {{"host", "10.0.0.7:8080"},
              {"x-forwarded-host", "evil.example"},
              {"x-twilio-signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="}},
             kTwilioTarget);
  // With and without the default port, as the address may have been typed.
  EXPECT_EQ(TwilioVerdict(TwilioKeys("https://mycompany.com"), request),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(TwilioVerdict(TwilioKeys("https://mycompany.com:443"), request),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(TwilioVerdict(TwilioKeys("https://10.0.0.7:8080"), request),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(TwilioVerdict(TwilioKeys("http://mycompany.com"), request),
            v1::HOOK_VERDICT_FORGED);
}

TEST(SignaturesTest, ABodyThatIsNoFormIsSignedByItsHash) {
  const std::string body = "{\"a\":1}";
  const std::string target = absl::StrCat(
      "/hooks/a?bodySHA256=", absl::BytesToHexString(base::Sha256(body)));
  // HMAC-SHA-1 as Python's hmac makes it of "https://mycompany.com" + target.
  v1::HookRequest request = PostOf(
      body, {{"x-twilio-signature", "WpRki1Rj9RhbpGf41yQ6r0z0spI="}}, target);
  const SignatureKeys keys = TwilioKeys("https://mycompany.com");
  EXPECT_EQ(TwilioVerdict(keys, request), v1::HOOK_VERDICT_SIGNED);
  request.set_body("{\"a\":2}");
  EXPECT_EQ(TwilioVerdict(keys, request), v1::HOOK_VERDICT_FORGED);
}

TEST(SignaturesTest, TheHashOfABodyIsAParameterOfThisName) {
  // What only looks like it leaves the form to be signed. The HMAC-SHA-1 is
  // Python's, of "https://mycompany.com/hooks/a?xbodySHA256=ab" + "To1".
  const v1::HookRequest request =
      PostOf("To=1", {{"x-twilio-signature", "C3A2QtSMYwKnhOFcMux6S/yTWPc="}},
             "/hooks/a?xbodySHA256=ab");
  EXPECT_EQ(TwilioVerdict(TwilioKeys("https://mycompany.com"), request),
            v1::HOOK_VERDICT_SIGNED);
}

TEST(SignaturesTest, AFormWithoutEndIsForged) {
  // Nobody knows yet who has sent it: of a megabyte of "&a" no more is read
  // than a form may have.
  std::string body;
  for (int i = 0; i < 500'000; ++i) body += "&a";
  EXPECT_EQ(TwilioVerdict(TwilioKeys("https://mycompany.com"),
                          PostOf(body, {{"x-twilio-signature", "x"}})),
            v1::HOOK_VERDICT_FORGED);
}

TEST(SignaturesTest, BasicAndTokenCompareTheSecretItself) {
  const SignatureKeys keys =
      SignatureKeysOf(config::v1::SIGNATURE_SCHEME_BASIC, "hook:secret-word");
  const HookSignature basic = RuleOf(config::v1::SIGNATURE_SCHEME_BASIC);
  const auto given = [](const std::string& credentials) {
    return PostOf(
        "x", {{"authorization", "Basic " + absl::Base64Escape(credentials)}});
  };
  EXPECT_EQ(CheckSignature(basic, keys, given("hook:secret-word"), kSigned),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(CheckSignature(basic, keys, given("hook:secret-wore"), kSigned),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(CheckSignature(basic, keys, PostOf("x", {}), kSigned),
            v1::HOOK_VERDICT_FORGED);
  HookSignature token = RuleOf(config::v1::SIGNATURE_SCHEME_TOKEN);
  token.set_token_path("query.token");
  EXPECT_EQ(
      CheckSignature(token, keys,
                     PostOf("x", {}, "/hooks/a?b=1&token=hook%3Asecret-word"),
                     kSigned),
      v1::HOOK_VERDICT_SIGNED);
  EXPECT_EQ(CheckSignature(token, keys, PostOf("x", {}), kSigned),
            v1::HOOK_VERDICT_FORGED);
  token.set_token_path("header.x-hook-token");
  EXPECT_EQ(CheckSignature(token, keys,
                           PostOf("x", {{"x-hook-token", "hook:secret-word"}}),
                           kSigned),
            v1::HOOK_VERDICT_SIGNED);
  EXPECT_TRUE(IsProof(token, "x-hook-token"));
}

TEST(SignaturesTest, WithoutASchemeNobodyGetsIn) {
  EXPECT_EQ(CheckSignature(HookSignature(), {}, PostOf("x", {}), kSigned),
            v1::HOOK_VERDICT_FORGED);
  EXPECT_EQ(CheckSignature(RuleOf(config::v1::SIGNATURE_SCHEME_NONE), {},
                           PostOf("x", {}), kSigned),
            v1::HOOK_VERDICT_UNSIGNED);
}

TEST(SignaturesTest, FaultsOfSecretsHaveNothingOfThem) {
  const auto fault = [](SignatureScheme scheme, const std::string& text) {
    return std::string(ParseSecrets(scheme, text).status().message());
  };
  EXPECT_EQ(fault(config::v1::SIGNATURE_SCHEME_GITHUB, "\n\n"),
            "0 secrets, want 1 to 8");
  EXPECT_EQ(fault(config::v1::SIGNATURE_SCHEME_GITHUB, "long-enough\nshort"),
            "line 2: 5 bytes, want 8 to 1000");
  EXPECT_EQ(fault(config::v1::SIGNATURE_SCHEME_STANDARD_WEBHOOKS,
                  "whsec_not base64!"),
            "line 1: want whsec_ and base64");
  EXPECT_EQ(fault(config::v1::SIGNATURE_SCHEME_SENDGRID, "not-a-public-key"),
            "line 1: want base64 of a public key of P-256, without its BEGIN "
            "and END");
}

}  // namespace
}  // namespace kith::gateway
