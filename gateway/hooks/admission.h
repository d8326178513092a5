#ifndef KITH_GATEWAY_HOOKS_ADMISSION_H_
#define KITH_GATEWAY_HOOKS_ADMISSION_H_

#include <cstddef>

#include "absl/time/time.h"
#include "gateway/hooks/loaded_connector.h"
#include "gateway/hooks/understander.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// Limits of one request.
inline constexpr size_t kMostHookBytes = 1'048'576;
inline constexpr size_t kMostHookTargetBytes = 8'192;
inline constexpr int kMostHookHeaders = 100;

// Decides whether a request gets in: see Understander::Admit. A pure function.
// The signature is checked before anything of the body is read.
HookAdmission AdmitHook(const LoadedConnector& connector,
                        const v1::HookRequest& request, absl::Time now);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_ADMISSION_H_
