#include "common/ops/certificate_expiry.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <time.h>

#include <algorithm>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "common/base/text_file.h"
#include "common/ops/metrics.h"
#include "common/ops/on_scrape.h"

namespace kith::ops {
namespace {

struct ExportedFiles {
  absl::Mutex mutex;
  absl::flat_hash_set<std::string> paths ABSL_GUARDED_BY(mutex);
};

// Returns true the first time that a path is given.
bool IsNewFile(const std::string& path) {
  static auto& files = *new ExportedFiles();
  const absl::MutexLock lock(&files.mutex);
  return files.paths.insert(path).second;
}

void UpdateExpiry(const std::string& path) {
  const absl::StatusOr<std::string> pem = base::ReadFile(path);
  if (!pem.ok()) return;
  const absl::StatusOr<absl::Time> expiry = FirstExpiry(*pem);
  if (!expiry.ok()) return;
  Gauge("kith_certificate_expiry_timestamp_seconds",
        "When the first of the certificates in a file ends, in Unix time.",
        {{"file", path}})
      .Set(absl::ToDoubleSeconds(*expiry - absl::UnixEpoch()));
}

}  // namespace

void ExportCertificateExpiry(const std::string& path) {
  if (path.empty() || !IsNewFile(path)) return;
  OnScrape([path] { UpdateExpiry(path); });
}

absl::StatusOr<absl::Time> FirstExpiry(absl::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bytes(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  absl::Time first = absl::InfiniteFuture();
  bool readable = true;
  while (X509* const read =
             PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr)) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(read,
                                                                  &X509_free);
    tm end = {};
    readable &= ASN1_TIME_to_tm(X509_get0_notAfter(read), &end) == 1;
    first = std::min(first, absl::FromTM(end, absl::UTCTimeZone()));
  }
  // The end of the text is an error like any other.
  readable &= ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (readable && first != absl::InfiniteFuture()) return first;
  return absl::InvalidArgumentError("no certificate, want PEM");
}

}  // namespace kith::ops
