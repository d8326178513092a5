#ifndef KITH_GATEWAY_HOOKS_UNDERSTANDER_H_
#define KITH_GATEWAY_HOOKS_UNDERSTANDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/hooks/mapping/placed_touch.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// The name of a source of a tenant, as the connectors file has it.
struct HookSource {
  uint64_t tenant_id = 0;
  // Its slug.
  std::string tenant = {};
  // Interaction.source of what it reports.
  std::string source = {};
  // Path of its requests, "/hooks/...".
  std::string path = {};
  // How far what it reports can be trusted. Its touches are recorded as those
  // of a key with this assurance.
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // Methods that are taken, such as "GET, POST".
  std::string methods = {};
  // See kith.config.v1.RequestRate.
  double per_second = 0;
  double per_second_and_address = 0;
};

// What is decided of a request at the door, before the journal has it.
struct HookAdmission {
  // OK if the journal is to have the request. UNAUTHENTICATED if the signature
  // is missing, wrong or too old; UNIMPLEMENTED if the connector takes no such
  // method, OUT_OF_RANGE if the request is too large, INVALID_ARGUMENT if the
  // connector takes no such body. The message has nothing of the request and no
  // secret.
  absl::Status status = {};
  v1::HookVerdict verdict = v1::HOOK_VERDICT_UNSPECIFIED;
  // 1 to 200 characters. Two requests of a source with the same key are one, if
  // the second arrives within `repeat_window` of the first.
  std::string idempotency_key = {};
  // InfiniteDuration if the sender gives each event an id of its own; else
  // short, since the key is a hash of the body.
  absl::Duration repeat_window = absl::InfiniteDuration();
  // What the journal keeps: the request without the headers that nothing needs
  // and without what proves who has sent it.
  v1::HookRequest kept = {};
};

// A request that the journal has.
struct JournaledHook {
  // Id of the entry, a UUID.
  std::string entry_id = {};
  absl::Time receive_time = absl::UnixEpoch();
  // As HookAdmission::kept.
  v1::HookRequest request = {};
};

// Understands what other systems report, by the connectors file as it is now.
// Makes no calls and writes nothing. Thread-safe.
//
// The door asks Find and Admit, has the journal keep the request, and answers
// with AnswerTo. The driver then, or whoever takes up the entry, asks
// Understand and records the touches.
class Understander {
 public:
  virtual ~Understander() = default;

  // Returns the source whose connector has the path of a target, "/hooks/..."
  // without its query. Nothing if there is none.
  virtual std::optional<HookSource> Find(absl::string_view path) const = 0;

  // Returns a source of a tenant. Nothing if there is none any more.
  virtual std::optional<HookSource> FindSource(
      uint64_t tenant_id, absl::string_view source) const = 0;

  // Decides whether a request gets in at `now`. NOT_FOUND in the status if the
  // connectors file has the source no more.
  virtual HookAdmission Admit(const HookSource& source,
                              const v1::HookRequest& request,
                              absl::Time now) const = 0;

  // Returns what the sender is answered once the journal has its request under
  // `entry_id`. A repeat gets the same. Never an error: what cannot be read is
  // answered as the rest.
  virtual v1::HookAnswer AnswerTo(const HookSource& source,
                                  const v1::HookRequest& request,
                                  absl::string_view entry_id) const = 0;

  // Returns the touches of an entry, in the order in which they are to be
  // recorded; none if the mapping says that nothing follows from it. Each has
  // a (source, external_id) or, of an UNAUTHENTICATED source, which may name
  // none, a request_id: its own id where the sender gives one, else that of
  // the entry. So a repeat of the same entry changes nothing. Their places tell
  // them apart over a change of the file.
  //
  // INVALID_ARGUMENT with what is wrong and where if the entry does not fit the
  // mapping; NOT_FOUND if the connectors file has the source no more. The entry
  // then is FAILED.
  virtual absl::StatusOr<std::vector<PlacedTouch>> Understand(
      const HookSource& source, const JournaledHook& hook) const = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_UNDERSTANDER_H_
