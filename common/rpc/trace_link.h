#ifndef KITH_COMMON_RPC_TRACE_LINK_H_
#define KITH_COMMON_RPC_TRACE_LINK_H_

#include <memory>
#include <string>

#include "common/rpc/process_options.h"
#include "common/trace/exporter.h"

namespace kith::rpc {

// Starts to record the spans of this process and to send them by OTLP over gRPC
// to options.trace_target. `version` is that of Kith; the service has the name
// of the program. Returns null if there is no target.
std::unique_ptr<trace::Exporter> ExportTraces(const ProcessOptions& options,
                                              const std::string& version);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_TRACE_LINK_H_
