#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_SALES_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_SALES_H_

#include <cstdint>
#include <optional>

#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// The arithmetic of sums of money. One amount nearly fills an int64, so a
// stored sum has a carry beside it and is exact: a mistaken amount can be taken
// away again. Pure functions.

// Returns the sales of a single purchase or return: its amount, or without one
// the sum of its items. nullopt if it has neither, or is of a form (IsOfForm).
std::optional<v1::Sales> SalesOf(const v1::Interaction& interaction);

// Adds `from` once, or with `sign` -1 takes it away. Both have one currency.
void CountSales(const v1::Sales& from, int64_t sign, v1::Sales& into);

// Turns stored sums into those that are answered: without carry, saturated
// where they do not fit, and with their difference.
void PresentSales(v1::Sales& sales);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_SALES_H_
