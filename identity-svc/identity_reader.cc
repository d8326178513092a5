#include "identity-svc/identity_reader.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/held_keys.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_candidates.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/quarantine/fan_in.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int32_t kMaxCandidates = 20;
// More than candidates, as those that public forms have put in give way.
constexpr int32_t kMaxKeysOfValue = 500;
// A batch of 500 requests then has as many as ListIdentities returns at most.
constexpr int32_t kMaxHolderIdentities = 20;

// What is stored of a number of keys. `holdings` has an entry for each key that
// was read, also for those without holdings.
struct Stored {
  absl::flat_hash_map<std::string, Holdings> holdings;
  absl::flat_hash_map<std::string, v1::Identity> identities;
  Aliases aliases;
};

// Adds the holdings of those keys that were not read yet.
absl::Status AddHoldings(const Tx& tx, const std::set<std::string>& keys,
                         Stored& stored) {
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    if (stored.holdings.try_emplace(key).second) missing.push_back(key);
  }
  KITH_ASSIGN_OR_RETURN(auto found, SelectHoldings(tx, missing));
  for (auto& [key, holdings] : found) {
    stored.holdings[key] = std::move(holdings);
  }
  return absl::OkStatus();
}

// Sets the identities and aliases of all keys. One without holdings is nobody's
// or an alias.
absl::Status SetIdentities(const Tx& tx, Stored& stored) {
  std::vector<std::string> keys;
  for (const auto& [key, holdings] : stored.holdings) keys.push_back(key);
  KITH_ASSIGN_OR_RETURN(stored.identities,
                        SelectIdentities(tx, keys, &stored.aliases));
  return absl::OkStatus();
}

// Adds what the keys that are aliases stand for. An alias stays, as its
// identity may move to it meanwhile.
void FollowAliases(const Aliases& aliases, std::vector<std::string>& keys) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& key) {
    if (!absl::c_linear_search(all, key)) all.push_back(key);
  };
  for (const std::string& key : keys) {
    const auto alias = aliases.find(key);
    if (alias != aliases.end()) add(alias->second);
    add(key);
  }
  keys = std::move(all);
}

// Adds the aliases that count. Returns true if an identity has a row and no
// holdings: then it is an alias, or has moved there between two statements.
bool AddAliases(const Stored& stored, Aliases& aliases) {
  bool added = false;
  for (const auto& [key, identity] : stored.identities) {
    if (!stored.holdings.at(key).empty()) continue;
    const auto alias = stored.aliases.find(key);
    if (alias != stored.aliases.end()) aliases.emplace(*alias);
    added = true;
  }
  return added;
}

// Returns true if the contact holds or shares the value now.
bool Holds(const Stored& stored, const Uuid& contact, const std::string& key) {
  const auto holdings = stored.holdings.find(key);
  if (holdings == stored.holdings.end()) return false;
  const Holding* const open = OpenHolding(holdings->second);
  return open != nullptr && HoldsOrShares(*open, contact);
}

// Returns the holding of the value that is shown of the contact, or null.
const Holding* ShownOf(const Stored& stored, const Uuid& contact,
                       const std::string& key, bool include_past) {
  const auto holdings = stored.holdings.find(key);
  return holdings == stored.holdings.end()
             ? nullptr
             : ShownHolding(holdings->second, contact, include_past);
}

// The keys of all identities that the value may mean.
absl::StatusOr<std::vector<std::string>> KeysOf(const Tx& tx,
                                                const v1::ChannelValue& value) {
  std::vector<std::string> keys;
  for (const Reading& reading : ReadAny(value, *tx.context.principal->tenant)) {
    if (!reading.refusal.empty()) continue;
    const v1::Identity& identity = reading.identity;
    if (!identity.identity_key().empty()) {
      keys.push_back(identity.identity_key());
      continue;
    }
    for (const std::string& value :
         {identity.normalized_value(), reading.exact_value}) {
      if (value.empty()) continue;
      KITH_ASSIGN_OR_RETURN(
          const std::vector<std::string> found,
          SelectKeysOfValue(tx, identity.channel(), value, kMaxKeysOfValue));
      // Where names have case, only what was typed so.
      const bool folded =
          !reading.exact_value.empty() && value != reading.exact_value;
      for (const std::string& key : found) {
        if (folded && !IsInKnownNetwork(reading, key)) continue;
        keys.push_back(key);
      }
    }
  }
  return keys;
}

std::optional<int64_t> TimeOf(const v1::ResolveIdentityRequest& request) {
  if (!request.has_at_time()) return std::nullopt;
  return base::ToMicros(request.at_time());
}

const Holding* HoldingFor(const v1::ResolveIdentityRequest& request,
                          const Holdings& holdings) {
  const std::optional<int64_t> time = TimeOf(request);
  return time.has_value() ? HolderAt(holdings, *time) : OpenHolding(holdings);
}

// A contact that a value may mean.
struct HoldingCandidate {
  std::string key;
  Holding holding;
  // The holder, or one of those who share the value.
  Uuid contact;
};

// In the order of the keys that the value may mean, at most kMaxCandidates.
using Candidates = std::vector<HoldingCandidate>;

// What anybody may have put in by a public form counts only if there is nothing
// else: a shop's id may be somebody's handle, or the digits of a phone.
Candidates CandidatesOf(const v1::ResolveIdentityRequest& request,
                        const std::vector<std::string>& keys,
                        const Stored& stored) {
  Candidates candidates, of_forms;
  for (const std::string& key : keys) {
    const auto holdings = stored.holdings.find(key);
    if (holdings == stored.holdings.end()) continue;
    const Holding* const holding = HoldingFor(request, holdings->second);
    if (holding == nullptr) continue;
    const bool by_form =
        holding->assurance == config::v1::ASSURANCE_UNAUTHENTICATED;
    for (const Uuid& contact : CandidatesAt(*holding, TimeOf(request))) {
      (by_form ? of_forms : candidates).push_back({key, *holding, contact});
    }
  }
  if (candidates.empty()) candidates = std::move(of_forms);
  if (candidates.size() > kMaxCandidates) candidates.resize(kMaxCandidates);
  return candidates;
}

// Returns the contact of the candidates, or nullopt if they have none or
// several.
std::optional<Uuid> OnlyHolder(const Candidates& candidates) {
  std::optional<Uuid> only;
  for (const HoldingCandidate& candidate : candidates) {
    if (only.has_value() && *only != candidate.contact) return std::nullopt;
    only = candidate.contact;
  }
  return only;
}

v1::ResolveIdentityResponse Answer(const Candidates& candidates,
                                   const Stored& stored) {
  v1::ResolveIdentityResponse response;
  for (const HoldingCandidate& each : candidates) {
    const auto found = stored.identities.find(each.key);
    if (found == stored.identities.end()) continue;
    v1::Candidate& candidate = *response.add_candidates();
    v1::Identity& identity = *candidate.mutable_identity();
    identity = found->second;
    ShowAs(each.holding, each.contact, identity);
    candidate.set_reason(absl::StrCat(InWords(identity),
                                      SharedInWords(identity),
                                      QuarantinedInWords(identity)));
    if (response.stand_in_contact_id().empty()) {
      response.set_stand_in_contact_id(identity.stand_in_contact_id());
    }
  }
  response.set_outcome(candidates.empty() ? v1::RESOLVE_OUTCOME_NONE
                       : OnlyHolder(candidates).has_value()
                           ? v1::RESOLVE_OUTCOME_ONE
                           : v1::RESOLVE_OUTCOME_MANY);
  return response;
}

IdentityPage MakePage(HeldKeys held, const Stored& stored, int32_t limit,
                      bool include_past) {
  IdentityPage page;
  if (held.size() > static_cast<size_t>(limit)) {
    held.erase(std::prev(held.end()));
    page.last_key = held.rbegin()->first;
  }
  for (const auto& [key, member] : held) {
    const auto identity = stored.identities.find(key);
    // The holding may have ended since the key was read.
    const Holding* const shown = ShownOf(stored, member, key, include_past);
    if (identity == stored.identities.end() || shown == nullptr) continue;
    page.identities.push_back(identity->second);
    ShowAs(*shown, member, page.identities.back());
  }
  return page;
}

// A request on its way to a ResolvedValue.
struct Resolving {
  const v1::ResolveIdentityRequest* request;
  std::vector<std::string> keys = {};
  Candidates candidates = {};

  // Returns the contact whose identities the request asks for.
  std::optional<Uuid> holder() const {
    return request->include_holder_identities() ? OnlyHolder(candidates)
                                                : std::nullopt;
  }
};

using HeldByContact = std::map<Uuid, HeldKeys>;

// Returns what each holder() holds, and adds the holdings to `stored`.
absl::StatusOr<HeldByContact> SelectHeldByHolders(
    const Tx& tx, const std::vector<Resolving>& requests, Stored& stored) {
  std::vector<MemberSet> holders;
  HeldByContact held;
  for (const Resolving& each : requests) {
    const std::optional<Uuid> holder = each.holder();
    if (!holder.has_value() || !held.try_emplace(*holder).second) continue;
    holders.push_back({{*holder}, ""});
  }
  KITH_ASSIGN_OR_RETURN(auto found,
                        SelectHeld(tx, holders, kMaxHolderIdentities,
                                   /*include_past=*/false));
  std::set<std::string> keys;
  for (size_t i = 0; i < holders.size(); ++i) {
    for (const auto& [key, contact] : found[i]) keys.insert(key);
    held[holders[i].contact_ids.front()] = std::move(found[i]);
  }
  KITH_RETURN_IF_ERROR(AddHoldings(tx, keys, stored));
  return held;
}

// Returns true if what was read of the holder's keys agrees with the holdings
// of the value that were read before: no other call has changed them meanwhile.
bool Agrees(const Resolving& resolving, const HeldByContact& held,
            const Stored& stored) {
  const std::optional<Uuid> holder = resolving.holder();
  if (!holder.has_value()) return true;
  const HeldKeys& keys = held.at(*holder);
  for (const auto& [key, contact] : keys) {
    if (!Holds(stored, contact, key)) return false;
  }
  const bool all = keys.size() <= kMaxHolderIdentities;
  for (const std::string& key : resolving.keys) {
    const bool read = all || key <= keys.rbegin()->first;
    if (read && Holds(stored, *holder, key) && !keys.contains({key, *holder})) {
      return false;
    }
  }
  return true;
}

ResolvedValue MakeResolved(const Resolving& resolving, const Stored& stored,
                           const HeldByContact& held) {
  ResolvedValue value{.response = Answer(resolving.candidates, stored)};
  if (const std::optional<Uuid> holder = resolving.holder()) {
    value.holder.contact_ids.push_back(*holder);
    value.holder_page = MakePage(held.at(*holder), stored, kMaxHolderIdentities,
                                 /*include_past=*/false);
  }
  return value;
}

// Follows `aliases`, and adds those that it meets. Sets `agree` to false if it
// meets any, or if a holder changed between two statements.
absl::StatusOr<std::vector<ResolvedValue>> ResolveAll(
    const Tx& tx,
    const std::vector<const v1::ResolveIdentityRequest*>& requests,
    Aliases& aliases, bool& agree) {
  std::vector<Resolving> all;
  std::set<std::string> keys;
  for (const v1::ResolveIdentityRequest* request : requests) {
    Resolving& each = all.emplace_back(Resolving{.request = request});
    KITH_ASSIGN_OR_RETURN(each.keys, KeysOf(tx, request->value()));
    if (!aliases.empty()) FollowAliases(aliases, each.keys);
    keys.insert(each.keys.begin(), each.keys.end());
  }
  Stored stored;
  KITH_RETURN_IF_ERROR(AddHoldings(tx, keys, stored));
  for (Resolving& each : all) {
    each.candidates = CandidatesOf(*each.request, each.keys, stored);
  }
  KITH_ASSIGN_OR_RETURN(const HeldByContact held,
                        SelectHeldByHolders(tx, all, stored));
  KITH_RETURN_IF_ERROR(SetIdentities(tx, stored));
  agree = !AddAliases(stored, aliases);
  std::vector<ResolvedValue> resolved;
  for (const Resolving& each : all) {
    agree &= Agrees(each, held, stored);
    resolved.push_back(MakeResolved(each, stored, held));
  }
  return resolved;
}

// Sets `agree` to false if a holding of the contacts ended, or an identity
// moved, between two statements.
absl::StatusOr<std::vector<IdentityPage>> ListAll(
    const Tx& tx, const std::vector<MemberSet>& sets, int32_t limit,
    bool include_past, bool& agree) {
  KITH_ASSIGN_OR_RETURN(std::vector<HeldKeys> held,
                        SelectHeld(tx, sets, limit, include_past));
  std::set<std::string> all;
  for (const HeldKeys& keys : held) {
    for (const auto& [key, member] : keys) all.insert(key);
  }
  Stored stored;
  KITH_RETURN_IF_ERROR(AddHoldings(tx, all, stored));
  KITH_RETURN_IF_ERROR(SetIdentities(tx, stored));
  agree = true;
  std::vector<IdentityPage> pages;
  for (HeldKeys& keys : held) {
    for (const auto& [key, member] : keys) {
      agree &= ShownOf(stored, member, key, include_past) != nullptr &&
               stored.identities.contains(key);
    }
    pages.push_back(MakePage(std::move(keys), stored, limit, include_past));
  }
  return pages;
}

}  // namespace

absl::StatusOr<std::vector<ResolvedValue>> IdentityReader::Resolve(
    const Tx& tx,
    const std::vector<const v1::ResolveIdentityRequest*>& requests) const {
  bool agree = false;
  Aliases aliases;
  auto resolved = ResolveAll(tx, requests, aliases, agree);
  KITH_RETURN_IF_ERROR(resolved.status());
  // A snapshot costs three statements more, so it is for the few that need it.
  if (!agree) {
    KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
      resolved = ResolveAll(tx, requests, aliases, agree);
      return resolved.status();
    }));
  }
  std::vector<v1::ResolveIdentityResponse*> asked;
  for (size_t i = 0; i < requests.size(); ++i) {
    if (requests[i]->include_identity_candidates()) {
      asked.push_back(&(*resolved)[i].response);
    }
  }
  KITH_RETURN_IF_ERROR(AddCandidates(tx, asked));
  return resolved;
}

absl::StatusOr<std::vector<IdentityPage>> IdentityReader::List(
    const Tx& tx, const std::vector<MemberSet>& sets, int32_t limit,
    bool include_past) const {
  bool agree = false;
  auto pages = ListAll(tx, sets, limit, include_past, agree);
  if (!pages.ok() || agree) return pages;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    pages = ListAll(tx, sets, limit, include_past, agree);
    return pages.status();
  }));
  return pages;
}

}  // namespace kith::identity
