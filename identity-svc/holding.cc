#include "identity-svc/holding.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {

bool IsFromEver(int64_t start_micros) {
  return start_micros < kFromEver + 1'000'000;
}

bool IsVoid(const Holding& holding) {
  return holding.end_micros == holding.start_micros;
}

bool IsShared(const Holding& holding) { return holding.details.has_sharing(); }

bool HoldsOrShares(const Holding& holding, const base::Uuid& contact) {
  return holding.contact_id == contact ||
         (IsShared(holding) && Shares(holding.details.sharing(), contact));
}

std::vector<base::Uuid> PastContactsOf(const Holding& holding) {
  std::vector<base::Uuid> contacts;
  if (IsVoid(holding)) return contacts;
  const bool has_ended = holding.end_micros.has_value();
  if (has_ended) contacts.push_back(holding.contact_id);
  for (const auto& sharer : holding.details.sharing().sharers()) {
    if (!has_ended && !sharer.has_end_micros()) continue;
    const auto contact = base::Uuid::FromBytes(sharer.contact_id());
    if (!absl::c_linear_search(contacts, contact)) contacts.push_back(contact);
  }
  return contacts;
}

const Holding* VoidBefore(const Holdings& holdings, const Holding& holding) {
  const Holding* before = nullptr;
  for (const Holding& one : holdings) {
    if (one.start_micros >= holding.start_micros) break;
    before = &one;
  }
  return before != nullptr && IsVoid(*before) ? before : nullptr;
}

const Holding* HolderOfEvent(const Holdings& holdings, int64_t micros) {
  const auto it = std::find_if(
      holdings.begin(), holdings.end(), [&](const Holding& holding) {
        return !holding.end_micros.has_value() ||
               (*holding.end_micros > micros && !IsVoid(holding));
      });
  return it == holdings.end() ? nullptr : &*it;
}

const Holding* HolderAt(const Holdings& holdings, int64_t micros) {
  const Holding* const holding = HolderOfEvent(holdings, micros);
  const bool holds =
      holding != nullptr && (holding->start_micros <= micros ||
                             VoidBefore(holdings, *holding) != nullptr);
  return holds ? holding : nullptr;
}

const Holding* OpenHolding(const Holdings& holdings) {
  return !holdings.empty() && !holdings.back().end_micros.has_value()
             ? &holdings.back()
             : nullptr;
}

const Holding* ShownHolding(const Holdings& holdings, const base::Uuid& contact,
                            bool include_past) {
  const Holding* shown = nullptr;
  for (const Holding& holding : holdings) {
    const bool is_open = !holding.end_micros.has_value();
    if ((is_open && HoldsOrShares(holding, contact)) ||
        (include_past &&
         absl::c_linear_search(PastContactsOf(holding), contact))) {
      shown = &holding;
    }
  }
  return shown;
}

int64_t StartOfNext(const Holdings& holdings, int64_t micros) {
  return holdings.empty() ? kFromEver
                          : std::max(micros, *holdings.back().end_micros);
}

void EndAsTaken(int64_t micros, bool voids, Holding& open) {
  open.end_micros =
      voids ? open.start_micros : std::max(micros, open.start_micros + 1);
}

int64_t StartAfterTaken(const Holding& taken, int64_t now_micros) {
  return IsVoid(taken) ? std::max(now_micros, taken.start_micros + 1)
                       : *taken.end_micros;
}

Holdings FormerHolders(const Holdings& holdings, const base::Uuid& contact,
                       int64_t start_micros) {
  constexpr size_t kMaxFormerHolders = 3;
  Holdings former;
  // The newest first.
  for (const Holding& held : Holdings(holdings.rbegin(), holdings.rend())) {
    const auto cause = held.details.end().cause();
    const bool counts =
        cause == internal::v1::HOLDING_END_CAUSE_PROVEN_BY_OTHER ||
        (held.assurance == config::v1::ASSURANCE_VERIFIED && !IsVoid(held) &&
         cause != internal::v1::HOLDING_END_CAUSE_MOVED &&
         cause != internal::v1::HOLDING_END_CAUSE_SHARED);
    const bool known =
        held.contact_id == contact ||
        std::any_of(former.begin(), former.end(), [&](const Holding& one) {
          return one.contact_id == held.contact_id;
        });
    if (held.start_micros >= start_micros || !counts || known ||
        IsShared(held)) {
      continue;
    }
    former.push_back(held);
    if (former.size() == kMaxFormerHolders) break;
  }
  return former;
}

int64_t HeldSince(const Holding& holding, int64_t create_micros) {
  return IsFromEver(holding.start_micros) ? create_micros
                                          : holding.start_micros;
}

bool MayBeInTheMaking(const Holding& holding, int64_t create_micros,
                      int64_t now_micros) {
  return HeldSince(holding, create_micros) + kMakingMicros > now_micros;
}

bool RaiseAssurance(config::v1::Assurance assurance, const std::string& source,
                    Holding& holding) {
  if (holding.end_micros.has_value() ||
      holding.assurance != config::v1::ASSURANCE_UNAUTHENTICATED ||
      assurance <= holding.assurance) {
    return false;
  }
  holding.assurance = assurance;
  holding.source = source;
  return true;
}

std::vector<base::Uuid> CandidatesAt(const Holding& holding,
                                     std::optional<int64_t> micros) {
  if (!IsShared(holding)) return {holding.contact_id};
  const internal::v1::Sharing& sharing = holding.details.sharing();
  if (!micros.has_value()) return SharersOf(sharing);
  // What follows a void holding holds before its start, too.
  return SharersAt(sharing, std::max(*micros, holding.start_micros));
}

std::string SharedInWords(const v1::Identity& identity) {
  if (identity.stand_in_contact_id().empty()) return "";
  const int count = identity.sharing_contact_ids_size();
  return absl::StrCat(", which ", count,
                      count == 1 ? " person shares" : " people share");
}

void Show(const Holding& holding, v1::Identity& identity) {
  identity.set_contact_id(holding.contact_id.ToString());
  identity.clear_start_time();
  identity.clear_end_time();
  if (!IsFromEver(holding.start_micros)) {
    *identity.mutable_start_time() = base::ToProto(holding.start_micros);
  }
  if (holding.end_micros.has_value()) {
    *identity.mutable_end_time() = base::ToProto(*holding.end_micros);
  }
  identity.set_assurance(holding.assurance);
  identity.set_claimed_by(holding.source);
  identity.set_end_reason(holding.details.end().reason());
  identity.clear_verification();
  if (holding.details.has_verification()) {
    *identity.mutable_verification() = holding.details.verification();
  }
  identity.clear_stand_in_contact_id();
  identity.clear_sharing_contact_ids();
  if (!IsShared(holding)) return;
  identity.set_stand_in_contact_id(identity.contact_id());
  for (const base::Uuid& contact : SharersOf(holding.details.sharing())) {
    identity.add_sharing_contact_ids(contact.ToString());
  }
}

void ShowAs(const Holding& holding, const base::Uuid& contact,
            v1::Identity& identity) {
  Show(holding, identity);
  if (holding.contact_id == contact) return;
  identity.set_contact_id(contact.ToString());
  const internal::v1::Sharer* const sharer =
      FindSharer(holding.details.sharing(), contact);
  if (sharer == nullptr) return;
  identity.clear_start_time();
  if (!IsFromEver(sharer->start_micros())) {
    *identity.mutable_start_time() = base::ToProto(sharer->start_micros());
  }
  if (sharer->has_end_micros()) {
    *identity.mutable_end_time() = base::ToProto(sharer->end_micros());
  }
}

}  // namespace kith::identity
