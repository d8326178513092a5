#include "common/api/etag.h"

#include "absl/strings/str_cat.h"

namespace kith::api {

absl::Status CheckEtag(absl::string_view field, absl::string_view what,
                       absl::string_view given, absl::string_view current) {
  if (given.empty() || given == current) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat(field, ": the ", what,
                   " was changed meanwhile; read it again, then try again"));
}

}  // namespace kith::api
