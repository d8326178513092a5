#include "gateway/edge/http/server_tls.h"

#include <boost/asio/buffer.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/text_file.h"
#include "common/ops/certificate_expiry.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"

namespace kith::edge {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// How often the files are looked at.
constexpr absl::Duration kRefreshTime = absl::Seconds(1);

// Takes "http/1.1" of what a client offers, and refuses the handshake with one
// that offers other protocols alone (RFC 7301).
int ChooseProtocol(SSL* /*ssl*/, const unsigned char** chosen,
                   unsigned char* size, const unsigned char* offered,
                   unsigned int offered_size, void* /*context*/) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kOurs, sizeof(kOurs) - 1, offered,
                            offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

absl::StatusOr<std::shared_ptr<ssl::context>> MakeContext(
    const std::string& certificate, const std::string& key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), &ChooseProtocol,
                             nullptr);
  error_code error;
  context->use_certificate_chain(boost::asio::buffer(certificate), error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("no certificate chain: ", error.message()));
  }
  // Asio asks for no passphrase where there is no callback, but OpenSSL asks
  // the terminal.
  context->set_password_callback([](size_t, auto) { return ""; }, error);
  context->use_private_key(boost::asio::buffer(key), ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return absl::InvalidArgumentError("no key of the certificate");
  }
  return context;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerTls>> ServerTls::Load(
    const std::string& certificate_file, const std::string& key_file) {
  std::unique_ptr<ServerTls> tls(new ServerTls(certificate_file, key_file));
  const absl::MutexLock lock(&tls->mutex_);
  KITH_RETURN_IF_ERROR(tls->Refresh());
  ops::ExportCertificateExpiry(certificate_file);
  return tls;
}

absl::Status ServerTls::Refresh() {
  looked_ = absl::Now();
  KITH_ASSIGN_OR_RETURN(const std::string certificate,
                        base::ReadFile(certificate_file_));
  KITH_ASSIGN_OR_RETURN(const std::string key, base::ReadFile(key_file_));
  std::string content = absl::StrCat(certificate, key);
  if (content == seen_) return absl::OkStatus();
  seen_ = std::move(content);
  KITH_ASSIGN_OR_RETURN(context_, MakeContext(certificate, key));
  return absl::OkStatus();
}

std::shared_ptr<ssl::context> ServerTls::context() {
  const absl::MutexLock lock(&mutex_);
  if (absl::Now() - looked_ >= kRefreshTime) {
    const absl::Status status = Refresh();
    if (!status.ok()) {
      ops::Log(ops::Severity::kError, "the HTTP certificate stays as it was",
               {{"reason", status.message()}});
    }
  }
  return context_;
}

}  // namespace kith::edge
