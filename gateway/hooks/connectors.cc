#include "gateway/hooks/connectors.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/refused_file.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/admission.h"
#include "gateway/hooks/answers.h"
#include "gateway/hooks/mapping/touch_mapping.h"
#include "gateway/hooks/reading/reading.h"

namespace kith::gateway {
namespace {

absl::Status NoSourceError() {
  return absl::NotFoundError("the connectors file has no such source any more");
}

// A digest of all that the connectors depend on.
std::string StateOf(const std::string& file, const auth::LiveKeys& keys) {
  std::vector<std::string> files = ConnectorSet::SecretFiles(file);
  files.push_back(file);
  std::string state;
  for (const std::string& each : files) {
    const auto text = base::ReadFile(each);
    absl::StrAppend(
        &state, each, "\n",
        text.ok() ? base::Sha256(*text) : std::string(text.status().message()));
  }
  for (const auto& tenant : keys.keys()->tenants()) {
    absl::StrAppend(&state, tenant->id(), "/", tenant->slug(), "/",
                    tenant->time_zone(), "\n");
  }
  return base::Sha256(state);
}

void NoteConnectors(const std::string& file, const absl::Status& status) {
  ops::SetFileRefused(file, !status.ok());
  if (status.ok()) {
    ops::Log(ops::Severity::kInfo, "connectors read again");
    return;
  }
  ops::Log(ops::Severity::kError,
           "connectors not read again, the last good ones stay in force",
           {{"fault", status.message()}});
}

std::optional<HookSource> SourceIn(const LoadedConnector* connector) {
  if (connector == nullptr) return std::nullopt;
  return connector->source;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connectors>> Connectors::Load(
    const std::string& file, const std::shared_ptr<const auth::LiveKeys>& keys,
    const std::string& public_url) {
  KITH_ASSIGN_OR_RETURN(
      auto live, auth::LiveValue<ConnectorSet>::Load(
                     {.look = [file, keys] { return StateOf(file, *keys); },
                      .read =
                          [file, keys, public_url](const ConnectorSet&) {
                            return ConnectorSet::Load(
                                file, keys->keys()->tenants(), public_url);
                          },
                      .changed =
                          [file](const absl::Status& status) {
                            NoteConnectors(file, status);
                          }}));
  ops::SetFileRefused(file, /*refused=*/false);
  return std::unique_ptr<Connectors>(new Connectors(std::move(live)));
}

std::optional<HookSource> Connectors::Find(absl::string_view path) const {
  return SourceIn(live_->get()->FindPath(path));
}

std::optional<HookSource> Connectors::FindSource(
    uint64_t tenant_id, absl::string_view source) const {
  return SourceIn(live_->get()->FindSource(tenant_id, source));
}

HookAdmission Connectors::Admit(const HookSource& source,
                                const v1::HookRequest& request,
                                absl::Time now) const {
  const auto set = live_->get();
  const auto* const connector =
      set->FindSource(source.tenant_id, source.source);
  if (connector == nullptr) return {.status = NoSourceError()};
  return AdmitHook(*connector, request, now);
}

v1::HookAnswer Connectors::AnswerTo(const HookSource& source,
                                    const v1::HookRequest& request,
                                    absl::string_view entry_id) const {
  const auto set = live_->get();
  const auto* const connector =
      set->FindSource(source.tenant_id, source.source);
  if (connector == nullptr) return MakeAnswer({}, nullptr, entry_id);
  // Only a redirect depends on the request.
  const auto& rule = connector->config.answer();
  if (!rule.has_redirect()) return MakeAnswer(rule, nullptr, entry_id);
  const auto root = ReadHook(connector->config, request, absl::UnixEpoch());
  return MakeAnswer(rule, root.ok() ? &*root : nullptr, entry_id);
}

absl::StatusOr<std::vector<PlacedTouch>> Connectors::Understand(
    const HookSource& source, const JournaledHook& hook) const {
  const auto set = live_->get();
  const auto* const connector =
      set->FindSource(source.tenant_id, source.source);
  if (connector == nullptr) return NoSourceError();
  KITH_ASSIGN_OR_RETURN(
      const Json root,
      ReadHook(connector->config, hook.request, hook.receive_time));
  return MapTouches({.config = connector->config,
                     .named_fields = connector->named_fields,
                     .root = root,
                     .zone = connector->zone,
                     .entry_id = hook.entry_id,
                     .receive_time = hook.receive_time});
}

}  // namespace kith::gateway
