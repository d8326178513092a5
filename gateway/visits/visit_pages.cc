#include "gateway/visits/visit_pages.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "gateway/calls/task.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/visits/beacon.h"
#include "gateway/visits/visit_facts.h"
#include "gateway/visits/visit_script.h"
#include "gateway/visits/visitor_cookie.h"

namespace kith::gateway {
namespace {

using edge::FindHeader;
using edge::Reply;

constexpr absl::string_view kVisitsPath = "/k/";
constexpr absl::string_view kScriptPath = "/visit.js";
constexpr absl::string_view kBeaconPath = "/visit";
constexpr char kScriptRoute[] = "/k/{tenant}/visit.js";
constexpr char kBeaconRoute[] = "/k/{tenant}/visit";

// How long a browser keeps the script.
constexpr char kScriptAge[] = "public, max-age=3600";

// For a visitor's browser, which shows it nowhere.
Reply VisitText(int status, absl::string_view text) {
  return {.status = status,
          .headers = {{"content-type", "text/plain; charset=utf-8"}},
          .body = std::string(text)};
}

// Of one client, for each tenant. An office or a mobile network has one
// address.
constexpr double kBeaconsPerSecondAndAddress = 50;
constexpr size_t kMostAddressesOfBeacons = 20'000;
constexpr absl::Duration kComeAgainWithBeacon = absl::Seconds(5);

constexpr char kRecorded[] = "recorded";
constexpr char kRefused[] = "refused";
constexpr char kTooMany[] = "too_many";
constexpr char kFailed[] = "failed";

prometheus::Counter& BeaconsThatWere(const char* result) {
  return ops::Counter(
      "kith_visit_beacons_total",
      "What the script of visits has sent, by what became of it.",
      {{"result", result}});
}

Reply RefusedBeacon(int status, absl::string_view why) {
  BeaconsThatWere(kRefused).Increment();
  return VisitText(status, why);
}

Reply TooManyBeacons(absl::Duration wait) {
  BeaconsThatWere(kTooMany).Increment();
  Reply reply = VisitText(429, "too many beacons");
  reply.headers.emplace_back("retry-after", edge::RetryAfter(wait));
  return reply;
}

Reply VisitReply(const absl::Status& recorded, const VisitorId& visitor) {
  if (absl::IsAlreadyExists(recorded)) {
    return RefusedBeacon(409, "this revision of the visit says other things");
  }
  if (!recorded.ok()) {
    BeaconsThatWere(kFailed).Increment();
    ops::Log(ops::Severity::kError, "a visit was not recorded",
             {{"reason", recorded.message()}});
    Reply reply = VisitText(503, "not recorded");
    reply.headers.emplace_back("retry-after",
                               edge::RetryAfter(kComeAgainWithBeacon));
    return reply;
  }
  BeaconsThatWere(kRecorded).Increment();
  Reply reply = VisitText(200, visitor.visitor);
  if (!visitor.set_cookie.empty()) {
    reply.headers.emplace_back("set-cookie", visitor.set_cookie);
  }
  return reply;
}

// Recording goes on though nobody waits for its reply: the page may be gone.
class RecordingVisit final : public edge::Exchange {
 public:
  void Cancel() override {}
};

// Records a visit, and then replies.
Detached RecordAndReply(const VisitFlow& visits, VisitPlaces::Place place,
                        base::RequestContext trace, uint64_t tenant_id,
                        VisitFacts facts, config::v1::VisitRules rules,
                        VisitorId visitor, edge::Handler::Done done) {
  absl::Status recorded;
  {
    const VisitPlaces::Place held = std::move(place);
    try {
      recorded = co_await visits.Record(std::move(trace), tenant_id,
                                        std::move(facts), std::move(rules));
    } catch (const std::exception& e) {
      recorded = absl::InternalError(absl::StrCat("exception: ", e.what()));
    }
  }
  done(VisitReply(recorded, visitor));
}

}  // namespace

VisitPages::VisitPages(const Backends& backends, const base::Clock& clock,
                       std::shared_ptr<const auth::LiveKeys> keys,
                       edge::TrustedProxies proxies)
    : clock_(clock),
      proxies_(std::move(proxies)),
      keys_(keys),
      customers_(backends),
      permissions_(backends, customers_, clock),
      touches_(backends, customers_, permissions_, clock),
      visits_(backends, customers_, touches_, std::move(keys)),
      addresses_(kMostAddressesOfBeacons) {
  // There from the start, so that a rate sees the first.
  for (const char* const result : {kRecorded, kRefused, kTooMany, kFailed}) {
    BeaconsThatWere(result);
  }
  for (const auto& [name, text] : VisitScripts()) {
    scripts_.Add(absl::StrCat("/", name, ".js"),
                 "text/javascript; charset=utf-8", text);
  }
}

absl::string_view VisitPages::RouteOf(absl::string_view path) const {
  if (!absl::ConsumePrefix(&path, kVisitsPath)) return "";
  const absl::string_view rest =
      path.substr(std::min(path.find('/'), path.size()));
  if (rest == kScriptPath) return kScriptRoute;
  return rest == kBeaconPath ? kBeaconRoute : "";
}

std::shared_ptr<const config::v1::Tenant> VisitPages::FindTenant(
    absl::string_view path) const {
  absl::ConsumePrefix(&path, kVisitsPath);
  const absl::string_view slug = path.substr(0, path.find('/'));
  const auto ring = keys_->keys();
  for (const auto& tenant : ring->tenants()) {
    if (tenant->slug() == slug && tenant->has_visits()) return tenant;
  }
  return nullptr;
}

std::shared_ptr<edge::Exchange> VisitPages::Answer(
    const edge::Request& request, absl::string_view path,
    base::RequestContext trace, edge::Handler::Done done) const {
  const auto tenant = FindTenant(path);
  if (tenant == nullptr) {
    done(VisitText(404, "no such page"));
    return nullptr;
  }
  if (absl::EndsWith(path, kBeaconPath)) {
    return AnswerBeacon(request, *tenant, std::move(trace), std::move(done));
  }
  Reply reply = *scripts_.Find(request.head, kScriptPath);
  for (auto& [name, value] : reply.headers) {
    if (name == "cache-control") value = kScriptAge;
  }
  done(std::move(reply));
  return nullptr;
}

absl::Duration VisitPages::TakeOfAddress(const edge::RequestHead& head,
                                         uint64_t tenant_id) const {
  const std::string address = proxies_.ClientOf(head.peer, head.headers);
  return addresses_.Take(
      absl::StrCat(tenant_id, "/", edge::ClientNetwork(address)),
      kBeaconsPerSecondAndAddress, clock_.Now());
}

std::shared_ptr<edge::Exchange> VisitPages::AnswerBeacon(
    const edge::Request& request, const config::v1::Tenant& tenant,
    base::RequestContext trace, edge::Handler::Done done) const {
  const edge::Headers& headers = request.head.headers;
  const config::v1::VisitRules& rules = tenant.visits();
  const auto refuse = [&](Reply reply) {
    done(std::move(reply));
    return nullptr;
  };
  if (request.head.method != "POST") {
    Reply reply = RefusedBeacon(405, "want POST");
    reply.headers.emplace_back("allow", "POST");
    return refuse(std::move(reply));
  }
  if (edge::MediaType(FindHeader(headers, "content-type")) != "text/plain") {
    return refuse(RefusedBeacon(415, "want text/plain"));
  }
  if (!absl::c_linear_search(rules.origins(), FindHeader(headers, "origin"))) {
    return refuse(RefusedBeacon(403, "not a page of this tenant"));
  }
  const absl::Duration wait = TakeOfAddress(request.head, tenant.id());
  if (wait > absl::ZeroDuration()) return refuse(TooManyBeacons(wait));
  const auto beacon = ReadBeacon(request.body);
  if (!beacon.ok())
    return refuse(RefusedBeacon(400, beacon.status().message()));
  VisitorId visitor = VisitorOf(headers, *beacon, rules);
  auto facts = FactsOf(*beacon, visitor.visitor, headers, rules, clock_.Now());
  if (!facts.has_value()) {
    return refuse(RefusedBeacon(400, "page: want one of this tenant"));
  }
  auto place = places_.Enter(tenant.id());
  if (!place.has_value()) return refuse(TooManyBeacons(kComeAgainWithBeacon));
  RecordAndReply(visits_, *std::move(place), std::move(trace), tenant.id(),
                 *std::move(facts), rules, std::move(visitor), std::move(done));
  return std::make_shared<RecordingVisit>();
}

}  // namespace kith::gateway
