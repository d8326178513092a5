#include "gateway/hooks/try_hook_flow.h"

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "gateway/hooks/mapping/placed_touch.h"

namespace kith::gateway {
namespace {

// That of no entry.
constexpr char kNoEntry[] = "00000000-0000-0000-0000-000000000000";

absl::Status CheckTry(const v1::TryHookRequest& request) {
  api::Violations violations;
  if (request.source().empty()) {
    violations.Add("source", "empty, want a source of the connectors file");
  }
  if (!request.has_request()) {
    violations.Add("request", "not set, want the request to try");
  }
  if (!base::IsValid(request.receive_time())) {
    violations.Add("receive_time", "want a time between the years 1 and 9999");
  }
  return violations.ToStatus();
}

}  // namespace

Task<absl::Status> TryHookFlow::Try(const base::RequestContext& context,
                                    const v1::TryHookRequest& request,
                                    v1::TryHookResponse& response) const {
  co_return Show(context, request, response);
}

absl::Status TryHookFlow::Show(const base::RequestContext& context,
                               const v1::TryHookRequest& request,
                               v1::TryHookResponse& response) const {
  absl::Status fault = CheckTry(request);
  if (!fault.ok()) return fault;
  const std::optional<HookSource> source =
      hooks_ == nullptr
          ? std::nullopt
          : hooks_->FindSource(context.tenant_id(), request.source());
  if (!source.has_value()) {
    return absl::NotFoundError(
        "source: the connectors file has none of this name");
  }
  JournaledHook hook = {
      .entry_id = kNoEntry,
      .receive_time = request.has_receive_time()
                          ? base::FromProto(request.receive_time())
                          : clock_.Now(),
      .request = request.request()};
  if (hook.request.method().empty()) hook.request.set_method("POST");
  if (hook.request.target().empty()) hook.request.set_target(source->path);
  const HookAdmission admission =
      hooks_->Admit(*source, hook.request, hook.receive_time);
  response.set_verdict(admission.verdict);
  response.set_refusal(std::string(admission.status.message()));
  response.set_idempotency_key(admission.idempotency_key);
  *response.mutable_answer() =
      hooks_->AnswerTo(*source, hook.request, kNoEntry);
  const auto touches = hooks_->Understand(*source, hook);
  if (!touches.ok()) {
    response.set_fault(std::string(touches.status().message()));
    return absl::OkStatus();
  }
  for (const PlacedTouch& each : *touches) {
    *response.add_touches() = each.touch;
  }
  return absl::OkStatus();
}

}  // namespace kith::gateway
