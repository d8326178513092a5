#ifndef KITH_GATEWAY_HOOKS_READING_READING_H_
#define KITH_GATEWAY_HOOKS_READING_READING_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/hooks/reading/document.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// Most fields of a form, and most parts of a multipart body.
inline constexpr size_t kMostFormFields = 1'000;

// Returns the value of the first header with this name in lower case, or "".
absl::string_view HeaderOf(const v1::HookRequest& request,
                           absl::string_view name);

// OK if the body may be one that is to be read so, by method and content type:
// a form is form-urlencoded or multipart, or of a GET the query; JSON says
// nothing, or a type with "json". A sender that says text/plain is refused, as
// any page may send that without asking first.
absl::Status CheckBodyType(config::v1::HookBody body,
                           const v1::HookRequest& request);

// Returns the root that paths begin at: body, query, header, setting,
// received_time and sha256. INVALID_ARGUMENT if the body or the target cannot
// be read. Reads bytes as UTF-8, see ToUtf8; JSON must be UTF-8.
absl::StatusOr<Json> ReadHook(const config::v1::Connector& connector,
                              const v1::HookRequest& request,
                              absl::Time receive_time);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_READING_H_
