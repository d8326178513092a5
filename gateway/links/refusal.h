#ifndef KITH_GATEWAY_LINKS_REFUSAL_H_
#define KITH_GATEWAY_LINKS_REFUSAL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/internal/v1/links.pb.h"

namespace kith::gateway {

// Records the refusal of an opened link for its contact and its value, whoever
// holds the value by now and whatever has become of the contact. Records
// nothing if the link has refused before and that still counts. If the person
// has agreed again since, the link refuses again. `context` is one of
// ActingCalls; `token` is that of the link. Errors as RecordConsent.
Task<absl::Status> Refuse(const Backends& backends,
                          const base::RequestContext& context,
                          absl::string_view token,
                          const internal::v1::UnsubscribeLinkBody& link);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_REFUSAL_H_
