#include "interactions-svc/activity/sales.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/numeric/int128.h"
#include "interactions-svc/activity/interaction_fields.h"

namespace kith::interactions {
namespace {

constexpr int64_t kCarryUnit = 1'000'000'000'000'000'000;

// A sum of money as it is computed with, in micros.
using Sum = absl::int128;

Sum SoldOf(const v1::Sales& sales) {
  return Sum(sales.sold_carry()) * kCarryUnit + sales.sold_micros();
}

Sum ReturnedOf(const v1::Sales& sales) {
  return Sum(sales.returned_carry()) * kCarryUnit + sales.returned_micros();
}

void SetSold(Sum sum, v1::Sales& sales) {
  sales.set_sold_carry(static_cast<int64_t>(sum / kCarryUnit));
  sales.set_sold_micros(static_cast<int64_t>(sum % kCarryUnit));
}

void SetReturned(Sum sum, v1::Sales& sales) {
  sales.set_returned_carry(static_cast<int64_t>(sum / kCarryUnit));
  sales.set_returned_micros(static_cast<int64_t>(sum % kCarryUnit));
}

// Returns the sum as far as it fits, and notes if it does not.
int64_t Saturated(Sum sum, v1::Sales& sales) {
  const auto fitting = static_cast<int64_t>(
      std::clamp<Sum>(sum, std::numeric_limits<int64_t>::min(),
                      std::numeric_limits<int64_t>::max()));
  if (fitting != sum) sales.set_saturated(true);
  return fitting;
}

struct Amount {
  std::string currency_code;
  Sum micros;
};

// All items have one currency, as validation sees to.
std::optional<Amount> AmountOf(const v1::Interaction& interaction) {
  std::optional<Amount> amount;
  const auto add = [&](const common::v1::Money& money) {
    if (!amount.has_value()) amount = Amount{money.currency_code(), 0};
    amount->micros += money.amount_micros();
  };
  if (interaction.has_amount()) {
    add(interaction.amount());
    return amount;
  }
  for (const v1::Item& item : interaction.items()) {
    if (item.has_amount()) add(item.amount());
  }
  return amount;
}

}  // namespace

std::optional<v1::Sales> SalesOf(const v1::Interaction& interaction) {
  if (IsOfForm(interaction)) return std::nullopt;
  const std::optional<Amount> amount = AmountOf(interaction);
  if (!amount.has_value()) return std::nullopt;
  v1::Sales sales;
  sales.set_currency_code(amount->currency_code);
  if (interaction.kind() == v1::KIND_PURCHASE) {
    SetSold(amount->micros, sales);
    sales.set_purchase_count(1);
  } else {
    SetReturned(amount->micros, sales);
    sales.set_return_count(1);
  }
  return sales;
}

void CountSales(const v1::Sales& from, int64_t sign, v1::Sales& into) {
  SetSold(SoldOf(into) + sign * SoldOf(from), into);
  SetReturned(ReturnedOf(into) + sign * ReturnedOf(from), into);
  into.set_purchase_count(into.purchase_count() + sign * from.purchase_count());
  into.set_return_count(into.return_count() + sign * from.return_count());
}

void PresentSales(v1::Sales& sales) {
  const Sum sold = SoldOf(sales);
  const Sum returned = ReturnedOf(sales);
  sales.clear_sold_carry();
  sales.clear_returned_carry();
  sales.set_sold_micros(Saturated(sold, sales));
  sales.set_returned_micros(Saturated(returned, sales));
  sales.set_net_micros(Saturated(sold - returned, sales));
}

}  // namespace kith::interactions
