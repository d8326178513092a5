#include "gateway/edge/session/sealed_session.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/jwt/base64url.h"
#include "common/base/big_endian.h"

// The value is base64url of nonce (12 bytes), ciphertext and tag (16 bytes).
// The plaintext is the end in seconds (8 bytes, big-endian), the CSRF token (16
// bytes) and the credential.
namespace kith::edge {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;
constexpr size_t kTimeBytes = 8;
constexpr size_t kCsrfBytes = 16;
// Authenticated, so that nothing else that these keys may seal one day is taken
// for a session.
constexpr absl::string_view kPurpose = "kith.session.1";

using CipherContext =
    std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* Writable(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

const unsigned char* Readable(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  // Without randomness there is no secrecy, and nothing else to do.
  if (RAND_bytes(Writable(bytes), static_cast<int>(count)) != 1) std::abort();
  return bytes;
}

// Starts AES-256-GCM one way, with what is authenticated besides.
CipherContext Start(bool encrypt, const std::string& key,
                    absl::string_view nonce) {
  CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int size = 0;
  if (EVP_CipherInit_ex2(context.get(), EVP_aes_256_gcm(), Readable(key),
                         Readable(nonce), encrypt ? 1 : 0, nullptr) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &size, Readable(kPurpose),
                       static_cast<int>(kPurpose.size())) != 1) {
    std::abort();
  }
  return context;
}

std::string Encrypt(const std::string& plain, const std::string& key) {
  const std::string nonce = RandomBytes(kNonceBytes);
  const CipherContext context = Start(/*encrypt=*/true, key, nonce);
  std::string text(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  if (EVP_CipherUpdate(context.get(), Writable(text), &size, Readable(plain),
                       static_cast<int>(plain.size())) != 1 ||
      EVP_CipherFinal_ex(context.get(), nullptr, &size) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                          tag.data()) != 1) {
    std::abort();
  }
  return absl::StrCat(nonce, text, tag);
}

std::optional<std::string> Decrypt(absl::string_view sealed,
                                   const std::string& key) {
  const absl::string_view nonce = sealed.substr(0, kNonceBytes);
  const absl::string_view text =
      sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const CipherContext context = Start(/*encrypt=*/false, key, nonce);
  std::string plain(text.size(), '\0');
  int size = 0;
  // The thread's queue of errors is that of TLS as well.
  ERR_set_mark();
  const bool authentic =
      EVP_CipherUpdate(context.get(), Writable(plain), &size, Readable(text),
                       static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                          tag.data()) == 1 &&
      EVP_CipherFinal_ex(context.get(), nullptr, &size) == 1;
  ERR_pop_to_mark();
  if (!authentic) return std::nullopt;
  return plain;
}

}  // namespace

Session MakeSession(absl::string_view credential, absl::Time expire_time) {
  return {std::string(credential),
          absl::WebSafeBase64Escape(RandomBytes(kCsrfBytes)),
          absl::FromUnixSeconds(absl::ToUnixSeconds(expire_time))};
}

std::string Seal(const Session& session, const SessionKeys& keys) {
  const std::string csrf =
      jwt::DecodeBase64Url(session.csrf_token).value_or("");
  const auto end =
      static_cast<uint64_t>(absl::ToUnixSeconds(session.expire_time));
  return absl::WebSafeBase64Escape(
      Encrypt(absl::StrCat(base::BigEndian(end), csrf, session.credential),
              keys.front()));
}

std::optional<Session> Open(absl::string_view sealed, const SessionKeys& keys,
                            absl::Time now) {
  constexpr size_t kLeast = kNonceBytes + kTimeBytes + kCsrfBytes + kTagBytes;
  const std::optional<std::string> bytes = jwt::DecodeBase64Url(sealed);
  if (!bytes.has_value() || bytes->size() <= kLeast) return std::nullopt;
  for (const std::string& key : keys) {
    const std::optional<std::string> plain = Decrypt(*bytes, key);
    if (!plain.has_value()) continue;
    const absl::string_view text = *plain;
    Session session;
    session.expire_time = absl::FromUnixSeconds(
        static_cast<int64_t>(base::FromBigEndian(text.substr(0, kTimeBytes))));
    session.csrf_token =
        absl::WebSafeBase64Escape(text.substr(kTimeBytes, kCsrfBytes));
    session.credential = std::string(text.substr(kTimeBytes + kCsrfBytes));
    if (session.expire_time <= now) return std::nullopt;
    return session;
  }
  return std::nullopt;
}

}  // namespace kith::edge
