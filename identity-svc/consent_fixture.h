#ifndef KITH_IDENTITY_SVC_CONSENT_FIXTURE_H_
#define KITH_IDENTITY_SVC_CONSENT_FIXTURE_H_

#include <string>
#include <vector>

#include "identity-svc/identity_service_fixture.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::identity {

// Consent of customers, on a database of its own. A second passes between two
// words.
class ConsentTest : public IdentityServiceTest {
 protected:
  // A word for marketing by the person.
  static v1::RecordConsentRequest Word(const std::string& contact,
                                       v1::ConsentState state) {
    v1::RecordConsentRequest request;
    request.set_contact_id(contact);
    v1::Consent& consent = *request.mutable_consent();
    consent.set_state(state);
    consent.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
    consent.set_captured_by(v1::CONSENT_CAPTURER_PERSON);
    consent.set_method(v1::CONSENT_METHOD_FORM);
    if (state == v1::CONSENT_STATE_GRANTED) {
      consent.mutable_text()->set_text_id("newsletter-3");
    }
    return request;
  }
  static v1::RecordConsentRequest WordFor(const std::string& contact,
                                          const v1::ChannelValue& value,
                                          v1::ConsentState state) {
    v1::RecordConsentRequest request = Word(contact, state);
    *request.mutable_value() = value;
    return request;
  }
  static v1::RecordConsentRequest Grant(const std::string& contact,
                                        const v1::ChannelValue& value) {
    return WordFor(contact, value, v1::CONSENT_STATE_GRANTED);
  }
  static v1::RecordConsentRequest Ask(const std::string& contact,
                                      const v1::ChannelValue& value) {
    return WordFor(contact, value, v1::CONSENT_STATE_PENDING);
  }
  static v1::RecordConsentRequest Refuse(const std::string& contact,
                                         const v1::ChannelValue& value) {
    return WordFor(contact, value, v1::CONSENT_STATE_REFUSED);
  }

  // The person has shown to have access to the value, which takes a VERIFIED
  // key.
  v1::RecordConsentRequest Confirm(const std::string& contact,
                                   const v1::ChannelValue& value) {
    v1::RecordConsentRequest request = Grant(contact, value);
    v1::ConsentConfirmation& proof =
        *request.mutable_consent()->mutable_confirmation();
    *proof.mutable_confirmed_time() = base::ToProto(Now() + absl::Seconds(1));
    proof.set_token_id("token-7");
    return request;
  }

  absl::StatusOr<v1::Consent> Record(const v1::RecordConsentRequest& request,
                                     TestKey key = kDemo) {
    Pass(absl::Seconds(1));
    return harness_.Call(&Stub::RecordConsent, request, key);
  }

  absl::Status Move(const std::string& from, const std::string& to,
                    const v1::ChannelValue& value, bool never_theirs) {
    Pass(absl::Seconds(1));
    v1::MoveIdentityRequest request;
    request.set_from_contact_id(from);
    request.set_to_contact_id(to);
    *request.mutable_value() = value;
    request.set_never_theirs(never_theirs);
    return harness_.Call(&Stub::MoveIdentity, request, kDemo).status();
  }

  static v1::MayContactRequest Question(const std::vector<std::string>& ids) {
    v1::MayContactRequest request;
    request.mutable_contact_ids()->Add(ids.begin(), ids.end());
    request.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
    return request;
  }
  absl::StatusOr<v1::MayContactResponse> MayContact(
      const v1::MayContactRequest& request, TestKey key = kDemo) {
    return harness_.Call(&Stub::MayContact, request, key);
  }

  // The reason of the answer for marketing by the value; the error if there is
  // one.
  std::string Why(const std::vector<std::string>& ids,
                  const v1::ChannelValue& value, TestKey key = kDemo,
                  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_MARKETING) {
    v1::MayContactRequest request = Question(ids);
    *request.mutable_value() = value;
    request.set_purpose(purpose);
    const auto response = MayContact(request, key);
    if (!response.ok()) return response.status().ToString();
    const std::string name = v1::MayContactReason_Name(response->reason());
    return name.substr(std::string("MAY_CONTACT_REASON_").size());
  }

  absl::StatusOr<v1::ListConsentsResponse> List(
      const std::vector<std::string>& ids, int32_t page_size = 0,
      const std::string& token = "", TestKey key = kDemo) {
    v1::ListConsentsRequest request;
    request.mutable_set()->mutable_contact_ids()->Add(ids.begin(), ids.end());
    request.mutable_set()->set_page_token(token);
    request.set_page_size(page_size);
    return harness_.Call(&Stub::ListConsents, request, key);
  }

  const v1::ChannelValue mail_ = Email("ada@example.com");
  const v1::ChannelValue phone_ = Phone("+14155552671");
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_FIXTURE_H_
