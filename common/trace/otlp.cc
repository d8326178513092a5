#include "common/trace/otlp.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::trace {
namespace {

using internal::v1::Attribute;

// The version of the names of attributes.
constexpr char kSchema[] = "https://opentelemetry.io/schemas/1.24.0";

// What W3C's flags say of a trace that is sampled.
constexpr uint32_t kSampled = 1;

void AddText(const char* key, absl::string_view value,
             google::protobuf::RepeatedPtrField<Attribute>& attributes) {
  Attribute& added = *attributes.Add();
  added.set_key(key);
  added.mutable_value()->set_string_value(std::string(value));
}

void AddAttribute(const SpanData::Attribute& attribute,
                  google::protobuf::RepeatedPtrField<Attribute>& attributes) {
  const auto& [key, value] = attribute;
  if (const auto* text = absl::get_if<std::string>(&value)) {
    AddText(key, *text, attributes);
    return;
  }
  Attribute& added = *attributes.Add();
  added.set_key(key);
  added.mutable_value()->set_int_value(absl::get<int64_t>(value));
}

uint64_t Nanos(absl::Time time) {
  return static_cast<uint64_t>(absl::ToUnixNanos(time));
}

void PutSpan(const SpanData& from, internal::v1::Span& to) {
  to.set_trace_id(absl::HexStringToBytes(from.trace_id));
  to.set_span_id(absl::HexStringToBytes(from.span_id));
  to.set_parent_span_id(absl::HexStringToBytes(from.parent_id));
  to.set_flags(kSampled);
  to.set_name(from.name);
  to.set_kind(from.side == Side::kServer ? internal::v1::SPAN_KIND_SERVER
                                         : internal::v1::SPAN_KIND_CLIENT);
  to.set_start_time_unix_nano(Nanos(from.start));
  // The clock may have been set back meanwhile.
  to.set_end_time_unix_nano(Nanos(std::max(from.start, from.end)));
  for (const auto& attribute : from.attributes) {
    AddAttribute(attribute, *to.mutable_attributes());
  }
  for (const auto& [trace_id, span_id] : from.links) {
    internal::v1::SpanLink& link = *to.add_links();
    link.set_trace_id(absl::HexStringToBytes(trace_id));
    link.set_span_id(absl::HexStringToBytes(span_id));
    link.set_flags(kSampled);
  }
  if (from.failed) {
    to.mutable_status()->set_code(internal::v1::SPAN_STATUS_CODE_ERROR);
  }
}

}  // namespace

internal::v1::ExportSpansRequest ExportRequest(const Resource& resource,
                                               const SpanQueue::Spans& spans) {
  internal::v1::ExportSpansRequest request;
  internal::v1::ResourceSpans& process = *request.add_resource_spans();
  process.set_schema_url(kSchema);
  auto& attributes = *process.mutable_resource()->mutable_attributes();
  AddText("service.name", resource.service_name, attributes);
  AddText("service.version", resource.service_version, attributes);
  internal::v1::ScopeSpans& scope = *process.add_scope_spans();
  scope.set_schema_url(kSchema);
  scope.mutable_scope()->set_name("kith");
  scope.mutable_scope()->set_version(resource.service_version);
  for (const auto& span : spans) PutSpan(*span, *scope.add_spans());
  return request;
}

}  // namespace kith::trace
