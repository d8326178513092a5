#include "identity-svc/sharing/sharing.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"

namespace kith::identity {
namespace {

using base::Uuid;
using internal::v1::Sharer;
using internal::v1::Sharing;

// What is kept of those who share the value no more.
constexpr int kMaxPastSharers = 20;

Uuid IdOf(const Sharer& sharer) { return Uuid::FromBytes(sharer.contact_id()); }

// Drops the period that ended first, of those that have ended.
void DropOldest(Sharing& sharing) {
  auto& sharers = *sharing.mutable_sharers();
  const auto end_of = [](const Sharer& sharer) {
    return sharer.has_end_micros() ? sharer.end_micros() : INT64_MAX;
  };
  sharers.erase(
      absl::c_min_element(sharers, [&](const Sharer& one, const Sharer& other) {
        return end_of(one) < end_of(other);
      }));
}

}  // namespace

std::vector<Uuid> SharersOf(const Sharing& sharing) {
  std::vector<Uuid> contacts;
  for (const Sharer& sharer : sharing.sharers()) {
    if (!sharer.has_end_micros()) contacts.push_back(IdOf(sharer));
  }
  return contacts;
}

std::vector<Uuid> SharersAt(const Sharing& sharing, int64_t micros) {
  std::vector<Uuid> contacts;
  for (const Sharer& sharer : sharing.sharers()) {
    if (sharer.start_micros() <= micros &&
        (!sharer.has_end_micros() || micros < sharer.end_micros())) {
      contacts.push_back(IdOf(sharer));
    }
  }
  return contacts;
}

bool Shares(const Sharing& sharing, const Uuid& contact) {
  const Sharer* const sharer = FindSharer(sharing, contact);
  return sharer != nullptr && !sharer->has_end_micros();
}

const Sharer* FindSharer(const Sharing& sharing, const Uuid& contact) {
  const Sharer* newest = nullptr;
  for (const Sharer& sharer : sharing.sharers()) {
    if (sharer.contact_id() == contact.bytes()) newest = &sharer;
  }
  return newest;
}

std::vector<Uuid> AddSharers(const std::vector<Uuid>& contacts,
                             int64_t start_micros, Sharing& sharing) {
  std::vector<Uuid> added;
  for (const Uuid& contact : contacts) {
    if (Shares(sharing, contact)) continue;
    Sharer& sharer = *sharing.add_sharers();
    sharer.set_contact_id(std::string(contact.bytes()));
    sharer.set_start_micros(start_micros);
    added.push_back(contact);
  }
  return added;
}

std::vector<Uuid> EndSharers(const absl::flat_hash_set<Uuid>& contacts,
                             int64_t end_micros, Sharing& sharing) {
  std::vector<Uuid> removed;
  for (Sharer& sharer : *sharing.mutable_sharers()) {
    const Uuid contact = IdOf(sharer);
    if (sharer.has_end_micros() || !contacts.contains(contact)) continue;
    sharer.set_end_micros(std::max(end_micros, sharer.start_micros() + 1));
    removed.push_back(contact);
  }
  auto past = absl::c_count_if(sharing.sharers(), [](const Sharer& sharer) {
    return sharer.has_end_micros();
  });
  for (; past > kMaxPastSharers; --past) DropOldest(sharing);
  return removed;
}

}  // namespace kith::identity
