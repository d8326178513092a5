#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_WORDS_FIXTURE_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_WORDS_FIXTURE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "identity-svc/consent/consent_admission.h"
#include "identity-svc/consent/consent_fold.h"
#include "identity-svc/consent/permission.h"

namespace kith::identity {

// Contacts and channel values of tests.
inline constexpr char kAnn[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000aa";
inline constexpr char kBen[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000bb";
inline constexpr char kMail[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
inline constexpr char kOtherMail[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

// What customers say, one after the other, a second between two words. Ann
// holds the e-mail addresses unless the test says otherwise.
class ConsentWords {
 public:
  // A word of a REPORTED key, said by the person for marketing by kMail.
  static v1::Consent Word(v1::ConsentState state) {
    v1::Consent record;
    record.set_state(state);
    record.set_identity_key(kMail);
    record.set_channel(v1::CHANNEL_EMAIL);
    record.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
    record.set_captured_by(v1::CONSENT_CAPTURER_PERSON);
    record.set_method(v1::CONSENT_METHOD_FORM);
    record.set_assurance(config::v1::ASSURANCE_REPORTED);
    if (state == v1::CONSENT_STATE_GRANTED) {
      record.mutable_text()->set_text_id("newsletter-3");
    }
    return record;
  }
  static v1::Consent Granted() { return Word(v1::CONSENT_STATE_GRANTED); }
  static v1::Consent Asked() { return Word(v1::CONSENT_STATE_PENDING); }
  static v1::Consent Refused() { return Word(v1::CONSENT_STATE_REFUSED); }

  // The person has shown to have access to the value just now.
  v1::Consent Confirmed() const {
    v1::Consent record = Granted();
    record.set_assurance(config::v1::ASSURANCE_VERIFIED);
    *record.mutable_confirmation()->mutable_confirmed_time() = At(now_ + 1);
    record.mutable_confirmation()->set_token_id("token-7");
    return record;
  }

  static v1::Consent ForAll(v1::Consent record) {
    record.clear_identity_key();
    record.clear_channel();
    return record;
  }
  static v1::Consent ForChannel(v1::Consent record, v1::Channel channel) {
    record.clear_identity_key();
    record.set_channel(channel);
    return record;
  }
  static v1::Consent ForPurpose(v1::Consent record,
                                v1::ConsentPurpose purpose) {
    record.set_purpose(purpose);
    return record;
  }
  static v1::Consent ForTopic(v1::Consent record, const std::string& topic) {
    record.set_topic(topic);
    return record;
  }
  static v1::Consent ForOtherMail(v1::Consent record) {
    record.set_identity_key(kOtherMail);
    return record;
  }

  static google::protobuf::Timestamp At(int64_t second) {
    return base::ToProto(second * 1'000'000);
  }
  int64_t now() const { return now_; }

  // Records a word a second later. Returns its id.
  std::string Say(v1::Consent record, const std::string& contact = kAnn) {
    ++now_;
    record.set_contact_id(contact);
    record.set_consent_id(
        absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-", 100'000'000'000 + now_));
    *record.mutable_recorded_time() = At(now_);
    AddToStates(record, states_[contact]);
    if (!record.identity_key().empty()) {
      AddToSuppressions(record, suppressions_[record.identity_key()]);
    }
    last_ = record;
    return record.consent_id();
  }

  // The record as the last Say has recorded it.
  const v1::Consent& last() const { return last_; }

  // Lets seconds pass.
  void Pass(int64_t seconds) { now_ += seconds; }

  void LetHold(const std::string& contact) { holder_ = contact; }
  // Several people share the addresses, Ben among them; Ann stands in for them.
  void LetShare() { is_shared_ = true; }
  // Ann and Ben become two customers again, of whom Ann is asked for.
  void SetGroup(std::vector<std::string> members) {
    members_ = std::move(members);
  }
  // As after erasure: nothing but the suppressions is left.
  void ForgetContacts() { states_.clear(); }
  void ForgetSuppressions() { suppressions_.clear(); }

  v1::ContactPermission Ask(
      v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_MARKETING,
      const std::string& topic = "", const std::string& key = kMail) const {
    return Decide({.identity_key = key,
                   .channel = v1::CHANNEL_EMAIL,
                   .purpose = purpose,
                   .topic = topic},
                  Facts(key));
  }
  v1::MayContactReason Why(
      v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_MARKETING,
      const std::string& topic = "", const std::string& key = kMail) const {
    return Ask(purpose, topic, key).reason();
  }

  ConsentFacts Facts(const std::string& key) const {
    contacts_.clear();
    for (const std::string& id : members_) {
      const auto it = states_.find(id);
      if (it != states_.end()) contacts_.push_back({id, it->second});
    }
    static const auto* const none = new Suppressions;
    const auto suppressed = suppressions_.find(key);
    return {.contacts = contacts_,
            .holder = holder_,
            .suppressions =
                suppressed == suppressions_.end() ? *none : suppressed->second,
            .now_micros = now_ * 1'000'000,
            .is_shared = is_shared_};
  }

 private:
  int64_t now_ = 1'700'000'000;
  std::map<std::string, internal::v1::ConsentStates> states_;
  std::map<std::string, Suppressions> suppressions_;
  std::vector<std::string> members_ = {kAnn, kBen};
  std::string holder_ = kAnn;
  bool is_shared_ = false;
  v1::Consent last_;
  mutable std::vector<ContactConsents> contacts_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_WORDS_FIXTURE_H_
