#include "identity-svc/consent/permission.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/base/times.h"
#include "common/base/uuid.h"

namespace kith::identity {
namespace {

using internal::v1::ConsentEntry;
using internal::v1::ConsentWord;

// A word and the contact that it is of; null if there is none.
struct FoundWord {
  const ConsentWord* word = nullptr;
  std::string contact_id = {};
  bool found() const { return word != nullptr; }
};

void TakeNewer(const ConsentWord& word, const std::string& contact_id,
               FoundWord& found) {
  if (found.found() &&
      found.word->recorded_micros() >= word.recorded_micros()) {
    return;
  }
  found = {.word = &word, .contact_id = contact_id};
}

// Returns true if what `contact` has confirmed may lift what `refuser` has
// refused: the holder of the value lifts it for all, and of a shared value each
// customer his or her own.
bool MayLift(const ConsentFacts& facts, const ContactConsents& contact,
             const ContactConsents& refuser) {
  if (!facts.is_shared) return contact.contact_id == facts.holder;
  return contact.contact_id == refuser.contact_id ||
         (!contact.customer_id.empty() &&
          contact.customer_id == refuser.customer_id);
}

// Returns true if the value was confirmed after the refusal was recorded, by
// somebody who may lift it.
bool IsLifted(const ConsentScope& asked, const ConsentFacts& facts,
              const ConsentWord& refusal, const ContactConsents& refuser) {
  if (asked.identity_key.empty()) return false;
  return absl::c_any_of(facts.contacts, [&](const ContactConsents& contact) {
    if (!MayLift(facts, contact, refuser)) return false;
    return absl::c_any_of(
        contact.states.entries(), [&](const ConsentEntry& entry) {
          return entry.has_confirmation() && !entry.identity_key().empty() &&
                 Covers(ScopeOf(entry), asked) &&
                 entry.confirmation().said_micros() > refusal.recorded_micros();
        });
  });
}

FoundWord FindRefusal(const ConsentScope& asked, const ConsentFacts& facts) {
  FoundWord newest;
  for (const ContactConsents& contact : facts.contacts) {
    for (const ConsentEntry& entry : contact.states.entries()) {
      if (!entry.has_refusal() || !Covers(ScopeOf(entry), asked)) continue;
      if (IsLifted(asked, facts, entry.refusal(), contact)) continue;
      TakeNewer(entry.refusal(), contact.contact_id, newest);
    }
  }
  return newest;
}

bool CoversAsked(const Suppression& suppression, const ConsentScope& asked) {
  return Covers(suppression.purpose, asked.purpose) &&
         (suppression.topic.empty() || suppression.topic == asked.topic);
}

const Suppression* FindSuppression(const ConsentScope& asked,
                                   const Suppressions& suppressions) {
  int64_t lifted = 0;
  for (const Suppression& each : suppressions) {
    if (CoversAsked(each, asked)) lifted = std::max(lifted, each.lifted_micros);
  }
  const Suppression* newest = nullptr;
  for (const Suppression& each : suppressions) {
    if (!CoversAsked(each, asked) || each.refused_micros < lifted ||
        each.refused_micros == 0) {
      continue;
    }
    if (newest == nullptr || newest->refused_micros < each.refused_micros) {
      newest = &each;
    }
  }
  return newest;
}

// The grant of an entry that counts at a time, if there is one.
const ConsentWord* GrantAt(const ConsentEntry& entry, int64_t micros) {
  if (entry.has_later_grant() && entry.later_grant().start_micros() <= micros) {
    return &entry.later_grant();
  }
  return entry.has_grant() ? &entry.grant() : nullptr;
}

bool HasEnded(const ConsentWord& grant, int64_t micros) {
  return grant.end_micros() != 0 && grant.end_micros() <= micros;
}

// The words that are no refusals, the newest of each kind.
struct OtherWords {
  FoundWord granted;
  FoundWord pending;
  FoundWord not_yet;
  FoundWord expired;
};

OtherWords FindOtherWords(const ConsentScope& asked,
                          const ConsentFacts& facts) {
  OtherWords words;
  for (const ContactConsents& contact : facts.contacts) {
    const std::string& id = contact.contact_id;
    for (const ConsentEntry& entry : contact.states.entries()) {
      if (!Covers(ScopeOf(entry), asked)) continue;
      const bool of_holder = !entry.identity_key().empty() || facts.is_shared;
      if (of_holder && id != facts.holder) continue;
      if (entry.has_pending()) TakeNewer(entry.pending(), id, words.pending);
      if (const ConsentWord* grant = GrantAt(entry, facts.now_micros)) {
        TakeNewer(
            *grant, id,
            HasEnded(*grant, facts.now_micros) ? words.expired : words.granted);
      } else if (entry.has_later_grant()) {
        TakeNewer(entry.later_grant(), id, words.not_yet);
      }
    }
  }
  return words;
}

void Answer(v1::MayContactAnswer answer, v1::MayContactReason reason,
            const FoundWord& by, v1::ContactPermission& permission) {
  permission.set_answer(answer);
  permission.set_reason(reason);
  if (!by.found()) return;
  permission.set_consent_id(
      base::Uuid::FromBytes(by.word->consent_id()).ToString());
  permission.set_contact_id(by.contact_id);
  *permission.mutable_recorded_time() =
      base::ToProto(by.word->recorded_micros());
}

void AnswerByGrants(const ConsentScope& asked, const ConsentFacts& facts,
                    v1::ContactPermission& permission) {
  using enum v1::MayContactReason;
  const OtherWords words = FindOtherWords(asked, facts);
  constexpr auto kNo = v1::MAY_CONTACT_ANSWER_NO;
  constexpr auto kYes = v1::MAY_CONTACT_ANSWER_YES;
  if (words.granted.found()) {
    Answer(kYes, MAY_CONTACT_REASON_GRANTED, words.granted, permission);
  } else if (!NeedsGrant(asked.purpose)) {
    Answer(kYes, MAY_CONTACT_REASON_NOT_REFUSED, {}, permission);
  } else if (words.pending.found()) {
    Answer(kNo, MAY_CONTACT_REASON_PENDING, words.pending, permission);
  } else if (words.not_yet.found()) {
    Answer(kNo, MAY_CONTACT_REASON_NOT_YET, words.not_yet, permission);
  } else if (words.expired.found()) {
    Answer(kNo, MAY_CONTACT_REASON_EXPIRED, words.expired, permission);
  } else {
    Answer(kNo, MAY_CONTACT_REASON_NO_CONSENT, {}, permission);
  }
}

v1::ConsentState StateOf(const v1::ContactPermission& permission) {
  switch (permission.reason()) {
    case v1::MAY_CONTACT_REASON_REFUSED:
    case v1::MAY_CONTACT_REASON_SUPPRESSED:
      return v1::CONSENT_STATE_REFUSED;
    case v1::MAY_CONTACT_REASON_GRANTED:
      return v1::CONSENT_STATE_GRANTED;
    case v1::MAY_CONTACT_REASON_PENDING:
      return v1::CONSENT_STATE_PENDING;
    default:
      return v1::CONSENT_STATE_UNSPECIFIED;
  }
}

// The end of the grant with this id; 0 if it has none.
int64_t EndOfGrant(const std::string& consent_id, const ConsentFacts& facts) {
  for (const ContactConsents& contact : facts.contacts) {
    for (const ConsentEntry& entry : contact.states.entries()) {
      const ConsentWord* grant = GrantAt(entry, facts.now_micros);
      if (grant != nullptr &&
          base::Uuid::FromBytes(grant->consent_id()).ToString() == consent_id) {
        return grant->end_micros();
      }
    }
  }
  return 0;
}

// The purposes and topics that somebody has said a word about.
using Subjects = std::set<std::pair<v1::ConsentPurpose, std::string>>;

Subjects SubjectsOf(const ConsentScope& value, const ConsentFacts& facts) {
  Subjects subjects;
  const auto add = [&](v1::ConsentPurpose purpose, const std::string& topic) {
    for (const auto each :
         {v1::CONSENT_PURPOSE_MARKETING, v1::CONSENT_PURPOSE_SALES,
          v1::CONSENT_PURPOSE_SHARE}) {
      if (Covers(purpose, each)) subjects.emplace(each, topic);
    }
  };
  for (const ContactConsents& contact : facts.contacts) {
    for (const ConsentEntry& entry : contact.states.entries()) {
      ConsentScope covered = value;
      covered.purpose = entry.purpose();
      covered.topic = entry.topic();
      if (Covers(ScopeOf(entry), covered)) add(entry.purpose(), entry.topic());
    }
  }
  for (const Suppression& each : facts.suppressions) {
    add(each.purpose, each.topic);
  }
  return subjects;
}

}  // namespace

std::vector<base::Uuid> PeopleOf(const v1::Identity& identity) {
  std::vector<base::Uuid> people;
  if (identity.stand_in_contact_id().empty()) return people;
  people.push_back(*base::Uuid::Parse(identity.stand_in_contact_id()));
  for (const std::string& id : identity.sharing_contact_ids()) {
    people.push_back(*base::Uuid::Parse(id));
  }
  return people;
}

std::vector<base::Uuid> PeopleOf(const v1::Identity& identity,
                                 const v1::MayContactRequest& request) {
  const std::vector<base::Uuid> sharers = PeopleOf(identity);
  std::vector<base::Uuid> people = sharers;
  for (const v1::SharingGroup& group : request.sharing_groups()) {
    std::vector<base::Uuid> members;
    for (const std::string& id : group.contact_ids()) {
      members.push_back(*base::Uuid::Parse(id));
    }
    const bool shares = absl::c_any_of(members, [&](const base::Uuid& id) {
      return absl::c_linear_search(sharers, id);
    });
    if (shares) people.insert(people.end(), members.begin(), members.end());
  }
  return people;
}

void NameCustomers(
    const std::vector<base::Uuid>& group,
    const google::protobuf::RepeatedPtrField<v1::SharingGroup>& others,
    std::vector<ContactConsents>& contacts) {
  std::map<std::string, std::string> customers;
  for (const v1::SharingGroup& other : others) {
    for (const std::string& id : other.contact_ids()) {
      customers[base::Uuid::Parse(id)->ToString()] = other.contact_ids(0);
    }
  }
  for (const base::Uuid& id : group) {
    customers[id.ToString()] = group.front().ToString();
  }
  for (ContactConsents& contact : contacts) {
    const auto it = customers.find(contact.contact_id);
    if (it != customers.end()) contact.customer_id = it->second;
  }
}

v1::ContactPermission Decide(const ConsentScope& asked,
                             const ConsentFacts& facts) {
  v1::ContactPermission permission;
  permission.set_identity_key(asked.identity_key);
  permission.set_channel(asked.channel);
  if (AlwaysPasses(asked.purpose)) {
    Answer(v1::MAY_CONTACT_ANSWER_YES, v1::MAY_CONTACT_REASON_PURPOSE_PASSES,
           {}, permission);
    return permission;
  }
  if (const FoundWord refusal = FindRefusal(asked, facts); refusal.found()) {
    Answer(v1::MAY_CONTACT_ANSWER_NO, v1::MAY_CONTACT_REASON_REFUSED, refusal,
           permission);
    return permission;
  }
  if (const Suppression* by = FindSuppression(asked, facts.suppressions)) {
    Answer(v1::MAY_CONTACT_ANSWER_NO, v1::MAY_CONTACT_REASON_SUPPRESSED, {},
           permission);
    *permission.mutable_recorded_time() = base::ToProto(by->refused_micros);
    return permission;
  }
  AnswerByGrants(asked, facts, permission);
  return permission;
}

void Conclude(bool more, v1::MayContactResponse& response) {
  const auto& first = response.permissions(0);
  const bool agree = absl::c_all_of(response.permissions(),
                                    [&](const v1::ContactPermission& each) {
                                      return each.answer() == first.answer();
                                    });
  if (!agree || more) {
    response.set_answer(v1::MAY_CONTACT_ANSWER_MAYBE);
    response.set_reason(v1::MAY_CONTACT_REASON_DIFFERS);
    return;
  }
  response.set_answer(first.answer());
  response.set_reason(first.reason());
}

std::vector<v1::CurrentConsent> CurrentConsentsOf(
    const std::string& identity_key, v1::Channel channel,
    const ConsentFacts& facts) {
  std::vector<v1::CurrentConsent> consents;
  ConsentScope asked{.identity_key = identity_key, .channel = channel};
  for (const auto& [purpose, topic] : SubjectsOf(asked, facts)) {
    asked.purpose = purpose;
    asked.topic = topic;
    const v1::ContactPermission permission = Decide(asked, facts);
    const v1::ConsentState state = StateOf(permission);
    if (state == v1::CONSENT_STATE_UNSPECIFIED) continue;
    v1::CurrentConsent& current = consents.emplace_back();
    current.set_purpose(purpose);
    current.set_topic(topic);
    current.set_state(state);
    current.set_consent_id(permission.consent_id());
    current.set_contact_id(permission.contact_id());
    *current.mutable_recorded_time() = permission.recorded_time();
    if (state != v1::CONSENT_STATE_GRANTED) continue;
    if (const int64_t end = EndOfGrant(permission.consent_id(), facts)) {
      *current.mutable_effective_end_time() = base::ToProto(end);
    }
  }
  return consents;
}

}  // namespace kith::identity
