#include "gateway/hooks/mapping/mapping_validation.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/request_context.h"
#include "gateway/hooks/mapping/touch_field.h"
#include "google/protobuf/descriptor.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {
namespace {

using config::v1::Assurance;
using config::v1::ConsentMapping;
using config::v1::IdentityMapping;
using config::v1::TouchMapping;

constexpr int kMostFields = 100;
constexpr int kMostConsents = 10;
constexpr int kMostExcepted = 100;
constexpr int kMostTextIdCharacters = 200;

// Fields that a public form must not set, as RecordTouch refuses them of it.
constexpr absl::string_view kNotOfForms[] = {"interaction.message_id",
                                             "interaction.in_reply_to"};

void CheckEnum(const std::string& place, const std::string& name,
               const google::protobuf::EnumDescriptor& type,
               ConnectorFaults& faults) {
  if (FindEnumValue(type, name) != nullptr) return;
  faults.Add(place, "\"", name, "\", want one of ", EnumNames(type));
}

void CheckIdentity(const std::string& place, const IdentityMapping& identity,
                   ConnectorFaults& faults) {
  faults.CheckConditions(place + ".when", identity.when());
  faults.CheckExpression(place + ".value", identity.value());
  CheckEnum(place + ".channel", identity.channel(),
            *identity::v1::Channel_descriptor(), faults);
  const bool wants_namespace =
      identity.channel() == "SOCIAL" || identity.channel() == "EXTERNAL";
  if (wants_namespace ? !api::IsName(identity.namespace_(), true)
                      : !identity.namespace_().empty()) {
    faults.Add(
        place + ".namespace", "\"", identity.namespace_(),
        "\", want [a-z0-9][a-z0-9_.-]{0,63} for SOCIAL and EXTERNAL, and "
        "none for others");
  }
}

void CheckSetField(const std::string& place,
                   const config::v1::FieldMapping& field, Assurance assurance,
                   ConnectorFaults& faults) {
  faults.CheckExpression(place + ".value", field.value());
  const auto found = TouchField::Find(field.field());
  if (!found.ok()) {
    faults.Add(place, found.status().message());
    return;
  }
  if (base::IsByForm(assurance) &&
      absl::c_linear_search(kNotOfForms, field.field())) {
    faults.Add(place, "field \"", field.field(),
               "\", want none of an UNAUTHENTICATED connector");
  }
  // A constant shows its fault at once, not with the first request.
  if (!field.value().has_constant() || !field.value().steps().empty()) return;
  v1::RecordTouchRequest touch;
  const absl::Status set = found->Set(field.value().constant(), touch);
  if (!set.ok()) faults.Add(place, set.message());
}

void CheckConsent(const std::string& place, const ConsentMapping& consent,
                  Assurance assurance, ConnectorFaults& faults) {
  faults.CheckConditions(place + ".when", consent.when());
  CheckEnum(place + ".channel", consent.channel(),
            *identity::v1::Channel_descriptor(), faults);
  CheckEnum(place + ".method", consent.method(),
            *identity::v1::ConsentMethod_descriptor(), faults);
  const bool refuses = consent.state() == "REFUSED";
  if (!refuses && consent.state() != "PENDING") {
    faults.Add(place + ".state", "\"", consent.state(),
               "\", want PENDING or REFUSED: a grant needs the proof of the "
               "person");
  }
  if (refuses && base::IsByForm(assurance)) {
    faults.Add(place + ".state",
               "REFUSED, want PENDING of an UNAUTHENTICATED connector: anybody "
               "could refuse for everybody");
  }
  const bool is_for_all = consent.purpose() == "ALL";
  if (consent.purpose() != "MARKETING" && consent.purpose() != "SALES" &&
      consent.purpose() != "SHARE" && !(is_for_all && refuses)) {
    faults.Add(place + ".purpose", "\"", consent.purpose(),
               "\", want MARKETING, SALES or SHARE, and ALL only to refuse");
  }
  if (consent.method() == "PROVIDER" && !refuses) {
    faults.Add(place + ".method", "PROVIDER, want it only with REFUSED");
  }
  if (consent.has_topic()) {
    faults.CheckExpression(place + ".topic", consent.topic());
    if (is_for_all) faults.Add(place + ".topic", "want none for ALL");
  }
  if (consent.has_page()) {
    faults.CheckExpression(place + ".page", consent.page());
  }
  if (api::Characters(consent.text_id()) > kMostTextIdCharacters) {
    faults.Add(place + ".text_id", "want at most ", kMostTextIdCharacters,
               " characters");
  }
}

void CheckNames(const std::string& place, const TouchMapping& touch,
                Assurance assurance, ConnectorFaults& faults) {
  if (touch.has_external_id()) {
    faults.CheckExpression(place + ".external_id", touch.external_id());
    if (base::IsByForm(assurance)) {
      faults.Add(place + ".external_id",
                 "want none of an UNAUTHENTICATED connector");
    }
  }
  if (!touch.has_revision()) return;
  faults.CheckExpression(place + ".revision", touch.revision());
  if (!touch.has_external_id()) {
    faults.Add(place + ".revision", "want external_id beside it");
  }
}

}  // namespace

void CheckTouch(const std::string& place, const TouchMapping& touch,
                Assurance assurance, ConnectorFaults& faults) {
  const auto item = [&](absl::string_view list, int i) {
    return absl::StrCat(place, ".", list, "[", i, "]");
  };
  faults.CheckConditions(place + ".when", touch.when());
  faults.CheckCount(place + ".identities", touch.identities_size(), 1,
                    api::kMaxIdentitiesPerTouch);
  for (int i = 0; i < touch.identities_size(); ++i) {
    CheckIdentity(item("identities", i), touch.identities(i), faults);
  }
  faults.CheckCount(place + ".set", touch.set_size(), 1, kMostFields);
  for (int i = 0; i < touch.set_size(); ++i) {
    CheckSetField(item("set", i), touch.set(i), assurance, faults);
  }
  if (!absl::c_any_of(touch.set(), [](const config::v1::FieldMapping& each) {
        return each.field() == "interaction.kind";
      })) {
    faults.Add(place + ".set", "no interaction.kind, want one");
  }
  if (touch.has_amount()) {
    faults.CheckExpression(place + ".amount.value", touch.amount().value());
    faults.CheckExpression(place + ".amount.currency",
                           touch.amount().currency());
  }
  CheckNames(place, touch, assurance, faults);
  faults.CheckCount(place + ".consents", touch.consents_size(), 0,
                    kMostConsents);
  for (int i = 0; i < touch.consents_size(); ++i) {
    CheckConsent(item("consents", i), touch.consents(i), assurance, faults);
  }
  faults.CheckCount(place + ".rest.except", touch.rest().except_size(), 0,
                    kMostExcepted);
}

}  // namespace kith::gateway
