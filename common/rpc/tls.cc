#include "common/rpc/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/ops/certificate_expiry.h"

namespace kith::rpc {
namespace {

namespace tls = grpc::experimental;

// How often the files are looked at.
constexpr unsigned kRefreshSeconds = 1;

std::shared_ptr<tls::CertificateProviderInterface> Watch(
    const TlsFiles& files) {
  ops::ExportCertificateExpiry(files.certificate);
  ops::ExportCertificateExpiry(files.ca);
  return std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.certificate, files.ca, kRefreshSeconds);
}

// "127.0.0.1:7710", "[::1]:7710" or "localhost:7710".
bool IsLoopback(absl::string_view address) {
  std::string host(address.substr(0, address.rfind(':')));
  if (host == "localhost") return true;
  if (absl::StartsWith(host, "[") && absl::EndsWith(host, "]")) {
    in6_addr six = {};
    return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six) ==
               1 &&
           IN6_IS_ADDR_LOOPBACK(&six);
  }
  in_addr four = {};
  return inet_pton(AF_INET, host.c_str(), &four) == 1 &&
         ntohl(four.s_addr) >> 24 == 127;
}

}  // namespace

void TlsFiles::Validate(absl::string_view prefix,
                        std::vector<std::string>& faults) const {
  const auto add = [&](absl::string_view flag, absl::string_view problem) {
    faults.push_back(absl::StrCat("--", prefix, "_", flag, ": ", problem));
  };
  if (certificate.empty() != key.empty()) {
    add(certificate.empty() ? "certificate_file" : "key_file",
        "not given, want certificate and key or neither");
    return;
  }
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
      SSL_CTX_new(TLS_method()), &SSL_CTX_free);
  if (!certificate.empty() && SSL_CTX_use_certificate_chain_file(
                                  context.get(), certificate.c_str()) != 1) {
    add("certificate_file", absl::StrCat("no certificate in ", certificate));
  }
  if (!key.empty() && SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(),
                                                  SSL_FILETYPE_PEM) != 1) {
    add("key_file", absl::StrCat("no key of the certificate in ", key));
  }
  if (!ca.empty() && SSL_CTX_load_verify_file(context.get(), ca.c_str()) != 1) {
    add("ca_file", absl::StrCat("no certificate in ", ca));
  }
  ERR_clear_error();
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentials(
    const TlsFiles& files) {
  if (files.empty()) return grpc::InsecureServerCredentials();
  tls::TlsServerCredentialsOptions options(Watch(files));
  options.watch_identity_key_cert_pairs();
  if (!files.ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(
    const TlsFiles& files) {
  if (files.empty()) return grpc::InsecureChannelCredentials();
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(files));
  options.watch_root_certs();
  if (!files.certificate.empty()) options.watch_identity_key_cert_pairs();
  return tls::TlsCredentials(options);
}

bool IsLocal(absl::string_view target) {
  if (absl::StartsWith(target, "unix:") ||
      absl::StartsWith(target, "unix-abstract:")) {
    return true;
  }
  if (absl::ConsumePrefix(&target, "dns:") &&
      absl::ConsumePrefix(&target, "//")) {
    // Behind the name server that is to be asked.
    target.remove_prefix(std::min(target.size(), target.find('/')));
    absl::ConsumePrefix(&target, "/");
  }
  if (!absl::ConsumePrefix(&target, "ipv4:")) {
    absl::ConsumePrefix(&target, "ipv6:");
  }
  const std::vector<absl::string_view> addresses = absl::StrSplit(target, ',');
  return std::all_of(addresses.begin(), addresses.end(), IsLoopback);
}

void CheckPlainLink(absl::string_view flag, absl::string_view target,
                    absl::string_view tls_flag,
                    std::vector<std::string>& faults) {
  if (IsLocal(target)) return;
  faults.push_back(absl::StrCat(
      "--", flag, ": \"", target, "\" leaves this machine without TLS, want --",
      tls_flag, ", or --allow_plaintext where the network is trusted"));
}

}  // namespace kith::rpc
