#include "tests/bench/hooks/hook_requests.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace kith::bench {
namespace {

constexpr char kName[] = "Ada Lovelace";
constexpr char kSubject[] = "An offer";
constexpr char kMessage[] = "Please call me about the roof of my house.";
// As connectors.textproto and the tenant of ./dev bench have it.
constexpr char kPage[] = "https://shop.example/offer?utm_source=news";
constexpr char kOrigin[] = "https://shop.example";

std::string EmailOf(uint64_t lead) {
  return absl::StrCat("lead-", lead, "@example.com");
}

// An address in 10.0.0.0/8, the same again after 2^24 numbers.
std::string AddressOf(uint64_t number) {
  return absl::StrCat("10.", (number >> 16) & 255, ".", (number >> 8) & 255,
                      ".", number & 255);
}

// `more` are header lines.
std::string PostFrom(uint64_t number, absl::string_view path,
                     absl::string_view more, absl::string_view body) {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nhost: bench\r\n",
                      "x-forwarded-for: ", AddressOf(number), "\r\n", more,
                      "content-length: ", body.size(), "\r\n\r\n", body);
}

// In a form, "+" is a space, and nothing else of these texts needs more.
std::string InForm(absl::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c == ' ') c = '+';
  }
  return result;
}

}  // namespace

std::string FormRequest(absl::string_view path, uint64_t lead) {
  return PostFrom(lead, path,
                  "content-type: application/x-www-form-urlencoded\r\n",
                  absl::StrCat("email=", EmailOf(lead), "&name=", InForm(kName),
                               "&subject=", InForm(kSubject),
                               "&message=", InForm(kMessage)));
}

gateway::v1::RecordTouchRequest LeadTouch(uint64_t lead) {
  gateway::v1::RecordTouchRequest touch;
  *touch.add_identities() = LeadValue(lead);
  touch.mutable_contact()->set_display_name(kName);
  interactions::v1::Interaction& interaction = *touch.mutable_interaction();
  interaction.set_kind(interactions::v1::KIND_WEB_EVENT);
  interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
  interaction.set_purpose(interactions::v1::PURPOSE_SALES);
  interaction.set_opens(interactions::v1::THREAD_KIND_QUESTION);
  interaction.set_topic("form");
  interaction.set_subject(kSubject);
  interaction.set_body(kMessage);
  interaction.set_source("bench-leads");
  interaction.set_external_id(absl::StrCat("lead-", lead));
  return touch;
}

identity::v1::ChannelValue LeadValue(uint64_t lead) {
  identity::v1::ChannelValue value;
  value.set_channel(identity::v1::CHANNEL_EMAIL);
  value.set_value(EmailOf(lead));
  return value;
}

std::string BeaconRequest(absl::string_view path, uint64_t beacon,
                          absl::Time now) {
  const auto revision = static_cast<int64_t>(beacon % kBeaconsOfVisit + 1);
  const absl::Duration shown = absl::Seconds(revision);
  const std::string body = absl::StrFormat(
      R"({"visit":"%s","revision":%d,"pages":%d,"ms":%d,)"
      R"("begun":%d,"page":"%s"})",
      VisitOfBeacon(beacon), revision, revision,
      absl::ToInt64Milliseconds(shown), absl::ToUnixMillis(now - shown), kPage);
  return PostFrom(beacon / kBeaconsOfVisit, path,
                  absl::StrCat("content-type: text/plain\r\norigin: ", kOrigin,
                               "\r\nuser-agent: Mozilla/5.0 (X11; Linux "
                               "x86_64) Chrome/120.0.0.0\r\n"),
                  body);
}

std::string VisitOfBeacon(uint64_t beacon) {
  const uint64_t visit = beacon / kBeaconsOfVisit + 1;
  // Like random bytes, as those of browsers are.
  constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
  return absl::StrFormat("%016x%016x", visit * kSpread, visit);
}

}  // namespace kith::bench
