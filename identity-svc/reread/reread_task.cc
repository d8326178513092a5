#include "identity-svc/reread/reread_task.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/mysql/transaction.h"
#include "common/server/json_lines.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/reread/reread_plan.h"
#include "identity-svc/reread/reread_store.h"
#include "identity-svc/tasks/identity_pages.h"

namespace kith::identity {
namespace {

using mysql::Tx;
using server::JsonLine;

using HoldingsByKey = absl::flat_hash_map<std::string, Holdings>;

// As they are told.
constexpr Rereading kRereadings[] = {
    Rereading::kUnchanged, Rereading::kMoves, Rereading::kJoins,
    Rereading::kCollides,  Rereading::kPast,  Rereading::kRefused};

Holdings HoldingsUnder(const HoldingsByKey& held, const std::string& key) {
  const auto it = held.find(key);
  return it == held.end() ? Holdings() : it->second;
}

void AddHolder(JsonLine& line, const char* field, const Holdings& holdings) {
  const Holding* const open = OpenHolding(holdings);
  if (open != nullptr) line[field] = open->contact_id.ToString();
}

// One run over all identities.
class RereadPass {
 public:
  RereadPass(const server::TaskContext& task, const auth::Tenants& tenants,
             RereadWork work, const SuppressionKey& key)
      : task_(task), tenants_(tenants), work_(work), key_(key) {}

  absl::Status AddPage(const Tx& tx, const std::vector<IdentityHead>& page) {
    std::vector<std::string> keys;
    for (const IdentityHead& head : page) {
      if (head.rules > 0 && head.rules < kReadingRules) {
        keys.push_back(head.key);
      }
    }
    if (keys.empty()) return absl::OkStatus();
    const auto tenant = tenants_.FindId(tx.tenant_id());
    if (tenant == nullptr) {
      unknown_[tx.tenant_id()] += static_cast<int64_t>(keys.size());
      return absl::OkStatus();
    }
    Aliases aliases;
    KITH_ASSIGN_OR_RETURN(const auto identities,
                          SelectIdentities(tx, keys, &aliases));
    std::vector<Reread> rereads;
    for (const auto& [key, identity] : identities) {
      Reading today = ReadAgain(identity, *tenant);
      const bool same = today.identity.identity_key() == key;
      if (!aliases.contains(key)) {
        rereads.push_back({identity, std::move(today)});
      } else if (work_ == RereadWork::kMove && !same) {
        KITH_RETURN_IF_ERROR(DropAlias(tx, identity));
      }
    }
    return AddRereads(tx, rereads);
  }

  // Prints the sums. Returns the error of RereadValues.
  absl::Status Finish() {
    int64_t left = 0;
    for (auto& [tenant_id, counts] : counts_) {
      JsonLine line;
      line["tenant_id"] = tenant_id;
      for (const Rereading rereading : kRereadings) {
        line[std::string(Name(rereading))] = counts[rereading];
        if (IsLeft(rereading)) left += counts[rereading];
      }
      Print(line);
    }
    for (const auto& [tenant_id, count] : unknown_) {
      JsonLine line;
      line["tenant_id"] = tenant_id;
      line["not_in_tenants_file"] = count;
      Print(line);
      left += count;
    }
    if (left == 0) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        left,
        work_ == RereadWork::kList
            ? " values are read otherwise; --reread_values=move moves them"
            : " values are left as they were"));
  }

 private:
  bool IsLeft(Rereading rereading) const {
    switch (work_) {
      case RereadWork::kList:
        return rereading != Rereading::kUnchanged &&
               rereading != Rereading::kPast;
      case RereadWork::kAlias:
        return false;
      case RereadWork::kMove:
        return rereading == Rereading::kCollides;
    }
    return false;
  }

  absl::Status AddRereads(const Tx& tx, const std::vector<Reread>& rereads) {
    std::vector<std::string> keys;
    for (const Reread& reread : rereads) {
      keys.push_back(reread.identity.identity_key());
      std::string other = OtherKey(reread.identity, reread.today);
      if (!other.empty()) keys.push_back(std::move(other));
    }
    KITH_ASSIGN_OR_RETURN(const HoldingsByKey held, SelectHoldings(tx, keys));
    std::vector<std::string> unchanged;
    for (const Reread& reread : rereads) {
      KITH_ASSIGN_OR_RETURN(const bool changes, Add(tx, reread, held));
      if (!changes) unchanged.push_back(reread.identity.identity_key());
    }
    counts_[tx.tenant_id()][Rereading::kUnchanged] +=
        static_cast<int64_t>(unchanged.size());
    if (work_ != RereadWork::kMove) return absl::OkStatus();
    return mysql::Transact(tx, [&] { return WriteUnchanged(tx, unchanged); });
  }

  // Returns false if the identity is unchanged.
  absl::StatusOr<bool> Add(const Tx& tx, const Reread& reread,
                           const HoldingsByKey& held) {
    const StoredValue stored{
        .identity = reread.identity,
        .holdings = HoldingsUnder(held, reread.identity.identity_key())};
    const Holdings there =
        HoldingsUnder(held, OtherKey(reread.identity, reread.today));
    const Rereading plan = PlanRereading(stored, reread.today, there);
    if (plan == Rereading::kUnchanged) return false;
    KITH_ASSIGN_OR_RETURN(const auto done, Do(tx, reread, plan));
    if (!done.has_value()) return true;
    ++counts_[tx.tenant_id()][*done];
    JsonLine line;
    line["tenant_id"] = tx.tenant_id();
    line["reading"] = std::string(Name(*done));
    line["identity_key"] = reread.identity.identity_key();
    line["value"] = InWords(reread.identity);
    if (*done == Rereading::kRefused) {
      line["refusal"] = reread.today.refusal;
    } else {
      line["becomes"] = InWords(reread.today.identity);
    }
    AddHolder(line, "contact_id", stored.holdings);
    AddHolder(line, "other_contact_id", there);
    Print(line);
    return true;
  }

  absl::StatusOr<std::optional<Rereading>> Do(const Tx& tx,
                                              const Reread& reread,
                                              Rereading plan) {
    switch (work_) {
      case RereadWork::kList:
        break;
      case RereadWork::kAlias:
        return AddAlias(tx, reread);
      case RereadWork::kMove:
        return MoveToReading(tx, reread, key_);
    }
    return plan;
  }

  void Print(const JsonLine& line) { task_.out << line.dump() << std::endl; }

  const server::TaskContext& task_;
  const auth::Tenants& tenants_;
  const RereadWork work_;
  const SuppressionKey& key_;
  // By tenant.
  std::map<uint64_t, std::map<Rereading, int64_t>> counts_;
  std::map<uint64_t, int64_t> unknown_;
};

}  // namespace

absl::Status RereadValues(const server::TaskContext& task,
                          const auth::Tenants& tenants,
                          const base::Clock& clock, RereadWork work,
                          const SuppressionKey& key) {
  RereadPass pass(task, tenants, work, key);
  KITH_RETURN_IF_ERROR(
      ForEachPage(task.session, clock, "reread_values",
                  [&](const Tx& tx, const std::vector<IdentityHead>& page) {
                    return pass.AddPage(tx, page);
                  }));
  return pass.Finish();
}

}  // namespace kith::identity
