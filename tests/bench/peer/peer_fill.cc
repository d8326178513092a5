#include "tests/bench/peer/peer_fill.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

constexpr char kPeerSchema[] = "bench_peer";
// In one transaction.
constexpr uint64_t kContactsAtOnce = 50;
// There are that many, as seed data has it.
constexpr uint64_t kCompanies = 500;

constexpr char kInsertContact[] =
    "INSERT INTO contacts (id, first_name, last_name, email, phone, company, "
    "status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'active', ?, ?)";
constexpr char kInsertIdentities[] =
    "INSERT INTO identities (contact_id, channel, value, verified, created_at) "
    "VALUES (?, 'phone', ?, 1, ?), (?, 'email', ?, 1, ?)";
constexpr char kInsertInteraction[] =
    "INSERT INTO interactions (contact_id, channel, direction, subject, body, "
    "occurred_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)";

// As a DATETIME reads.
std::string DateTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

std::string ChannelOf(const interactions::v1::Interaction& interaction) {
  return absl::AsciiStrToLower(absl::StripPrefix(
      interactions::v1::Kind_Name(interaction.kind()), "KIND_"));
}

const char* DirectionOf(const interactions::v1::Interaction& interaction) {
  return interaction.direction() == interactions::v1::DIRECTION_OUTBOUND ? "out"
                                                                         : "in";
}

// What the peer has no columns for, such as the items of a purchase, is text of
// its body: both store and send the same texts.
std::string BodyOf(const interactions::v1::Interaction& interaction) {
  std::vector<std::string> parts = {interaction.body(), interaction.topic(),
                                    interaction.order_id(),
                                    interaction.agent()};
  for (const auto& item : interaction.items()) {
    parts.push_back(absl::StrCat(item.quantity(), " x ", item.name(), " (",
                                 item.sku(), ")"));
  }
  for (const auto& [key, value] : interaction.attributes()) {
    parts.push_back(absl::StrCat(key, ": ", value));
  }
  parts.erase(std::remove(parts.begin(), parts.end(), ""), parts.end());
  return absl::StrJoin(parts, ", ");
}

absl::Status FillPeerContact(mysql::Session& session,
                             const Population& population, uint64_t contact) {
  const uint64_t id = contact + 1;
  const contacts::v1::Contact fields = population.Contact(contact);
  const std::string phone = population.Phone(contact).value();
  const std::string email = population.Email(contact).value();
  const std::string since = DateTime(population.OccurredTime(0));
  const std::string company = absl::StrCat("Company ", contact % kCompanies);
  KITH_RETURN_IF_ERROR(
      session
          .Execute(kInsertContact,
                   {id, fields.given_name(), fields.family_name(), email, phone,
                    company, since, since})
          .status());
  KITH_RETURN_IF_ERROR(
      session.Execute(kInsertIdentities, {id, phone, since, id, email, since})
          .status());
  for (uint64_t i = 0; i < population.interactions(); ++i) {
    const auto interaction = population.Interaction(contact, i);
    const std::string time = DateTime(population.OccurredTime(i));
    KITH_RETURN_IF_ERROR(
        session
            .Execute(kInsertInteraction,
                     {id, ChannelOf(interaction), DirectionOf(interaction),
                      interaction.subject(), BodyOf(interaction), time, time})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FillPeer(mysql::SessionOptions administrator,
                      const Population& population) {
  administrator.database = kPeerSchema;
  mysql::Session session(std::move(administrator));
  for (uint64_t begin = 0; begin < population.contacts();
       begin += kContactsAtOnce) {
    const uint64_t end =
        std::min(begin + kContactsAtOnce, population.contacts());
    KITH_RETURN_IF_ERROR(
        mysql::Transact(session, absl::InfiniteFuture(), [&]() -> absl::Status {
          for (uint64_t contact = begin; contact < end; ++contact) {
            KITH_RETURN_IF_ERROR(FillPeerContact(session, population, contact));
          }
          return absl::OkStatus();
        }));
  }
  return session.Query("ANALYZE TABLE contacts, identities, interactions", {},
                       [](const mysql::Row&) {});
}

}  // namespace kith::bench
