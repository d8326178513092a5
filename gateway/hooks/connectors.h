#ifndef KITH_GATEWAY_HOOKS_CONNECTORS_H_
#define KITH_GATEWAY_HOOKS_CONNECTORS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "common/auth/live_value.h"
#include "gateway/hooks/connector_set.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "gateway/hooks/understander.h"

namespace kith::gateway {

// Understands hooks by a connectors file as it is now: it, the secret files
// that it names and the tenants are looked at twice a second. If one of them is
// wrong, what was last good stays in force, which the log and kith_file_refused
// say. Thread-safe.
class Connectors final : public Understander {
 public:
  // Connectors that never change.
  explicit Connectors(ConnectorSet set)
      : live_(std::make_unique<auth::LiveValue<ConnectorSet>>(std::move(set))) {
  }

  // Reads the files and starts to watch them. Errors of ConnectorSet::Load.
  static absl::StatusOr<std::unique_ptr<Connectors>> Load(
      const std::string& file,
      const std::shared_ptr<const auth::LiveKeys>& keys,
      const std::string& public_url);

  // Reads the files if they have changed. OK also if they have not.
  absl::Status Refresh() { return live_->Refresh(); }

  std::optional<HookSource> Find(absl::string_view path) const override;
  std::optional<HookSource> FindSource(uint64_t tenant_id,
                                       absl::string_view source) const override;
  HookAdmission Admit(const HookSource& source, const v1::HookRequest& request,
                      absl::Time now) const override;
  v1::HookAnswer AnswerTo(const HookSource& source,
                          const v1::HookRequest& request,
                          absl::string_view entry_id) const override;
  absl::StatusOr<std::vector<PlacedTouch>> Understand(
      const HookSource& source, const JournaledHook& hook) const override;

 private:
  explicit Connectors(std::unique_ptr<auth::LiveValue<ConnectorSet>> live)
      : live_(std::move(live)) {}

  std::unique_ptr<auth::LiveValue<ConnectorSet>> live_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_CONNECTORS_H_
