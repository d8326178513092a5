#include "identity-svc/consent_reader.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "identity-svc/consent/consent_row.h"
#include "identity-svc/consent/permission.h"
#include "identity-svc/consent/suppression_row.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

// Most values that an answer looks at.
constexpr size_t kMaxPermissions = 50;

// One request on its way to an answer.
struct Asking {
  const v1::MayContactRequest* request;
  absl::Status status = {};
  std::vector<Uuid> contact_ids = {};
  // The value that the request names; otherwise those that the contacts hold.
  bool by_value = false;
  std::set<std::string> keys = {};
  // There are more than were read.
  bool more = false;
};

Asking AskingOf(const Tx& tx, const v1::MayContactRequest& request) {
  Asking asking{.request = &request};
  for (const std::string& id : request.contact_ids()) {
    asking.contact_ids.push_back(*Uuid::Parse(id));
  }
  asking.by_value = request.has_value() || !request.identity_key().empty();
  if (!request.identity_key().empty()) {
    asking.keys.insert(request.identity_key());
  }
  if (!request.has_value()) return asking;
  const Reading reading = Read(request.value(), *tx.context.principal->tenant);
  if (reading.refusal.empty()) {
    asking.keys.insert(reading.identity.identity_key());
  } else {
    asking.status =
        absl::InvalidArgumentError(absl::StrCat("value: ", reading.refusal));
  }
  return asking;
}

// Adds the keys that the contacts of requests without a value hold.
absl::Status AddHeldKeys(const Tx& tx, std::vector<Asking>& all) {
  std::vector<KeysSeek> seeks;
  std::vector<Asking*> askers;
  for (Asking& asking : all) {
    if (asking.by_value) continue;
    for (const Uuid& id : asking.contact_ids) {
      seeks.push_back({id, ""});
      askers.push_back(&asking);
    }
  }
  KITH_ASSIGN_OR_RETURN(const auto found,
                        SelectKeysOfContacts(tx, seeks, kMaxPermissions + 1));
  for (size_t i = 0; i < found.size(); ++i) {
    askers[i]->keys.insert(found[i].begin(), found[i].end());
    askers[i]->more |= found[i].size() > kMaxPermissions;
  }
  return absl::OkStatus();
}

// What is stored of values.
struct StoredIdentities {
  absl::flat_hash_map<std::string, v1::Identity> identities;
  absl::flat_hash_map<std::string, Holdings> holdings;
  CreateTimes created;
};

absl::Status ReadIdentities(const Tx& tx, const std::vector<std::string>& keys,
                            Aliases& aliases, StoredIdentities& stored) {
  KITH_ASSIGN_OR_RETURN(stored.identities,
                        SelectIdentities(tx, keys, &aliases, &stored.created));
  KITH_ASSIGN_OR_RETURN(stored.holdings, SelectHoldings(tx, keys));
  return absl::OkStatus();
}

std::vector<std::string> KeysOf(const std::vector<Asking>& all) {
  std::set<std::string> keys;
  for (const Asking& asking : all) {
    keys.insert(asking.keys.begin(), asking.keys.end());
  }
  return {keys.begin(), keys.end()};
}

// Reads the values, and has those that are aliases be what they stand for.
absl::StatusOr<StoredIdentities> ReadMeant(const Tx& tx,
                                           std::vector<Asking>& all) {
  StoredIdentities stored;
  Aliases aliases;
  KITH_RETURN_IF_ERROR(ReadIdentities(tx, KeysOf(all), aliases, stored));
  bool moved = false;
  for (Asking& asking : all) {
    std::set<std::string> keys;
    for (const std::string& key : asking.keys) {
      const auto alias = aliases.find(key);
      const bool meant =
          alias != aliases.end() && !stored.holdings.contains(key);
      keys.insert(meant ? alias->second : key);
      moved |= meant;
    }
    asking.keys = std::move(keys);
  }
  if (!moved) return stored;
  aliases.clear();
  KITH_RETURN_IF_ERROR(ReadIdentities(tx, KeysOf(all), aliases, stored));
  return stored;
}

v1::Channel ChannelOf(const StoredIdentities& stored, const std::string& key) {
  const auto it = stored.identities.find(key);
  return it == stored.identities.end() ? v1::CHANNEL_UNSPECIFIED
                                       : it->second.channel();
}

// The holding by which one of these contacts holds or shares the value now, or
// null.
const Holding* HoldingBy(const StoredIdentities& stored, const std::string& key,
                         const std::vector<Uuid>& contact_ids) {
  const auto it = stored.holdings.find(key);
  if (it == stored.holdings.end()) return nullptr;
  const Holding* const open = OpenHolding(it->second);
  const bool theirs =
      open != nullptr && absl::c_any_of(contact_ids, [&](const Uuid& id) {
        return HoldsOrShares(*open, id);
      });
  return theirs ? open : nullptr;
}

// Sets since when the contact holds the value for certain.
void AddSureTime(const StoredIdentities& stored, const Holding& held,
                 v1::ContactPermission& permission) {
  const std::string& key = permission.identity_key();
  const auto created = stored.created.find(key);
  const int64_t since =
      HeldSince(held, created == stored.created.end() ? 0 : created->second);
  const v1::Verification& proof = held.details.verification();
  const int64_t proven =
      proof.has_verify_time() ? base::ToMicros(proof.verify_time()) : since;
  *permission.mutable_sure_time() = base::ToProto(std::max(since, proven));
}

// Sets who shares the value.
void SetSharers(const v1::Identity& held, v1::ContactPermission& permission) {
  permission.set_stand_in_contact_id(held.stand_in_contact_id());
  *permission.mutable_sharing_contact_ids() = held.sharing_contact_ids();
}

// Leaves the values by which the customer could be contacted as asked.
void KeepReachable(const StoredIdentities& stored, Asking& asking) {
  if (asking.by_value) return;
  std::erase_if(asking.keys, [&](const std::string& key) {
    const v1::Channel channel = ChannelOf(stored, key);
    const v1::Channel asked = asking.request->channel();
    const bool wanted = asked == v1::CHANNEL_UNSPECIFIED
                            ? channel == v1::CHANNEL_PHONE ||
                                  channel == v1::CHANNEL_EMAIL ||
                                  channel == v1::CHANNEL_SOCIAL
                            : channel == asked;
    return !wanted || HoldingBy(stored, key, asking.contact_ids) == nullptr;
  });
  if (asking.keys.size() <= kMaxPermissions) return;
  asking.more = true;
  asking.keys.erase(std::next(asking.keys.begin(), kMaxPermissions),
                    asking.keys.end());
}

// The words of all contacts, and the suppressions of all values, that are asked
// for.
class Words {
 public:
  explicit Words(const SuppressionKey& key) : key_(key) {}

  absl::Status Read(const Tx& tx, const std::set<Uuid>& ids,
                    const std::vector<std::string>& keys) {
    const std::vector<Uuid> contact_ids(ids.begin(), ids.end());
    KITH_ASSIGN_OR_RETURN(std::vector<ContactConsents> found,
                          SelectConsentStates(tx, contact_ids));
    for (ContactConsents& each : found) {
      const std::string id = each.contact_id;
      contacts_[id] = std::move(each);
    }
    const std::vector<std::string> hashes = key_.Hashes(tx.tenant_id(), keys);
    KITH_ASSIGN_OR_RETURN(const auto suppressed,
                          SelectSuppressions(tx, hashes));
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto it = suppressed.find(hashes[i]);
      if (it != suppressed.end()) suppressions_[keys[i]] = it->second;
    }
    return absl::OkStatus();
  }

  // Those of the contacts who have said anything.
  std::vector<ContactConsents> Of(const std::vector<Uuid>& contact_ids) const {
    std::vector<ContactConsents> found;
    if (contacts_.empty()) return found;
    for (const Uuid& id : contact_ids) {
      const auto it = contacts_.find(id.ToString());
      if (it != contacts_.end()) found.push_back(it->second);
    }
    return found;
  }

  const Suppressions& SuppressionsOf(const std::string& key) const {
    static const auto* const none = new Suppressions;
    const auto it = suppressions_.find(key);
    return it == suppressions_.end() ? *none : it->second;
  }

 private:
  const SuppressionKey& key_;
  absl::flat_hash_map<std::string, ContactConsents> contacts_;
  absl::flat_hash_map<std::string, Suppressions> suppressions_;
};

// The words that count for a value: those of the group, and of the people who
// share it.
class CountedWords {
 public:
  CountedWords(const Words& words, const std::vector<Uuid>& group)
      : words_(words), group_(group), of_group_(words.Of(group)) {}

  // `others` are groups of those who share it. Good until the next call.
  const std::vector<ContactConsents>& For(
      const std::vector<Uuid>& people,
      const google::protobuf::RepeatedPtrField<v1::SharingGroup>& others = {}) {
    if (people.empty()) return of_group_;
    std::set<Uuid> ids(group_.begin(), group_.end());
    ids.insert(people.begin(), people.end());
    of_all_ = words_.Of({ids.begin(), ids.end()});
    NameCustomers(group_, others, of_all_);
    return of_all_;
  }

 private:
  const Words& words_;
  const std::vector<Uuid>& group_;
  const std::vector<ContactConsents> of_group_;
  std::vector<ContactConsents> of_all_;
};

// Adds who shares the values that are asked for.
void AddPeople(const StoredIdentities& stored, const Asking& asking,
               std::set<Uuid>& ids) {
  for (const std::string& key : asking.keys) {
    const Holding* const holding = HoldingBy(stored, key, asking.contact_ids);
    if (holding == nullptr || !IsShared(*holding)) continue;
    v1::Identity held;
    Show(*holding, held);
    const std::vector<Uuid> people = PeopleOf(held, *asking.request);
    ids.insert(people.begin(), people.end());
  }
}

v1::MayContactResponse DecideAll(const Tx& tx, const Asking& asking,
                                 const StoredIdentities& stored,
                                 const Words& words) {
  const v1::MayContactRequest& request = *asking.request;
  CountedWords counted(words, asking.contact_ids);
  v1::MayContactResponse response;
  const auto decide = [&](const std::string& key, v1::Channel channel) {
    const Holding* const holding = HoldingBy(stored, key, asking.contact_ids);
    v1::Identity held;
    if (holding != nullptr) Show(*holding, held);
    const std::vector<Uuid> people = PeopleOf(held, request);
    v1::ContactPermission& permission = *response.add_permissions();
    permission =
        Decide({.identity_key = key,
                .channel = channel,
                .purpose = request.purpose(),
                .topic = request.topic()},
               {.contacts = counted.For(people, request.sharing_groups()),
                .holder = held.contact_id(),
                .suppressions = words.SuppressionsOf(key),
                .now_micros = absl::ToUnixMicros(tx.now),
                .is_shared = !people.empty()});
    SetSharers(held, permission);
    if (holding != nullptr) AddSureTime(stored, *holding, permission);
  };
  for (const std::string& key : asking.keys) {
    decide(key, ChannelOf(stored, key));
  }
  if (asking.keys.empty()) decide("", request.channel());
  Conclude(asking.more, response);
  return response;
}

// Adds what the contacts, and those who share the value, have said for it.
void AddConsentsTo(const Tx& tx, const Words& words, CountedWords& counted,
                   v1::Identity& identity) {
  const std::string& key = identity.identity_key();
  // A past identity has no holder any more.
  const bool is_past = identity.has_end_time();
  const std::vector<Uuid> people =
      is_past ? std::vector<Uuid>() : PeopleOf(identity);
  const std::string& holder =
      people.empty() ? identity.contact_id() : identity.stand_in_contact_id();
  for (v1::CurrentConsent& current :
       CurrentConsentsOf(key, identity.channel(),
                         {.contacts = counted.For(people),
                         .holder = is_past ? "" : holder,
                         .suppressions = words.SuppressionsOf(key),
                         .now_micros = absl::ToUnixMicros(tx.now),
                         .is_shared = !people.empty()})) {
    *identity.add_consents() = std::move(current);
  }
}

}  // namespace

absl::StatusOr<std::vector<v1::Consent>> ConsentReader::List(
    const Tx& tx, const std::vector<Uuid>& contact_ids,
    const internal::v1::ConsentPosition& after, int32_t limit) const {
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactConsents> with_words,
                        SelectConsentStates(tx, contact_ids));
  std::vector<Uuid> ids;
  for (const ContactConsents& each : with_words) {
    ids.push_back(*Uuid::Parse(each.contact_id));
  }
  return SelectNewest(tx, ids, after, limit);
}

absl::StatusOr<std::vector<absl::StatusOr<v1::MayContactResponse>>>
ConsentReader::MayContact(
    const Tx& tx,
    absl::Span<const v1::MayContactRequest* const> requests) const {
  std::vector<Asking> all;
  std::set<Uuid> ids;
  for (const v1::MayContactRequest* request : requests) {
    all.push_back(AskingOf(tx, *request));
    ids.insert(all.back().contact_ids.begin(), all.back().contact_ids.end());
  }
  KITH_RETURN_IF_ERROR(AddHeldKeys(tx, all));
  KITH_ASSIGN_OR_RETURN(const StoredIdentities stored, ReadMeant(tx, all));
  for (Asking& asking : all) KeepReachable(stored, asking);
  for (const Asking& asking : all) AddPeople(stored, asking, ids);
  Words words(key_);
  KITH_RETURN_IF_ERROR(words.Read(tx, ids, KeysOf(all)));
  std::vector<absl::StatusOr<v1::MayContactResponse>> responses;
  for (const Asking& asking : all) {
    if (asking.status.ok()) {
      responses.emplace_back(DecideAll(tx, asking, stored, words));
    } else {
      responses.emplace_back(asking.status);
    }
  }
  return responses;
}

absl::Status ConsentReader::AddConsents(
    const Tx& tx, absl::Span<const CustomerIdentities> customers) const {
  std::set<Uuid> ids;
  std::set<std::string> keys;
  for (const CustomerIdentities& customer : customers) {
    if (customer.identities->empty()) continue;
    ids.insert(customer.contact_ids.begin(), customer.contact_ids.end());
    for (const v1::Identity& identity : *customer.identities) {
      keys.insert(identity.identity_key());
      const std::vector<Uuid> people = PeopleOf(identity);
      ids.insert(people.begin(), people.end());
    }
  }
  if (keys.empty()) return absl::OkStatus();
  Words words(key_);
  KITH_RETURN_IF_ERROR(words.Read(tx, ids, {keys.begin(), keys.end()}));
  for (const CustomerIdentities& customer : customers) {
    CountedWords counted(words, customer.contact_ids);
    for (v1::Identity& identity : *customer.identities) {
      AddConsentsTo(tx, words, counted, identity);
    }
  }
  return absl::OkStatus();
}

}  // namespace kith::identity
