#ifndef KITH_TESTS_BENCH_HOOKS_HOOK_REQUESTS_H_
#define KITH_TESTS_BENCH_HOOKS_HOOK_REQUESTS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::bench {

// What forms and pages send, by number. Pure functions: the same number is the
// same request, and another number is another person at another address.

// The bytes of a POST of a form, through a proxy.
std::string FormRequest(absl::string_view path, uint64_t lead);

// The touch that comes of such a form, as a system of the tenant would record
// it.
gateway::v1::RecordTouchRequest LeadTouch(uint64_t lead);

// The e-mail address of a lead.
identity::v1::ChannelValue LeadValue(uint64_t lead);

// The bytes of a beacon of a visit that is seen `now`, through a proxy. A visit
// has kBeaconsOfVisit of them, which follow each other.
inline constexpr uint64_t kBeaconsOfVisit = 4;
std::string BeaconRequest(absl::string_view path, uint64_t beacon,
                          absl::Time now);

// The id of the visit of a beacon, which is what the gateway answers: no
// browser has a cookie.
std::string VisitOfBeacon(uint64_t beacon);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HOOKS_HOOK_REQUESTS_H_
