#include "contacts-svc/suggestions/suggestion_view.h"

#include <utility>

#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/suggestions/match_rules.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// The stored evidence has the fields of the contact with the lower id first.
void ShowDecided(const SuggestionRow& row, v1::Suggestion& shown) {
  *shown.mutable_decision() = row.details.decision();
  *shown.mutable_evidence() = row.details.evidence();
  if (row.contact < row.other) return;
  for (v1::MatchEvidence& evidence : *shown.mutable_evidence()) {
    evidence.mutable_fields()->Swap(evidence.mutable_other_fields());
  }
}

}  // namespace

absl::StatusOr<SuggestionView> SuggestionView::Read(
    const Tx& tx, const std::vector<SuggestionRow>& rows) {
  SuggestionView view;
  std::set<Uuid> ids;
  for (const SuggestionRow& row : rows) ids.insert({row.contact, row.other});
  KITH_RETURN_IF_ERROR(view.ReadContacts(tx, ids));
  std::set<Uuid> canonical_ids;
  for (const auto& [id, contact] : view.contacts_) {
    if (!ids.contains(contact.canonical_id)) {
      canonical_ids.insert(contact.canonical_id);
    }
  }
  KITH_RETURN_IF_ERROR(view.ReadContacts(tx, canonical_ids));
  return view;
}

v1::Suggestion SuggestionView::Show(const SuggestionRow& row) const {
  const ContactRow& contact = contacts_.at(row.contact);
  const ContactRow& other = contacts_.at(row.other);
  v1::Suggestion shown;
  shown.set_suggestion_id(row.pair().ToString());
  shown.set_contact_id(row.contact.ToString());
  shown.set_other_id(row.other.ToString());
  shown.set_canonical_id(contact.canonical_id.ToString());
  shown.set_other_canonical_id(other.canonical_id.ToString());
  shown.set_state(row.state);
  *shown.mutable_create_time() = base::ToProto(row.create_micros);
  if (row.state == v1::SUGGESTION_STATE_OPEN) {
    for (auto& evidence : EvidenceOf(contact.contact, other.contact)) {
      *shown.add_evidence() = std::move(evidence);
    }
    shown.mutable_evidence()->MergeFrom(row.details.evidence());
  } else {
    ShowDecided(row, shown);
  }
  Explain(shown);
  return shown;
}

bool SuggestionView::IsListed(const v1::Suggestion& shown) const {
  if (shown.state() != v1::SUGGESTION_STATE_OPEN) return true;
  return shown.canonical_id() != shown.other_canonical_id() &&
         shown.evidence_size() > 0 && !IsDeleted(shown.canonical_id()) &&
         !IsDeleted(shown.other_canonical_id());
}

absl::Status SuggestionView::ReadContacts(const Tx& tx,
                                          const std::set<Uuid>& ids) {
  KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows,
                        SelectRows(tx, {ids.begin(), ids.end()}));
  for (ContactRow& row : rows) {
    const Uuid id = row.id;
    contacts_.emplace(id, std::move(row));
  }
  return absl::OkStatus();
}

bool SuggestionView::IsDeleted(const std::string& canonical_id) const {
  return contacts_.at(*Uuid::Parse(canonical_id)).contact.has_delete_time();
}

}  // namespace kith::contacts
