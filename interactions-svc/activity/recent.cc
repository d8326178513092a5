#include "interactions-svc/activity/recent.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::RecentInteractions;

// The place of an interaction in the order of time.
using Place = std::tuple<int64_t, absl::string_view>;

Place PlaceOf(const RecentInteractions::Entry& entry) {
  return {entry.occurred_micros(), entry.interaction_id()};
}

Place PlaceOf(const Location& location) {
  return {location.occurred_micros, location.interaction_id.bytes()};
}

void AddEntry(const Location& location, std::string interaction,
              RecentInteractions& recent) {
  RecentInteractions::Entry& added = *recent.add_entries();
  added.set_occurred_micros(location.occurred_micros);
  added.set_interaction_id(std::string(location.interaction_id.bytes()));
  added.set_interaction(std::move(interaction));
}

// Drops the oldest until the others are as few, and as short, as is kept.
void Trim(RecentInteractions& recent) {
  size_t kept = 0;
  size_t bytes = 0;
  for (const RecentInteractions::Entry& entry : recent.entries()) {
    bytes += entry.interaction().size();
    if (kept == kRecentKept || bytes > kRecentBytes) break;
    ++kept;
  }
  const int excess = recent.entries_size() - static_cast<int>(kept);
  if (excess == 0) return;
  recent.mutable_entries()->DeleteSubrange(static_cast<int>(kept), excess);
  recent.set_has_older(true);
}

}  // namespace

void AddRecent(const v1::Interaction& interaction, RecentInteractions& recent) {
  const Location location = Location::Of(interaction);
  auto& entries = *recent.mutable_entries();
  const auto older = std::find_if(
      entries.begin(), entries.end(),
      [&](const auto& entry) { return PlaceOf(entry) < PlaceOf(location); });
  // There may be others between the last one and it.
  if (older == entries.end() && recent.has_older()) return;
  const auto index = older - entries.begin();
  AddEntry(location, interaction.SerializeAsString(), recent);
  std::rotate(entries.pointer_begin() + index, entries.pointer_end() - 1,
              entries.pointer_end());
  Trim(recent);
}

bool RemoveRecent(const Location& location, RecentInteractions& recent) {
  auto& entries = *recent.mutable_entries();
  const auto found = std::find_if(
      entries.begin(), entries.end(),
      [&](const auto& entry) { return PlaceOf(entry) == PlaceOf(location); });
  if (found == entries.end()) return true;
  entries.erase(found);
  return !recent.has_older();
}

RecentInteractions MakeRecent(const std::vector<EncodedInteraction>& newest,
                              bool has_older) {
  RecentInteractions recent;
  recent.set_has_older(has_older);
  for (const EncodedInteraction& interaction : newest) {
    AddEntry(interaction.location, interaction.bytes, recent);
  }
  Trim(recent);
  return recent;
}

std::optional<std::vector<EncodedInteraction>> NewestOf(
    const std::vector<ContactRecent>& contacts, size_t count) {
  struct Kept {
    const Uuid* contact_id;
    const RecentInteractions::Entry* entry;
  };
  std::vector<Kept> all;
  for (const ContactRecent& contact : contacts) {
    for (const RecentInteractions::Entry& entry : contact.recent->entries()) {
      all.push_back({&contact.contact_id, &entry});
    }
  }
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) {
    return PlaceOf(*a.entry) > PlaceOf(*b.entry);
  });
  if (all.size() > count) all.resize(count);
  for (const ContactRecent& contact : contacts) {
    const auto& entries = contact.recent->entries();
    if (!contact.recent->has_older()) continue;
    // What is not kept of a contact is older than the last that is.
    if (all.size() < count || entries.empty() ||
        PlaceOf(*all.back().entry) < PlaceOf(*entries.rbegin())) {
      return std::nullopt;
    }
  }
  std::vector<EncodedInteraction> newest;
  for (const auto& [contact_id, entry] : all) {
    newest.push_back(
        {{.contact_id = *contact_id,
          .occurred_micros = entry->occurred_micros(),
          .interaction_id = Uuid::FromBytes(entry->interaction_id())},
         entry->interaction()});
  }
  return newest;
}

}  // namespace kith::interactions
