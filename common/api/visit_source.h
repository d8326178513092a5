#ifndef KITH_COMMON_API_VISIT_SOURCE_H_
#define KITH_COMMON_API_VISIT_SOURCE_H_

namespace kith::api {

// The source of the visits that the gateway records, with the id of the visit
// as the external_id. Nobody else may name it, so no caller writes a visit.
inline constexpr char kVisitSource[] = "kith.visit";

// The topic of a visit.
inline constexpr char kVisitTopic[] = "visit";

}  // namespace kith::api

#endif  // KITH_COMMON_API_VISIT_SOURCE_H_
