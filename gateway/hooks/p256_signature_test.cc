#include "gateway/hooks/p256_signature.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

// The vector of SendGrid's own libraries, such as sendgrid-python's
// test/unit/test_eventwebhook.py: a time, and the body that follows it.
constexpr char kPublishedKey[] =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9m"
    "N1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
constexpr char kPublishedSignature[] =
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQ"
    "AbPIqHh89M15TluLtEZtM=";
constexpr char kPublishedText[] =
    "1600112502[{\"email\":\"hello@world.com\",\"event\":\"dropped\","
    "\"reason\":\"Bounced Address\",\"sg_event_id\":"
    "\"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA\","
    "\"sg_message_id\":\"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-"
    "kmzbl-18-5F5FC76C-9.0\",\"smtp-id\":"
    "\"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>\","
    "\"timestamp\":1600112492}]\r\n";

std::string PublishedPoint() { return ReadP256Key(kPublishedKey).value(); }

// The published signature with another DER.
std::string SignatureOf(const std::string& der) {
  return absl::Base64Escape(der);
}

std::string PublishedDer() {
  std::string der;
  EXPECT_TRUE(absl::Base64Unescape(kPublishedSignature, &der));
  return der;
}

TEST(P256SignatureTest, VerifiesThePublishedVector) {
  EXPECT_TRUE(
      IsP256Signature(PublishedPoint(), kPublishedText, kPublishedSignature));
}

TEST(P256SignatureTest, AnotherTextOrKeyIsNotSigned) {
  std::string text = kPublishedText;
  text.pop_back();
  EXPECT_FALSE(IsP256Signature(PublishedPoint(), text, kPublishedSignature));
  EXPECT_FALSE(IsP256Signature(PublishedPoint(), "", kPublishedSignature));
  // The second key of sendgrid-ruby's spec/fixtures/event_webhook.rb.
  const std::string other =
      ReadP256Key(
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZ"
          "kLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==")
          .value();
  EXPECT_FALSE(IsP256Signature(other, kPublishedText, kPublishedSignature));
}

TEST(P256SignatureTest, WhatIsNoSignatureVerifiesNothing) {
  const std::string der = PublishedDer();
  const std::string zeros("\x30\x06\x02\x01\x00\x02\x01\x00", 8);
  const std::string long_number =
      absl::StrCat("\x30\x26\x02\x21", std::string(33, '\x7F'),
                   std::string("\x02\x01\x01", 3));
  for (const std::string& signature :
       {std::string(), std::string("not base64!"), SignatureOf(""),
        SignatureOf(der.substr(0, der.size() - 1)), SignatureOf(der + "x"),
        SignatureOf(zeros), SignatureOf(long_number),
        SignatureOf(std::string(64, '\0'))}) {
    EXPECT_FALSE(IsP256Signature(PublishedPoint(), kPublishedText, signature))
        << signature;
  }
}

TEST(P256SignatureTest, OnlyAPointOfP256IsAKey) {
  EXPECT_EQ(PublishedPoint().size(), 64U);
  std::string off_the_curve;
  ASSERT_TRUE(absl::Base64Unescape(kPublishedKey, &off_the_curve));
  off_the_curve.back() ^= 1;
  for (const std::string& key :
       {std::string(), std::string("a-secret-word"),
        std::string("-----BEGIN PUBLIC KEY-----"),
        absl::Base64Escape(off_the_curve),
        absl::Base64Escape(off_the_curve.substr(0, 90)),
        std::string(kPublishedKey).substr(4),
        // Of P-384, as `openssl ecparam -name secp384r1` makes it.
        std::string(
            "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAETC5VGyjYW7k4nJkANhoPHgsxG6eDWkGFOl"
            "gquE2jMMJbyilm/RyJP0PsW5GY2ZfmcZmKs4vzgvInCGf8wY9oa91DsDWc1t1N595g"
            "NOlOpCtvte1GdyZ6KndMrtX3EbWP")}) {
    EXPECT_EQ(ReadP256Key(key).status().message(),
              "want base64 of a public key of P-256, without its BEGIN and END")
        << key;
  }
}

}  // namespace
}  // namespace kith::gateway
