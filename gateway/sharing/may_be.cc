#include "gateway/sharing/may_be.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {
namespace {

using identity::v1::Identity;
using interactions::v1::Interaction;

constexpr int64_t kEver = std::numeric_limits<int64_t>::min();

bool IsShared(const Identity& identity) {
  return !identity.stand_in_contact_id().empty() &&
         identity.stand_in_contact_id() != identity.contact_id();
}

// In microseconds.
int64_t StartOf(const Identity& identity) {
  return identity.has_start_time() ? base::ToMicros(identity.start_time())
                                   : kEver;
}

// Returns true if the customer shared the value when the interaction occurred.
bool MayBeOf(const Identity& identity, const Interaction& interaction) {
  if (!IsShared(identity) ||
      identity.stand_in_contact_id() != interaction.contact_id()) {
    return false;
  }
  const int64_t occurred = base::ToMicros(interaction.occurred_time());
  return StartOf(identity) <= occurred &&
         (!identity.has_end_time() ||
          occurred < base::ToMicros(identity.end_time()));
}

}  // namespace

absl::Status AddMayBe(const IdentityList& identities,
                      const internal::v1::EncodedActivity::Result& newest,
                      v1::CustomerView& view) {
  // The time of the last that was read; there are none without it.
  int64_t oldest = kEver;
  for (const std::string& encoded : newest.interactions()) {
    Interaction interaction;
    if (!interaction.ParseFromString(encoded)) continue;
    oldest = base::ToMicros(interaction.occurred_time());
    const auto shared = absl::c_find_if(identities, [&](const Identity& one) {
      return MayBeOf(one, interaction);
    });
    if (shared == identities.end()) continue;
    v1::PossibleInteraction& possible = *view.add_may_be();
    possible.set_stand_in_contact_id(shared->stand_in_contact_id());
    *possible.mutable_identity() = *shared;
    possible.set_sharing_count(shared->sharing_contact_ids_size());
    *possible.mutable_interaction() = std::move(interaction);
  }
  const bool is_all = newest.next_page_token().empty() ||
                      absl::c_none_of(identities, [&](const Identity& one) {
                        return IsShared(one) && StartOf(one) <= oldest;
                      });
  if (is_all) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("only the newest ", view.may_be_size(),
                   " interactions that may be of the customer are shown; "
                   "ListInteractions of each stand_in_contact_id has all"));
}

}  // namespace kith::gateway
