#include "common/rpc/process_options.h"

#include <cmath>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, listen_address, "127.0.0.1:0",
          "Host and port for gRPC; port 0 takes a free one.");
ABSL_FLAG(std::string, ops_address, "127.0.0.1:0",
          "Host and port for /metrics, /livez and /readyz over HTTP.");
ABSL_FLAG(std::string, address_file, "",
          "Where to write the addresses once the process listens: one line "
          "grpc=HOST:PORT, one line ops=HOST:PORT, and one for what else it "
          "listens for. Not written where empty.");
ABSL_FLAG(std::string, keys_file, "",
          "API keys: a textproto of kith.config.v1.KeysFile.");
ABSL_FLAG(std::string, tenants_file, "",
          "Tenants: a textproto of kith.config.v1.TenantsFile.");
ABSL_FLAG(std::string, issuers_file, "",
          "Issuers whose tokens (JWTs) are accepted beside API keys: a "
          "textproto of kith.config.v1.IssuersFile; no tokens where empty.");
ABSL_FLAG(std::string, tls_certificate_file, "",
          "Certificate for listen_address, with those between it and its "
          "authority, in PEM; plaintext where empty.");
ABSL_FLAG(std::string, tls_key_file, "", "The key of that certificate.");
ABSL_FLAG(std::string, tls_ca_file, "",
          "Certificate authorities of callers; where given, a caller without a "
          "certificate of theirs is refused.");
ABSL_FLAG(bool, allow_plaintext, false,
          "Allow links without TLS that leave this machine.");
ABSL_FLAG(bool, reflection, false,
          "Tell everybody, with or without a key, what the API looks like.");
ABSL_FLAG(absl::Duration, drain_delay, absl::Milliseconds(500),
          "How long to go on serving on SIGTERM while no longer ready, so that "
          "callers turn to other replicas.");
ABSL_FLAG(absl::Duration, drain_timeout, absl::Seconds(10),
          "How long to wait for running calls after that.");
ABSL_FLAG(absl::Duration, max_connection_age, absl::Minutes(5),
          "How long a connection lives, so that callers find new replicas.");
ABSL_FLAG(int, max_request_bytes, 4 << 20,
          "How large a request may be; a larger one is RESOURCE_EXHAUSTED.");
ABSL_FLAG(std::string, trace_target, "",
          "gRPC target of an OpenTelemetry collector that takes OTLP, such as "
          "dns:///collector:4317, to which spans are sent; none are made where "
          "empty.");
ABSL_FLAG(double, trace_ratio, 0.01,
          "Which part of the traces that begin here is sampled, 0 to 1. A call "
          "with a traceparent is sampled as its caller says.");
ABSL_FLAG(std::string, trace_tls_ca_file, "",
          "Certificate authorities of the collector; plaintext where empty.");

namespace kith::rpc {

ProcessOptions ProcessOptions::FromFlags() {
  return {.listen_address = absl::GetFlag(FLAGS_listen_address),
          .ops_address = absl::GetFlag(FLAGS_ops_address),
          .address_file = absl::GetFlag(FLAGS_address_file),
          .keys_file = absl::GetFlag(FLAGS_keys_file),
          .tenants_file = absl::GetFlag(FLAGS_tenants_file),
          .issuers_file = absl::GetFlag(FLAGS_issuers_file),
          .tls = {.certificate = absl::GetFlag(FLAGS_tls_certificate_file),
                  .key = absl::GetFlag(FLAGS_tls_key_file),
                  .ca = absl::GetFlag(FLAGS_tls_ca_file)},
          .allow_plaintext = absl::GetFlag(FLAGS_allow_plaintext),
          .reflection = absl::GetFlag(FLAGS_reflection),
          .drain_delay = absl::GetFlag(FLAGS_drain_delay),
          .drain_timeout = absl::GetFlag(FLAGS_drain_timeout),
          .max_connection_age = absl::GetFlag(FLAGS_max_connection_age),
          .max_request_bytes = absl::GetFlag(FLAGS_max_request_bytes),
          .trace_target = absl::GetFlag(FLAGS_trace_target),
          .trace_ratio = absl::GetFlag(FLAGS_trace_ratio),
          .trace_tls_ca_file = absl::GetFlag(FLAGS_trace_tls_ca_file)};
}

std::shared_ptr<const auth::LiveKeys> ProcessOptions::LoadKeys(
    std::vector<std::string>& faults) const {
  if (keys_file.empty() || tenants_file.empty()) return nullptr;
  auto keys = auth::LiveKeys::Load(key_files());
  if (keys.ok()) return *std::move(keys);
  faults.emplace_back(keys.status().message());
  return nullptr;
}

bool CheckAddress(const std::string& flag, const std::string& address,
                  std::vector<std::string>& faults) {
  const size_t colon = address.rfind(':');
  int port = -1;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > 65535) {
    faults.push_back(absl::StrCat("--", flag, ": \"", address,
                                  R"(", want one such as "127.0.0.1:7700")"));
    return false;
  }
  return true;
}

void ProcessOptions::Validate(std::vector<std::string>& faults) const {
  CheckListenAddress("listen_address", listen_address, faults);
  CheckAddress("ops_address", ops_address, faults);
  tls.Validate("tls", faults);
  if (tls.certificate.empty() && !tls.ca.empty()) {
    faults.emplace_back("--tls_ca_file: want --tls_certificate_file as well");
  }
  if (keys_file.empty()) faults.emplace_back("--keys_file: not given");
  if (tenants_file.empty()) faults.emplace_back("--tenants_file: not given");
  const auto check = [&](const char* flag, absl::Duration value,
                         absl::Duration least, absl::Duration most) {
    if (value >= least && value <= most) return;
    faults.push_back(absl::StrCat("--", flag, ": ", absl::FormatDuration(value),
                                  ", want ", absl::FormatDuration(least),
                                  " to ", absl::FormatDuration(most)));
  };
  check("drain_delay", drain_delay, absl::ZeroDuration(), absl::Minutes(10));
  check("drain_timeout", drain_timeout, absl::ZeroDuration(),
        absl::Minutes(10));
  check("max_connection_age", max_connection_age, absl::Seconds(1),
        absl::Hours(24));
  if (max_request_bytes < 1024) {
    faults.push_back(absl::StrCat("--max_request_bytes: ", max_request_bytes,
                                  ", want 1024 or more"));
  }
  CheckTraces(faults);
}

void ProcessOptions::CheckListenAddress(
    const std::string& flag, const std::string& address,
    std::vector<std::string>& faults) const {
  if (CheckAddress(flag, address, faults) && tls.certificate.empty() &&
      !allow_plaintext) {
    CheckPlainLink(flag, address, "tls_certificate_file", faults);
  }
}

void ProcessOptions::CheckTraces(std::vector<std::string>& faults) const {
  if (std::isnan(trace_ratio) || trace_ratio < 0 || trace_ratio > 1) {
    faults.push_back(
        absl::StrCat("--trace_ratio: ", trace_ratio, ", want 0 to 1"));
  }
  TlsFiles{/*certificate=*/"", /*key=*/"", trace_tls_ca_file}.Validate(
      "trace_tls", faults);
  if (!trace_target.empty() && trace_tls_ca_file.empty() && !allow_plaintext) {
    CheckPlainLink("trace_target", trace_target, "trace_tls_ca_file", faults);
  }
}

}  // namespace kith::rpc
