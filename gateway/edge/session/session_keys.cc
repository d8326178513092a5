#include "gateway/edge/session/session_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/key_lines.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/refused_file.h"
#include "common/status/status_macros.h"

namespace kith::edge {
namespace {

// The file, or why it cannot be read.
std::string Look(const std::string& file) {
  const absl::StatusOr<std::string> text = base::ReadFile(file);
  return text.ok() ? absl::StrCat("+", *text)
                   : absl::StrCat("-", text.status().message());
}

absl::StatusOr<SessionKeys> ReadKeys(const std::string& file) {
  KITH_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(file));
  absl::StatusOr<SessionKeys> keys = auth::ParseKeyLines(text);
  if (keys.ok()) return keys;
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", keys.status().message()));
}

prometheus::Counter& ReloadFailures() {
  return ops::Counter("kith_session_keys_reload_failures_total",
                      "Changes of the session keys file that were refused.");
}

void NoteChange(const std::string& file, const absl::Status& status) {
  ops::SetFileRefused(file, !status.ok());
  if (status.ok()) return;
  ReloadFailures().Increment();
  ops::Log(ops::Severity::kError,
           "session keys not read again, the last good ones stay in force",
           {{"fault", status.message()}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<LiveSessionKeys>> LiveSessionKeys::Load(
    const std::string& file) {
  ReloadFailures();
  KITH_ASSIGN_OR_RETURN(
      auto live,
      auth::LiveValue<SessionKeys>::Load(
          {.look = [file] { return Look(file); },
           .read =
               [file](const SessionKeys& /*last*/) { return ReadKeys(file); },
           .changed =
               [file](const absl::Status& status) {
                 NoteChange(file, status);
               }}));
  ops::SetFileRefused(file, /*refused=*/false);
  return std::unique_ptr<LiveSessionKeys>(new LiveSessionKeys(std::move(live)));
}

}  // namespace kith::edge
