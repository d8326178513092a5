#include "gateway/hooks/mapping/touch_mapping.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/mapping/consent_mapping.h"
#include "gateway/hooks/mapping/money.h"
#include "gateway/hooks/mapping/rest_fields.h"
#include "gateway/hooks/mapping/suspicion.h"
#include "gateway/hooks/mapping/touch_field.h"
#include "gateway/hooks/reading/expression.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;
using config::v1::TouchMapping;

absl::Status AtPlace(absl::string_view place, const absl::Status& fault) {
  return absl::InvalidArgumentError(absl::StrCat(place, ": ", fault.message()));
}

// Makes one touch of one item.
class TouchMaker {
 public:
  // `place` tells the touch from the others of the entry: "0.2" is that of
  // touches[2] of the first item.
  TouchMaker(const HookEntry& entry, const TouchMapping& mapping,
             const HookScope& scope, const std::string& place)
      : entry_(entry),
        mapping_(mapping),
        scope_(scope),
        name_(absl::StrCat(entry.entry_id, ".", place)) {}

  absl::StatusOr<v1::HookTouch> Make() {
    KITH_RETURN_IF_ERROR(AddIdentities());
    KITH_RETURN_IF_ERROR(SetFields());
    KITH_RETURN_IF_ERROR(SetAmount());
    KITH_RETURN_IF_ERROR(SetName());
    KITH_ASSIGN_OR_RETURN(
        const std::string suspicion,
        SuspicionOf(entry_.config.suspect(), scope_, entry_.receive_time));
    AddSuspicion(suspicion, *touch().mutable_interaction());
    if (mapping_.has_rest()) {
      AddRest(mapping_.rest(), entry_.named_fields, scope_.item,
              *touch().mutable_interaction());
    }
    if (!touch().interaction().has_occurred_time()) {
      *touch().mutable_interaction()->mutable_occurred_time() =
          base::ToProto(entry_.receive_time);
    }
    KITH_RETURN_IF_ERROR(AddConsents(mapping_, scope_, name_, made_));
    return std::move(made_);
  }

 private:
  v1::RecordTouchRequest& touch() { return *made_.mutable_touch(); }

  absl::Status AddIdentities() {
    for (const config::v1::IdentityMapping& each : mapping_.identities()) {
      KITH_ASSIGN_OR_RETURN(const bool holds, AllHold(each.when(), scope_));
      if (!holds) continue;
      KITH_ASSIGN_OR_RETURN(const std::string value,
                            Evaluate(each.value(), scope_));
      if (value.empty()) continue;
      identity::v1::ChannelValue& identity = *touch().add_identities();
      identity.set_channel(static_cast<identity::v1::Channel>(
          FindEnumValue(*identity::v1::Channel_descriptor(), each.channel())
              ->number()));
      identity.set_namespace_(each.namespace_());
      identity.set_value(value);
    }
    if (touch().identities().empty()) {
      return absl::InvalidArgumentError(
          "identities: all are empty, want a channel value");
    }
    return absl::OkStatus();
  }

  absl::Status SetFields() {
    for (const config::v1::FieldMapping& each : mapping_.set()) {
      KITH_ASSIGN_OR_RETURN(const std::string text,
                            Evaluate(each.value(), scope_));
      if (text.empty()) continue;
      KITH_ASSIGN_OR_RETURN(const TouchField field,
                            TouchField::Find(each.field()));
      const absl::Status set = field.Set(text, touch());
      if (!set.ok()) return AtPlace(each.field(), set);
    }
    if (touch().interaction().kind() == interactions::v1::KIND_UNSPECIFIED) {
      return absl::InvalidArgumentError("interaction.kind: empty, want a kind");
    }
    return absl::OkStatus();
  }

  absl::Status SetAmount() {
    if (!mapping_.has_amount()) return absl::OkStatus();
    const config::v1::AmountMapping& amount = mapping_.amount();
    KITH_ASSIGN_OR_RETURN(const std::string value,
                          Evaluate(amount.value(), scope_));
    if (value.empty()) return absl::OkStatus();
    KITH_ASSIGN_OR_RETURN(const std::string currency,
                          Evaluate(amount.currency(), scope_));
    KITH_ASSIGN_OR_RETURN(*touch().mutable_interaction()->mutable_amount(),
                          ReadMoney(value, currency, amount));
    return absl::OkStatus();
  }

  // Sets that by which a repeat of the touch is known.
  absl::Status SetName() {
    if (base::IsByForm(entry_.config.assurance())) {
      touch().set_request_id(absl::StrCat("hook.", name_));
      return absl::OkStatus();
    }
    interactions::v1::Interaction& interaction = *touch().mutable_interaction();
    interaction.set_source(entry_.config.source());
    KITH_ASSIGN_OR_RETURN(std::string external_id,
                          Evaluate(mapping_.external_id(), scope_));
    if (external_id.empty()) {
      interaction.set_external_id(absl::StrCat("journal/", name_));
      return absl::OkStatus();
    }
    interaction.set_external_id(std::move(external_id));
    KITH_ASSIGN_OR_RETURN(const std::string text,
                          Evaluate(mapping_.revision(), scope_));
    if (text.empty()) return absl::OkStatus();
    int64_t revision = -1;
    if (!absl::SimpleAtoi(text, &revision) || revision < 0) {
      return absl::InvalidArgumentError("revision: want a number from 0");
    }
    interaction.set_source_revision(revision);
    return absl::OkStatus();
  }

  const HookEntry& entry_;
  const TouchMapping& mapping_;
  const HookScope& scope_;
  const std::string name_;
  v1::HookTouch made_;
};

absl::StatusOr<bool> IsIgnored(const Connector& config,
                               const HookScope& scope) {
  for (const config::v1::Condition& condition : config.ignored()) {
    KITH_ASSIGN_OR_RETURN(const bool holds, Holds(condition, scope));
    if (holds) return true;
  }
  return false;
}

// The touches of an entry so far.
struct MappedTouches {
  std::vector<PlacedTouch> touches = {};
  size_t bytes = 0;
};

absl::Status AddMapped(PlacedTouch touch, MappedTouches& mapped) {
  mapped.bytes += touch.touch.ByteSizeLong();
  mapped.touches.push_back(std::move(touch));
  if (mapped.touches.size() > kMostHookTouches ||
      mapped.bytes > kMostHookTouchBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMostHookTouches, " touches or ",
                     kMostHookTouchBytes, " bytes of them"));
  }
  return absl::OkStatus();
}

// Adds the touches of one item.
absl::Status MapItem(const HookEntry& entry, const HookScope& scope,
                     size_t item, MappedTouches& mapped) {
  KITH_ASSIGN_OR_RETURN(const bool is_ignored, IsIgnored(entry.config, scope));
  if (is_ignored) return absl::OkStatus();
  const size_t before = mapped.touches.size();
  for (int i = 0; i < entry.config.touches_size(); ++i) {
    const TouchMapping& mapping = entry.config.touches(i);
    KITH_ASSIGN_OR_RETURN(const bool fits, AllHold(mapping.when(), scope));
    if (!fits) continue;
    auto touch =
        TouchMaker(entry, mapping, scope, absl::StrCat(item, ".", i)).Make();
    if (!touch.ok()) {
      return AtPlace(absl::StrCat("touches[", i, "]"), touch.status());
    }
    const int32_t place = static_cast<int32_t>(item) * kMostTouchMappings + i;
    KITH_RETURN_IF_ERROR(
        AddMapped({.place = place, .touch = *std::move(touch)}, mapped));
  }
  if (mapped.touches.size() > before) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the conditions of no touch hold; if nothing follows from such a "
      "request, add a condition to `ignored`");
}

}  // namespace

absl::StatusOr<std::vector<PlacedTouch>> MapTouches(const HookEntry& entry) {
  MappedTouches mapped;
  const std::string& each = entry.config.each();
  const Json& body = entry.root["body"];
  const HookScope whole = {
      .root = entry.root, .item = body, .zone = entry.zone};
  if (each.empty()) {
    KITH_RETURN_IF_ERROR(MapItem(entry, whole, 0, mapped));
    return std::move(mapped.touches);
  }
  KITH_ASSIGN_OR_RETURN(const Json* const items, FindAt(each, whole));
  if (items == nullptr || !items->is_array() ||
      items->size() > kMostHookItems) {
    return absl::InvalidArgumentError(absl::StrCat(
        each, ": want a list of at most ", kMostHookItems, " items"));
  }
  for (size_t i = 0; i < items->size(); ++i) {
    const absl::Status item = MapItem(
        entry, {.root = entry.root, .item = (*items)[i], .zone = entry.zone}, i,
        mapped);
    if (!item.ok()) return AtPlace(absl::StrCat(each, "[", i, "]"), item);
  }
  return std::move(mapped.touches);
}

}  // namespace kith::gateway
