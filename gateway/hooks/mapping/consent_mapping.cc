#include "gateway/hooks/mapping/consent_mapping.h"

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/mapping/touch_field.h"
#include "gateway/hooks/reading/expression.h"

namespace kith::gateway {
namespace {

using config::v1::ConsentMapping;
using identity::v1::ChannelValue;
using identity::v1::Consent;

// What has passed FaultsOf is a value of its enum.
template <typename Enum>
Enum EnumOf(const google::protobuf::EnumDescriptor& type,
            const std::string& name) {
  return static_cast<Enum>(FindEnumValue(type, name)->number());
}

const ChannelValue* FirstOf(const v1::RecordTouchRequest& touch,
                            const std::string& channel) {
  const auto wanted = EnumOf<identity::v1::Channel>(
      *identity::v1::Channel_descriptor(), channel);
  for (const ChannelValue& value : touch.identities()) {
    if (value.channel() == wanted) return &value;
  }
  return nullptr;
}

absl::Status FillConsent(const ConsentMapping& mapping, const HookScope& scope,
                         const v1::RecordTouchRequest& touch,
                         Consent& consent) {
  KITH_ASSIGN_OR_RETURN(*consent.mutable_topic(),
                        Evaluate(mapping.topic(), scope));
  KITH_ASSIGN_OR_RETURN(const std::string page,
                        Evaluate(mapping.page(), scope));
  if (!page.empty()) consent.mutable_evidence()->set_uri(page);
  consent.set_purpose(EnumOf<identity::v1::ConsentPurpose>(
      *identity::v1::ConsentPurpose_descriptor(), mapping.purpose()));
  consent.set_state(EnumOf<identity::v1::ConsentState>(
      *identity::v1::ConsentState_descriptor(), mapping.state()));
  consent.set_method(EnumOf<identity::v1::ConsentMethod>(
      *identity::v1::ConsentMethod_descriptor(), mapping.method()));
  // A provider reports what it has seen itself.
  consent.set_captured_by(consent.method() ==
                                  identity::v1::CONSENT_METHOD_PROVIDER
                              ? identity::v1::CONSENT_CAPTURER_SYSTEM
                              : identity::v1::CONSENT_CAPTURER_PERSON);
  if (!mapping.text_id().empty()) {
    consent.mutable_text()->set_text_id(mapping.text_id());
  }
  *consent.mutable_captured_time() = touch.interaction().occurred_time();
  return absl::OkStatus();
}

}  // namespace

absl::Status AddConsents(const config::v1::TouchMapping& mapping,
                         const HookScope& scope, const std::string& name,
                         v1::HookTouch& touch) {
  for (int i = 0; i < mapping.consents_size(); ++i) {
    const ConsentMapping& each = mapping.consents(i);
    KITH_ASSIGN_OR_RETURN(const bool holds, AllHold(each.when(), scope));
    const ChannelValue* const value = FirstOf(touch.touch(), each.channel());
    if (!holds || value == nullptr) continue;
    v1::RecordConsentRequest& request = *touch.add_consents();
    *request.mutable_customer()->mutable_value() = *value;
    *request.mutable_value() = *value;
    request.set_request_id(absl::StrCat("hook.", name, ".c", i));
    KITH_RETURN_IF_ERROR(
        FillConsent(each, scope, touch.touch(), *request.mutable_consent()));
  }
  return absl::OkStatus();
}

}  // namespace kith::gateway
