#include "identity-svc/reread/reread_plan.h"

namespace kith::identity {

absl::string_view Name(Rereading rereading) {
  switch (rereading) {
    case Rereading::kUnchanged:
      return "unchanged";
    case Rereading::kMoves:
      return "moves";
    case Rereading::kJoins:
      return "joins";
    case Rereading::kCollides:
      return "collides";
    case Rereading::kPast:
      return "past";
    case Rereading::kRefused:
      return "refused";
  }
  return "";
}

Reading ReadAgain(const v1::Identity& identity,
                  const config::v1::Tenant& tenant) {
  v1::ChannelValue value;
  value.set_channel(identity.channel());
  value.set_namespace_(identity.namespace_());
  value.set_value(identity.value());
  return Read(value, tenant);
}

std::string OtherKey(const v1::Identity& identity, const Reading& today) {
  const std::string& key = today.identity.identity_key();
  return !today.refusal.empty() || key == identity.identity_key() ? "" : key;
}

Rereading PlanRereading(const StoredValue& stored, const Reading& today,
                        const Holdings& there) {
  if (!today.refusal.empty()) return Rereading::kRefused;
  if (OtherKey(stored.identity, today).empty()) return Rereading::kUnchanged;
  if (there.empty()) return Rereading::kMoves;
  const Holding* const open = OpenHolding(stored.holdings);
  if (open == nullptr) return Rereading::kPast;
  const Holding* const other = OpenHolding(there);
  return other == nullptr ||
                 (other->contact_id == open->contact_id && !IsShared(*open))
             ? Rereading::kJoins
             : Rereading::kCollides;
}

}  // namespace kith::identity
