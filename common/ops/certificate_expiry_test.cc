#include "common/ops/certificate_expiry.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/ops/metrics.h"
#include "common/ops/on_scrape.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::ops {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

const absl::Time kNewYear = absl::FromUnixSeconds(1'798'761'600);
constexpr char kKey[] =
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

// A certificate that ends then, without a name or a signature.
std::string CertificateUntil(absl::Time end) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(),
                                                                &X509_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(end));
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bytes(
      BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_X509(bytes.get(), certificate.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bytes.get(), &text);
  return {text, static_cast<size_t>(size)};
}

TEST(CertificateExpiryTest, TheFirstThatEndsCounts) {
  const std::string later = CertificateUntil(kNewYear + absl::Hours(24));
  const std::string sooner = CertificateUntil(kNewYear);
  for (const std::string& pem :
       {sooner, absl::StrCat(later, sooner), absl::StrCat(sooner, later),
        absl::StrCat(kKey, later, kKey, sooner, kKey)}) {
    const auto expiry = FirstExpiry(pem);
    ASSERT_THAT(expiry, IsOk());
    EXPECT_EQ(*expiry, kNewYear);
  }
}

TEST(CertificateExpiryTest, WhatIsNoCertificateIsRefused) {
  const std::string good = CertificateUntil(kNewYear);
  const std::string broken =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const std::string& pem :
       {std::string(), std::string(kKey), broken, absl::StrCat(good, broken)}) {
    EXPECT_THAT(FirstExpiry(pem).status(),
                StatusIs(StatusCode::kInvalidArgument));
  }
}

TEST(CertificateExpiryTest, EachScrapeReadsTheFileAgain) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.Path("tls.crt");
  const auto exported = [&] {
    Scrape();
    return absl::FromUnixSeconds(static_cast<int64_t>(
        Gauge("kith_certificate_expiry_timestamp_seconds",
              "When the first of the certificates in a file ends, in Unix "
              "time.",
              {{"file", path}})
            .Value()));
  };
  std::ofstream(path) << CertificateUntil(kNewYear);
  ExportCertificateExpiry(path);
  ExportCertificateExpiry(path);
  EXPECT_EQ(exported(), kNewYear);
  std::ofstream(path) << CertificateUntil(kNewYear + absl::Hours(1));
  EXPECT_EQ(exported(), kNewYear + absl::Hours(1));
  // One that is being written.
  std::ofstream(path) << "-----BEGIN";
  EXPECT_EQ(exported(), kNewYear + absl::Hours(1));
}

}  // namespace
}  // namespace kith::ops
