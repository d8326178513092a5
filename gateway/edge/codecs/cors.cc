#include "gateway/edge/codecs/cors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kith::edge {
namespace {

constexpr char kMethods[] = "GET, POST, PATCH, DELETE";
constexpr char kRequestHeaders[] =
    "Content-Type, Content-Encoding, Connect-Protocol-Version, "
    "Connect-Timeout-Ms, Connect-Content-Encoding, Connect-Accept-Encoding, "
    "Grpc-Timeout, X-Grpc-Web, X-User-Agent, Authorization, Traceparent";
constexpr char kExposed[] =
    "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin, Content-Encoding, "
    "Connect-Content-Encoding, Retry-After, X-Trace-Id";

}  // namespace

bool Cors::IsPreflight(absl::string_view method, const Headers& request) {
  return method == "OPTIONS" && !FindHeader(request, "origin").empty() &&
         !FindHeader(request, "access-control-request-method").empty();
}

Headers Cors::Preflight(const Headers& request) const {
  Headers reply = {{"Vary",
                    "Origin, Access-Control-Request-Method, "
                    "Access-Control-Request-Headers"}};
  if (AllowedOrigin(request).empty()) return reply;
  reply.emplace_back("Access-Control-Allow-Methods", kMethods);
  reply.emplace_back("Access-Control-Allow-Headers", kRequestHeaders);
  reply.emplace_back("Access-Control-Max-Age", "7200");
  return reply;
}

void Cors::AddHeaders(const Headers& request, Headers& reply) const {
  if (origins_.empty()) return;
  // Also without an allowed origin: a cache must not serve one by the other.
  reply.emplace_back("Vary", "Origin");
  const absl::string_view origin = AllowedOrigin(request);
  if (origin.empty()) return;
  std::string exposed = kExposed;
  for (const auto& [name, value] : reply) {
    if (absl::StartsWith(name, "trailer-")) {
      absl::StrAppend(&exposed, ", ", name);
    }
  }
  reply.emplace_back("Access-Control-Allow-Origin", std::string(origin));
  reply.emplace_back("Access-Control-Expose-Headers", std::move(exposed));
}

absl::string_view Cors::AllowedOrigin(const Headers& request) const {
  const absl::string_view origin = FindHeader(request, "origin");
  return origins_.contains(origin) ? origin : absl::string_view();
}

bool IsOrigin(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "https://") &&
      !absl::ConsumePrefix(&text, "http://")) {
    return false;
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' ||
           c == '-' || c == ':' || c == '[' || c == ']';
  });
}

}  // namespace kith::edge
