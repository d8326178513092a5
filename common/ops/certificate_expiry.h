#ifndef KITH_COMMON_OPS_CERTIFICATE_EXPIRY_H_
#define KITH_COMMON_OPS_CERTIFICATE_EXPIRY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::ops {

// Exports when the first of the certificates in a PEM file ends, as the metric
// kith_certificate_expiry_timestamp_seconds{file=`path`}. Reads the file at
// each scrape, so that a renewed certificate shows at once. While the file
// cannot be read or has no certificate, the metric stays as it was. Does
// nothing if `path` is empty, or was given before. Thread-safe.
void ExportCertificateExpiry(const std::string& path);

// Returns when the first of the certificates in `pem` ends: its notAfter. Other
// parts, such as a key, are passed over. INVALID_ARGUMENT if there is no
// certificate, or one is malformed.
absl::StatusOr<absl::Time> FirstExpiry(absl::string_view pem);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_CERTIFICATE_EXPIRY_H_
